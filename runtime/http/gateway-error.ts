/** A failure that becomes a gateway response (aws-behaviour.md section 16). Carries nothing internal to the client. */
export class GatewayError extends Error {
  constructor(
    /** Gateway response type, which decides status, error type and customisation. */
    readonly type: GatewayErrorType,
    /** `$context.error.message`; undefined: the type's default message. */
    readonly publicMessage?: string,
    readonly options: {
      /** Status where AWS gives another than the type's default. */
      readonly status?: number;
      /** `$context.error.validationErrorString`. */
      readonly validationErrors?: string;
      /** `x-amzn-ErrorType` where AWS gives another than the type's default. */
      readonly errorType?: string;
      /** Flat list, added to the answer's. */
      readonly headers?: readonly string[];
      /** Name of the WAF rule that blocked the request; for the execution log. */
      readonly rule?: string;
      /** What the client has done wrong, for the execution log at the level info. */
      readonly note?: string;
      /** For the execution log only; it is our side that has to be looked at. */
      readonly detail?: string;
    } = {},
  ) {
    super(publicMessage ?? type);
  }
}

export type GatewayErrorType =
  | "ACCESS_DENIED"
  | "API_CONFIGURATION_ERROR"
  | "AUTHORIZER_CONFIGURATION_ERROR"
  | "AUTHORIZER_FAILURE"
  | "BAD_REQUEST_BODY"
  | "BAD_REQUEST_PARAMETERS"
  | "EXPIRED_TOKEN"
  | "INTEGRATION_FAILURE"
  | "INTEGRATION_TIMEOUT"
  | "INVALID_API_KEY"
  | "INVALID_SIGNATURE"
  | "MISSING_AUTHENTICATION_TOKEN"
  | "QUOTA_EXCEEDED"
  | "REQUEST_TOO_LARGE"
  | "REQUEST_URI_TOO_LONG"
  | "RESOURCE_NOT_FOUND"
  | "THROTTLED"
  | "UNAUTHORIZED"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "WAF_FILTERED";
