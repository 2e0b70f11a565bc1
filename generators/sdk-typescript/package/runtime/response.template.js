import { ApiError } from "../errors.js";

/** The outcome of an answer, its body decoded by its content type. */
export async function decodeResponse(operation, response, info, fail) {
  const { status, headers } = response;
  const ok = status > 199 && status < (operation.below ?? 300);
  const type = headers.get("content-type") ?? "";
  const isJson = /^[^;]+[/+]json *(;|$)/i.test(type);
  const isText = /^(text\/|[^;]+[/+]xml)/i.test(type);
  let body = await response.blob().catch((cause) => fail("network", cause));
  if (body.kind) return body;
  // Declared bytes stay what they are, also where there are none.
  if (!(ok && operation.binary?.(status, type))) {
    if (!body.size) body = isText ? "" : undefined;
    else if (!type || isText || isJson) body = await body.text();
    if (isJson && body) {
      try {
        body = (operation.parse ?? JSON.parse)(body, operation, status);
      } catch (cause) {
        if (ok) return fail("decode", cause);
      }
    }
  }
  const requestId = headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? undefined;
  const outcome = { ok, status, headers, body, requestId, attempts: info.attempt };
  return ok ? outcome : new ApiError(info, outcome);
}
