import { TransportError } from "../errors.js";
import { buildRequest } from "./request.js";
import { decodeBody } from "./response.js";

/**
 * Calls an operation. The promise gives the body or throws; its method `safe` gives every outcome as a value.
 */
export function call(client, operation, input, options) {
  const outcome = send(client, operation, input ?? {}, options ?? {});
  const body = outcome.then((result) => {
    if (result.ok) return result.body;
    throw result;
  });
  const safe = () => {
    body.catch(() => {});
    return outcome;
  };
  return Object.assign(body, { safe });
}

/** Attempts, until one succeeds, cannot be helped, or is the last. */
async function send(client, operation, input, options) {
  const settings = { ...client, ...defined(options) };
  const request = buildRequest(client, operation, input, options);
  const mayRepeat = request.isIdempotent && !(request.init.body instanceof ReadableStream);
  const deadline = Date.now() + (settings.totalTimeoutMs ?? Infinity);
  for (let attempt = 1; ; attempt++) {
    const info = { operation: operation.name, method: request.init.method, attempt };
    const outcome = await attemptOnce(settings, operation, request, info, deadline);
    if (outcome.ok) return outcome;
    for (const hook of settings.hooks) await hook.error?.(outcome, info);
    if (!mayRepeat || attempt > settings.retries || !isTransient(outcome)) return outcome;
    const wait = delay(settings, outcome, attempt);
    if (Date.now() + wait >= deadline) return outcome;
    if (!(await sleep(wait, settings.signal))) return new TransportError("aborted", operation.name, attempt, outcome);
  }
}

/** One request with its time limit: an outcome, or what a hook or a credential threw. */
async function attemptOnce(settings, operation, request, info, deadline) {
  const { signal } = settings;
  const controller = new AbortController();
  let kind = "network";
  const fail = (cause = signal?.reason) => new TransportError(kind, info.operation, info.attempt, cause);
  const stop = (why) => {
    kind = why;
    controller.abort();
  };
  const abort = () => stop("aborted");
  const timer = setTimeout(stop, Math.min(settings.timeoutMs, deadline - Date.now(), 2 ** 31 - 1), "timeout");
  const stopped = new Promise((_, reject) => {
    controller.signal.onabort = () => reject(fail());
  });
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    return await Promise.race([exchange(settings, operation, request, info, controller.signal, fail), stopped]);
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

async function exchange(settings, operation, { url, init }, info, signal, fail) {
  const { auth, fetch = globalThis.fetch, hooks } = settings;
  const target = new URL(url);
  const headers = new Headers(init.headers);
  let redirect = operation.redirect ?? "follow";
  for (const [credential, place, name, authorizer] of operation.auth ?? []) {
    const given = auth[credential];
    const value = typeof given === "function" ? await given({ ...info, authorizer }) : given;
    if (value === undefined || headers.has(name)) continue;
    if (place === "query") target.searchParams.set(name, value);
    else if (/^authorization$/i.test(name)) headers.set(name, / /.test(value) ? value : `Bearer ${value}`);
    else {
      headers.set(name, value);
      // fetch would hand this header on to wherever a redirect leads.
      redirect = "manual";
    }
  }
  if (signal.aborted) throw fail();
  let request = new Request(target, { ...init, headers, redirect, signal });
  for (const hook of hooks) request = (await hook.request?.(request, info)) ?? request;
  if (operation.iam && auth.iam) request = await auth.iam(request, info);
  const response = await fetch(request).catch((cause) => Promise.reject(fail(cause)));
  for (const hook of hooks) await hook.response?.(response, info);
  return decodeBody(operation, response, info, fail);
}

/** Throttling, failures on the way and of the server. A quota that is used up stays so. */
function isTransient(outcome) {
  const { status, kind, errorType, body } = outcome;
  if (kind) return kind === "network" || kind === "timeout";
  if (status === 429) return errorType !== "LimitExceededException" && body?.message !== "Limit Exceeded";
  return status >= 500 && status !== 501;
}

/** The server's wish, or full jitter over an exponentially growing span; milliseconds. */
function delay({ retryDelayMs, maxRetryDelayMs }, { retryAfterMs }, attempt) {
  return Math.min(retryAfterMs ?? Math.random() * retryDelayMs * 2 ** (attempt - 1), maxRetryDelayMs);
}

/** Whether the time has passed without the signal. */
function sleep(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve(!signal?.aborted);
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}

/** Options without those that are undefined. */
export function defined(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
