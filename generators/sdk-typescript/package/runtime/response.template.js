import { ApiError, TransportError } from "../errors.js";

/** The outcome of an answer, its body decoded by its content type. */
export async function decodeBody(operation, response, info, fail) {
  const { status, headers } = response;
  const requestId = headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? undefined;
  const ok = status >= 200 && status < 400 && (status < 300 || operation.redirect !== undefined);
  const bytes = await response.blob().catch((cause) => Promise.reject(fail(cause)));
  const outcome = { ok, status, headers, requestId, attempts: info.attempt, body: bytes };
  const type = headers.get("content-type") ?? "";
  if (bytes.size === 0) outcome.body = /^text\//i.test(type) ? "" : undefined;
  else if (!ok || !operation.binary?.includes(status)) {
    if (/^($|text\/|[^;]+[/+](json|xml) *(;|$))/i.test(type)) outcome.body = await bytes.text();
    if (/^[^;]+[/+]json *(;|$)/i.test(type)) {
      try {
        outcome.body = JSON.parse(outcome.body);
      } catch (cause) {
        if (ok) throw new TransportError("decode", info.operation, info.attempt, cause);
      }
    }
  }
  return ok ? outcome : new ApiError(operation.name, outcome);
}
