/** By `x-amzn-ErrorType`, where that says all. */
const types = {
  AccessDeniedException: "ACCESS_DENIED",
  ApiConfigurationException: "API_CONFIGURATION_ERROR",
  AuthorizerConfigurationException: "AUTHORIZER_CONFIGURATION_ERROR",
  AuthorizerFailureException: "AUTHORIZER_FAILURE",
  ExpiredTokenException: "EXPIRED_TOKEN",
  ForbiddenException: "INVALID_API_KEY",
  IncompleteSignatureException: "INVALID_SIGNATURE",
  InvalidSignatureException: "INVALID_SIGNATURE",
  LimitExceededException: "QUOTA_EXCEEDED",
  MissingAuthenticationTokenException: "MISSING_AUTHENTICATION_TOKEN",
  RequestTooLargeException: "REQUEST_TOO_LARGE",
  ResourceNotFoundException: "RESOURCE_NOT_FOUND",
  TooManyRequestsException: "THROTTLED",
  UnauthorizedException: "UNAUTHORIZED",
  WafFilteredException: "WAF_FILTERED",
};

/** By the message, where there is no type. */
const messages = [
  ["THROTTLED", 429, /^Too Many Requests$/],
  ["QUOTA_EXCEEDED", 429, /^Limit Exceeded$/],
  ["UNAUTHORIZED", 401, /^Unauthorized$/],
  ["FORBIDDEN", 403, /^Forbidden$/],
  ["ACCESS_DENIED", 403, /^User (is not authorized|: .* is not authorized)/],
  ["MISSING_AUTHENTICATION_TOKEN", 403, /^Missing Authentication Token$/],
  ["EXPIRED_TOKEN", 403, /^The security token included in the request is expired$/],
  ["INVALID_SIGNATURE", 403, /^The request signature we calculated/],
  ["UNSUPPORTED_MEDIA_TYPE", 415, /^Unsupported Media Type$/],
  ["REQUEST_TOO_LARGE", 413, /^(HTTP content length exceeded|Request Entity Too Large)/],
  ["BAD_REQUEST_BODY", 400, /^Invalid request body$/],
  ["BAD_REQUEST_PARAMETERS", 400, /^Missing required request parameters: /],
  ["DEFAULT_5XX", 500, /^Internal server error$/i],
  ["DEFAULT_5XX", 502, /^Internal server error$/],
  ["INTEGRATION_TIMEOUT", 504, /^Endpoint request timed out$/],
  ["INTEGRATION_FAILURE", 504, /^Network error communicating with endpoint$/],
  ["INTEGRATION_FAILURE", 503, /^Service Unavailable$/],
];

/** Which of API Gateway's own answers an error is. */
export function gatewayAnswer({ status, errorType, body }) {
  const message = String(body?.message ?? body?.Message ?? "");
  switch (errorType) {
    case undefined:
      return messages.find(([, of, text]) => of === status && text.test(message))?.[0];
    case "BadRequestException":
      if (status === 415) return "UNSUPPORTED_MEDIA_TYPE";
      if (message.startsWith("Invalid request body")) return "BAD_REQUEST_BODY";
      return message.startsWith("Missing required request parameters") ? "BAD_REQUEST_PARAMETERS" : "DEFAULT_4XX";
    case "InternalServerErrorException":
      if (message.startsWith("Endpoint request timed out")) return "INTEGRATION_TIMEOUT";
      return message.startsWith("Network error") ? "INTEGRATION_FAILURE" : "DEFAULT_5XX";
    default:
      return Object.hasOwn(types, errorType) ? types[errorType] : undefined;
  }
}
