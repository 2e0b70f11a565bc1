import type { GatewayResponseType } from "./gateway-model.js";

/**
 * Status of an answer of API Gateway itself that nothing customises (aws-behaviour.md section 16); a malformed Lambda answer is a
 * 502 of DEFAULT_5XX's class.
 */
export function builtInStatus(type: GatewayResponseType): number {
  switch (type) {
    case "BAD_REQUEST_PARAMETERS":
    case "BAD_REQUEST_BODY":
      return 400;
    case "UNAUTHORIZED":
      return 401;
    case "REQUEST_TOO_LARGE":
      return 413;
    case "UNSUPPORTED_MEDIA_TYPE":
      return 415;
    case "THROTTLED":
    case "QUOTA_EXCEEDED":
      return 429;
    case "RESOURCE_NOT_FOUND":
      return 404;
    case "API_CONFIGURATION_ERROR":
    case "AUTHORIZER_CONFIGURATION_ERROR":
    case "AUTHORIZER_FAILURE":
      return 500;
    case "DEFAULT_5XX":
      return 502;
    case "INTEGRATION_FAILURE":
    case "INTEGRATION_TIMEOUT":
      return 504;
    default:
      return 403;
  }
}
