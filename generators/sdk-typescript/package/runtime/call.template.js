import { TransportError } from "../errors.js";
import { defined } from "./defined.js";
import { buildRequest } from "./request.js";
import { decodeResponse } from "./response.js";

/** Calls an operation. The promise gives the body or throws; its method `safe` gives every outcome as a value. */
export function call(client, operation, input = {}, options = {}) {
  const run = () => send(client, operation, input, options);
  const outcome = client.validator?.(operation.name, input, run) ?? run();
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
  const settings = {
    ...client,
    ...defined(options),
    middleware: [...client.middleware, ...(options.middleware ?? [])],
  };
  const { retries, hooks, signal, timeoutMs, totalTimeoutMs = Infinity } = settings;
  const request = buildRequest(client, operation, input, options);
  const deadline = Date.now() + totalTimeoutMs;
  for (let attempt = 1; ; attempt++) {
    const info = { operation: operation.name, method: request.method, attempt };
    const fail = (kind, cause) => new TransportError(kind, info, cause);
    const outcome = await limited(Math.min(timeoutMs, deadline - Date.now()), signal, fail, operation.decode, (limit) =>
      exchange(settings, operation, request, info, limit, fail),
    );
    if (outcome.ok) return outcome;
    for (const hook of hooks) await hook.error?.(outcome, info);
    if (attempt > retries || !request.isRepeatable || !isTransient(outcome)) return outcome;
    // The server's wish, or full jitter over an exponentially growing span.
    const wish = outcome.retryAfterMs ?? Math.random() * settings.retryDelayMs * 2 ** (attempt - 1);
    const wait = Math.min(wish, settings.maxRetryDelayMs);
    if (Date.now() + wait >= deadline) return outcome;
    const woken = await limited(wait, signal, fail, false, () => new Promise(() => {}));
    if (woken.kind === "aborted") return woken;
  }
}

/** Does some work within a time and while the caller's signal lasts; else yields what `fail` makes of the reason. */
async function limited(ms, signal, fail, goesOn, work) {
  const controller = new AbortController();
  const limit = controller.signal;
  const abort = () => controller.abort(fail("aborted", signal.reason));
  const timer = setTimeout(() => controller.abort(fail("timeout")), Math.min(ms, 1e9));
  const stopped = new Promise((resolve) => {
    limit.onabort = () => resolve(limit.reason);
  });
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    return await Promise.race([stopped, work(limit)]);
  } finally {
    clearTimeout(timer);
    // A stream goes on after its call, and the caller may still give it up.
    if (!goesOn) signal?.removeEventListener("abort", abort);
  }
}

/** One request and its answer. */
async function exchange(settings, operation, { url, headers, ...init }, info, signal, fail) {
  const { fetch, hooks, middleware } = settings;
  const auth = settings.auth();
  const target = new URL(url);
  const sent = new Headers(headers);
  let { redirect } = operation;
  for (const [credential, place, name, authorizer] of operation.auth ?? []) {
    const given = auth[credential];
    const value = typeof given === "function" ? await given({ ...info, authorizer }) : given;
    if (value === undefined || sent.has(name)) continue;
    if (place === "query") target.searchParams.set(name, value);
    else if (place === "bearer") sent.set(name, / /.test(value) ? value : `Bearer ${value}`);
    else {
      sent.set(name, value);
      // fetch would hand this header on to wherever a redirect leads.
      redirect = "manual";
    }
  }
  let request = new Request(target, { ...init, headers: sent, redirect, signal });
  for (const hook of hooks) request = (await hook.request?.(request, info)) ?? request;
  if (operation.iam && auth.iam) request = await auth.iam(request, info);
  const response = await middleware
    .reduceRight(
      (next, layer) => async (request) => layer(request, next, info),
      fetch,
    )(request)
    .catch((cause) => fail("network", cause));
  if (response.kind) return response;
  for (const hook of hooks) await hook.response?.(response, info);
  return (operation.decode ?? decodeResponse)(operation, response, info, fail);
}

/** Throttling, failures on the way and of the server. A quota that is used up stays so. */
function isTransient({ status, kind, errorType, body }) {
  if (status === 429) return errorType !== "LimitExceededException" && body?.message !== "Limit Exceeded";
  return ["network", "timeout"].includes(kind) || (status >= 500 && status !== 501);
}
