import type { GatewayErrorType } from "./gateway-error.js";

/** How API Gateway answers a failure of one type when nothing is customised. */
export interface BuiltInResponse {
  readonly status: number;
  /** `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** Null: the body says `null`. */
  readonly message: string | null;
  /** Text between the member's name and its value: recorded answers differ in one blank. */
  readonly shape: '{"message":' | '{"message": ' | '{"Message":';
  readonly isFixed?: true;
}

const compact = '{"message":';
const spaced = '{"message": ';

/** REST APIs: aws-behaviour.md section 16; blanks as recorded in sections 1, 6.6, 9.1, 11, 15 and 17. */
export const restResponses: Readonly<Record<GatewayErrorType, BuiltInResponse>> = {
  ACCESS_DENIED: entry(403, "AccessDeniedException", "User is not authorized to access this resource", '{"Message":'),
  API_CONFIGURATION_ERROR: entry(500, "InternalServerErrorException", "Internal server error", spaced),
  AUTHORIZER_CONFIGURATION_ERROR: entry(500, "AuthorizerConfigurationException", null, compact),
  AUTHORIZER_FAILURE: entry(500, "AuthorizerFailureException", null, compact),
  BAD_REQUEST_BODY: entry(400, "BadRequestException", "Invalid request body", spaced),
  BAD_REQUEST_PARAMETERS: entry(400, "BadRequestException", "Missing required request parameters: []", spaced),
  EXPIRED_TOKEN: entry(403, "ExpiredTokenException", "The security token included in the request is expired", compact),
  INTEGRATION_FAILURE: entry(504, "InternalServerErrorException", "Network error communicating with endpoint", spaced),
  INTEGRATION_TIMEOUT: entry(504, "InternalServerErrorException", "Endpoint request timed out", spaced),
  INVALID_API_KEY: entry(403, "ForbiddenException", "Forbidden", compact),
  INVALID_SIGNATURE: entry(
    403,
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access " +
      "Key and signing method. Consult the service documentation for details.",
    compact,
  ),
  MISSING_AUTHENTICATION_TOKEN: entry(
    403,
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",
    compact,
  ),
  QUOTA_EXCEEDED: entry(429, "LimitExceededException", "Limit Exceeded", compact),
  REQUEST_TOO_LARGE: {
    ...entry(413, "RequestTooLargeException", "HTTP content length exceeded 10485760 bytes.", compact),
    isFixed: true,
  },
  REQUEST_URI_TOO_LONG: {
    ...entry(414, "RequestURITooLongException", "Request URI too long", compact),
    isFixed: true,
  },
  RESOURCE_NOT_FOUND: entry(404, "ResourceNotFoundException", "Not Found", compact),
  THROTTLED: entry(429, "TooManyRequestsException", "Too Many Requests", compact),
  UNAUTHORIZED: entry(401, "UnauthorizedException", "Unauthorized", compact),
  UNSUPPORTED_MEDIA_TYPE: entry(415, "BadRequestException", "Unsupported Media Type", compact),
  WAF_FILTERED: entry(403, "ForbiddenException", "Forbidden", compact),
};

const serverError = entry(500, "InternalServerErrorException", "Internal Server Error", compact);

/** HTTP APIs: aws-behaviour.md sections 1, 9.3 and 28. They send no `x-amzn-ErrorType` and customise nothing. */
export const httpResponses: Readonly<Record<GatewayErrorType, BuiltInResponse>> = {
  ...restResponses,
  ACCESS_DENIED: entry(403, "", "Forbidden", compact),
  API_CONFIGURATION_ERROR: serverError,
  AUTHORIZER_CONFIGURATION_ERROR: serverError,
  AUTHORIZER_FAILURE: serverError,
  BAD_REQUEST_BODY: entry(400, "", "Bad Request", compact),
  BAD_REQUEST_PARAMETERS: entry(400, "", "Bad Request", compact),
  INTEGRATION_FAILURE: entry(503, "", "Service Unavailable", compact),
  INTEGRATION_TIMEOUT: entry(503, "", "Service Unavailable", compact),
  MISSING_AUTHENTICATION_TOKEN: entry(404, "", "Not Found", compact),
  REQUEST_TOO_LARGE: { ...entry(413, "", "Request Entity Too Large", compact), isFixed: true },
};

function entry(
  status: number,
  errorType: string,
  message: string | null,
  shape: BuiltInResponse["shape"],
): BuiltInResponse {
  return { status, errorType, message, shape };
}
