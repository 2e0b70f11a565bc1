/** What API Gateway answers itself, by the names that `errors` in gateway.yaml has for it. `gatewayAnswer` tells which it was. */
export type GatewayAnswer =
  | "ACCESS_DENIED"
  | "API_CONFIGURATION_ERROR"
  | "AUTHORIZER_CONFIGURATION_ERROR"
  | "AUTHORIZER_FAILURE"
  | "BAD_REQUEST_BODY"
  | "BAD_REQUEST_PARAMETERS"
  /** A wrong request, of which no more is known. */
  | "DEFAULT_4XX"
  /** A failure of which no more is known: of the function, or of the API itself. */
  | "DEFAULT_5XX"
  | "EXPIRED_TOKEN"
  | "INTEGRATION_FAILURE"
  | "INTEGRATION_TIMEOUT"
  /** No API key, or a wrong one. The firewall's refusal looks the same. */
  | "INVALID_API_KEY"
  | "INVALID_SIGNATURE"
  /** No credentials, or no such route. */
  | "MISSING_AUTHENTICATION_TOKEN"
  /** For longer than a retry can wait. */
  | "QUOTA_EXCEEDED"
  | "REQUEST_TOO_LARGE"
  | "RESOURCE_NOT_FOUND"
  /** For a moment: calls that may be repeated have been. */
  | "THROTTLED"
  | "UNAUTHORIZED"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "WAF_FILTERED";

/**
 * The server answered, and the status says that the call failed. The guards of the operations (`isGetOrderError` …) give
 * `status` and `body` their types.
 */
export declare class ApiError<
  Status extends number = number,
  Body = unknown,
  Gateway extends GatewayAnswer = GatewayAnswer,
> extends Error {
  /** Types only: what `gatewayAnswer` may say. */
  readonly "~gateway"?: readonly Gateway[];
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

/**
 * Which of API Gateway's own answers an error is; undefined: the backend's. `isGetOrderError(error) && error.status === 429` leaves
 * `"THROTTLED" | "QUOTA_EXCEEDED"`. It is told by the header `x-amzn-ErrorType`; HTTP APIs send none and browsers see none that the API
 * does not expose, so there by the message, which a backend may have given as well.
 */
export declare function gatewayAnswer<Gateway extends GatewayAnswer>(error: {
  readonly status: number;
  readonly body: unknown;
  readonly errorType: string | undefined;
  readonly "~gateway"?: readonly Gateway[];
}): Gateway | undefined;
