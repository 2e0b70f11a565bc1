/** An answer of the gate: the request never reached a route. The connection is closed after it. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly errorType: string;
  /** Seconds after which the client may try again. */
  readonly retryAfter?: number;
}

const badRequest: Refusal = { status: 400, message: "Bad Request", errorType: "BadRequestException" };

/** What the gate says, by what it found. No body says more than AWS does: details are for the log. */
export const refusals = {
  malformed: badRequest,
  host: badRequest,
  target: badRequest,
  framing: badRequest,
  headerName: badRequest,
  version: badRequest,
  method: { status: 405, message: "Method Not Allowed", errorType: "MethodNotAllowedException" },
  url: { status: 414, message: "Request URI too long", errorType: "RequestURITooLongException" },
  headers: {
    status: 431,
    message: "Request Header Fields Too Large",
    errorType: "RequestHeaderFieldsTooLargeException",
  },
  body: {
    status: 413,
    message: "Request Too Long",
    errorType: "RequestTooLargeException",
  },
  forbidden: { status: 403, message: "Forbidden", errorType: "ForbiddenException" },
  misdirected: { status: 421, message: "Misdirected Request", errorType: "MisdirectedRequestException" },
  timeout: { status: 408, message: "Request Timeout", errorType: "RequestTimeoutException" },
  overload: { status: 503, message: "Service Unavailable", errorType: "ServiceUnavailableException", retryAfter: 1 },
  expectation: { status: 417, message: "Expectation Failed", errorType: "BadRequestException" },
} as const satisfies Record<string, Refusal>;

export type RefusalKind = keyof typeof refusals;

/** REST names the limit (developer guide, "Gateway response types"), HTTP APIs do not. */
export function tooLargeMessage(kind: "rest" | "http", maxBodyBytes: number): string {
  return kind === "rest" ? `HTTP content length exceeded ${maxBodyBytes} bytes.` : "Request Entity Too Large";
}

/** Lines of the head that the refusal itself says. */
export function refusalFields(kind: RefusalKind): string {
  const refusal: Refusal = refusals[kind];
  const { errorType, retryAfter } = refusal;
  const length = Buffer.byteLength(refusalBody(refusal));
  const again = retryAfter === undefined ? "" : `Retry-After: ${retryAfter}\r\n`;
  return `Content-Type: application/json\r\nx-amzn-ErrorType: ${errorType}\r\n${again}Content-Length: ${length}\r\n`;
}

export function refusalBody({ message }: Refusal): string {
  return `{"message":${JSON.stringify(message)}}`;
}
