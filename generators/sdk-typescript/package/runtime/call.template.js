import { TransportError } from "../errors.js";
import { authorize } from "./authorize.js";
import { defined } from "./defined.js";
import { limited } from "./limited.js";
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

/** One request and its answer. */
async function exchange(settings, operation, { url, headers, ...init }, info, signal, fail) {
  const { fetch, hooks, middleware } = settings;
  const auth = settings.auth();
  const target = new URL(url);
  const sent = new Headers(headers);
  await authorize(target, sent, operation.auth, auth, info);
  let request = new Request(target, { ...init, headers: sent, redirect: operation.redirect, signal });
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
  return ["network", "timeout"].includes(kind) || (status > 499 && status !== 501);
}
