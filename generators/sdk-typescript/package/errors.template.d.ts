/**
 * The server answered, and the status says that the call failed. The guards of the operations (`isGetOrderError` …) give
 * `status` and `body` their types.
 */
export declare class ApiError<Status extends number = number, Body = unknown> extends Error {
  readonly name: "ApiError";
  readonly ok: false;
  /** Name of the function that was called. */
  readonly operation: string;
  readonly status: Status;
  /** Decoded by its content type: JSON, text, or a Blob. What is declared as JSON and is none comes as text. */
  readonly body: Body;
  readonly headers: Headers;
  /** API Gateway's id of the request, for its owner's logs. In browsers only where the API exposes the header. */
  readonly requestId: string | undefined;
  /** API Gateway's name for an answer of its own, such as `TooManyRequestsException` or `LimitExceededException`. */
  readonly errorType: string | undefined;
  /** What the server asks for in `Retry-After`. */
  readonly retryAfterMs: number | undefined;
  /** Attempts, this one included. */
  readonly attempts: number;
  static [Symbol.hasInstance](value: unknown): value is ApiError;
}

/** There is no usable answer. */
export declare class TransportError extends Error {
  readonly name: "TransportError";
  readonly ok: false;
  readonly status: undefined;
  /**
   * `network`: no answer, or it broke off. `timeout`: time ran out. `aborted`: the caller's signal. `decode`: a success
   * whose body is not what its content type says.
   */
  readonly kind: "network" | "timeout" | "aborted" | "decode";
  readonly operation: string;
  /** Attempts, the last one included. */
  readonly attempts: number;
}

/** Body of most answers that API Gateway gives itself. */
export interface GatewayMessage {
  readonly message: string | null;
}

/** Body of a 403 that API Gateway gives itself; a policy's refusal is written with a capital. */
export interface AccessDeniedMessage {
  readonly message?: string | null;
  readonly Message?: string | null;
}
