/** The server answered, and the status says that the call failed. */
export class ApiError extends Error {
  name = "ApiError";

  constructor({ operation }, outcome) {
    const { status, headers, body } = outcome;
    const message = body?.message ?? body?.Message;
    super(`${operation}: ${status}${typeof message === "string" ? ` ${message.slice(0, 200)}` : ""}`);
    Object.assign(this, outcome, {
      operation,
      errorType: headers.get("x-amzn-errortype")?.split(":")[0],
      retryAfterMs: retryAfter(headers.get("retry-after")),
    });
  }
}

/** There is no usable answer: the network failed, time ran out, the caller gave up, or the body could not be read. */
export class TransportError extends Error {
  name = "TransportError";

  constructor(kind, { operation, attempt }, cause) {
    super(`${operation}: ${kind} at attempt ${attempt}`, { cause });
    Object.assign(this, { ok: false, status: undefined, kind, operation, attempts: attempt });
  }
}

export function isErrorOf(error, { name }) {
  return error instanceof ApiError && error.operation === name;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(value) {
  const ms = value * 1000 || Date.parse(value) - Date.now();
  return ms < Infinity ? Math.max(0, ms) : undefined;
}
