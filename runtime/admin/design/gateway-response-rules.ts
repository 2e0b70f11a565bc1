import { checkGatewayResponseMapping, type ParameterMap } from "./mapping-expression-rules.js";
import { checkMembers, enumMember, statusMember } from "./member-rules.js";

/** PutGatewayResponse. */
export interface GatewayResponseRequest {
  readonly responseType: string;
  readonly statusCode?: string | undefined;
  readonly responseParameters?: ParameterMap | undefined;
}

/** In the order in which AWS lists them. */
export const responseTypes = [
  ...["REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "AUTHORIZER_CONFIGURATION_ERROR", "MISSING_AUTHENTICATION_TOKEN"],
  ...["BAD_REQUEST_BODY", "INVALID_SIGNATURE", "INVALID_API_KEY", "BAD_REQUEST_PARAMETERS", "AUTHORIZER_FAILURE"],
  ...["UNAUTHORIZED", "INTEGRATION_TIMEOUT", "ACCESS_DENIED", "DEFAULT_4XX", "DEFAULT_5XX", "WAF_FILTERED"],
  ...["QUOTA_EXCEEDED", "THROTTLED", "API_CONFIGURATION_ERROR", "UNSUPPORTED_MEDIA_TYPE", "INTEGRATION_FAILURE"],
  "EXPIRED_TOKEN",
];

/** Rules of gateway responses (aws-behaviour 16). @throws AdminProblem */
export function checkGatewayResponse({ responseType, statusCode, responseParameters = {} }: GatewayResponseRequest) {
  checkMembers([enumMember("responseType", responseType, responseTypes), statusMember(statusCode)]);
  checkGatewayResponseMapping(responseParameters);
}
