/** The server answered, and the status says that the call failed. */
export class ApiError extends Error {
  ok = false;

  constructor(operation, { status, headers, body, requestId, attempts }) {
    const { message = body?.Message } = Object(body);
    super(`${operation}: ${status}${typeof message === "string" ? ` ${message.slice(0, 200)}` : ""}`);
    this.name = "ApiError";
    this.operation = operation;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.requestId = requestId;
    this.attempts = attempts;
    this.errorType = headers.get("x-amzn-errortype")?.split(":")[0];
    this.retryAfterMs = retryAfter(headers.get("retry-after"));
  }
}

/** There is no usable answer: the network failed, time ran out, the caller gave up, or the body could not be read. */
export class TransportError extends Error {
  ok = false;
  status = undefined;

  constructor(kind, operation, attempts, cause) {
    super(`${operation}: ${kind} after ${attempts} attempt${attempts > 1 ? "s" : ""}`, { cause });
    this.name = "TransportError";
    this.kind = kind;
    this.operation = operation;
    this.attempts = attempts;
  }
}

export function isErrorOf(error, { name }) {
  return error instanceof ApiError && error.operation === name;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(value) {
  const ms = /^\d+$/.test(value) ? value * 1000 : Date.parse(value) - Date.now();
  return value && ms < Infinity ? Math.max(0, ms) : undefined;
}
