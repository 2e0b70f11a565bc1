import type { GatewayModel, GatewayResponseType } from "../../src/model/gateway-model.js";
import { statusText } from "../emit/http-status.js";
import { sampleValue } from "../emit/sample.js";
import { answerOf, customBodies, type GatewayBody, httpStatuses, restTypes } from "../sdk-shared/gateway-answers.js";

/** An answer that the gateway gives instead of an operation. */
export interface OwnAnswer {
  readonly status: number;
  readonly when: string;
  /** JSON; empty where a template makes something else of it. */
  readonly sample: string;
}

/** What callers of any operation may get from the gateway itself, by status. */
export function ownAnswers(model: GatewayModel): readonly OwnAnswer[] {
  const found = model.kind === "http" ? httpAnswers(model) : restAnswers(model);
  return [...found].sort((a, b) => a.status - b.status);
}

/** The header that identifies an answer. */
export function requestIdHeader({ kind }: GatewayModel): string {
  return kind === "http" ? "Apigw-Requestid" : "x-amzn-RequestId";
}

function restAnswers(model: GatewayModel): readonly OwnAnswer[] {
  const custom = customBodies(model);
  const types = new Set<GatewayResponseType>([
    // Of any path that no route has.
    "MISSING_AUTHENTICATION_TOKEN",
    ...model.routes.flatMap((route) => restTypes(route, model)),
    ...(model.waf === undefined ? [] : (["WAF_FILTERED"] as const)),
  ]);
  const answers = new Map<string, OwnAnswer>();
  for (const type of types) {
    const { status, body } = answerOf(type, model.gatewayResponses, custom);
    const [when, message] = reasons[type];
    const answer = { status, when, sample: sampleOf(body, message) };
    // Some types differ in the logs alone.
    answers.set(JSON.stringify(answer), answer);
  }
  return [...answers.values()];
}

function httpAnswers(model: GatewayModel): readonly OwnAnswer[] {
  const statuses = new Set([404, ...model.routes.flatMap(httpStatuses)]);
  return [...statuses].map((status) => ({
    status,
    when: httpReasons[status] ?? statusText(status),
    sample: sampleOf("message", status === 413 ? "Request Entity Too Large" : statusText(status)),
  }));
}

function sampleOf(body: GatewayBody, message: string | null): string {
  if (body === "unknown") return "";
  if (body === "message") return JSON.stringify({ message });
  if (body === "access-denied") return JSON.stringify({ Message: message });
  const value = sampleValue(body.type, () => undefined);
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  const filled = isRecord && "message" in value ? { ...value, message } : value;
  // What a template takes from the request is some text, and never none.
  return JSON.stringify(filled, (_name, member: unknown) => (member === "" ? "…" : member));
}

const misconfigured = "The gateway is not set up as it should be.";
const unidentified = "What says who the caller is has failed.";

/** When each is given, and API Gateway's own message (aws-behaviour.md section 16). */
const reasons: Readonly<Record<GatewayResponseType, readonly [when: string, message: string | null]>> = {
  ACCESS_DENIED: ["The authorizer, or a policy, refuses the caller.", "User is not authorized to access this resource"],
  API_CONFIGURATION_ERROR: [misconfigured, "Internal server error"],
  AUTHORIZER_CONFIGURATION_ERROR: [unidentified, null],
  AUTHORIZER_FAILURE: [unidentified, null],
  BAD_REQUEST_BODY: ["The body is not of its type.", "Invalid request body"],
  BAD_REQUEST_PARAMETERS: ["A parameter is missing, or not of its type.", "Missing required request parameters: […]"],
  DEFAULT_4XX: ["Anything else that is wrong with the request.", "Bad Request"],
  DEFAULT_5XX: ["What is behind the operation has failed.", "Internal server error"],
  EXPIRED_TOKEN: ["The session of the signature has ended.", "The security token included in the request is expired"],
  INTEGRATION_FAILURE: ["What is behind the operation is not there.", "Network error communicating with endpoint"],
  INTEGRATION_TIMEOUT: ["What is behind the operation took too long.", "Endpoint request timed out"],
  INVALID_API_KEY: ["The API key is missing, or not known.", "Forbidden"],
  INVALID_SIGNATURE: [
    "The signature is not that of the request.",
    "The request signature we calculated does not match …",
  ],
  MISSING_AUTHENTICATION_TOKEN: [
    "No operation has this path and method, or the signature is missing.",
    "Missing Authentication Token",
  ],
  QUOTA_EXCEEDED: ["The quota of the API key is used up.", "Limit Exceeded"],
  REQUEST_TOO_LARGE: ["The body is longer than 10 MB.", "HTTP content length exceeded 10485760 bytes."],
  RESOURCE_NOT_FOUND: ["No operation has this path.", "Not Found"],
  THROTTLED: ["More requests than may come at once; later it works.", "Too Many Requests"],
  UNAUTHORIZED: ["The credential is missing, or not valid.", "Unauthorized"],
  UNSUPPORTED_MEDIA_TYPE: ["The operation takes no body of this media type.", "Unsupported Media Type"],
  WAF_FILTERED: ["The firewall refuses the request.", "Forbidden"],
};

const httpReasons: Readonly<Record<number, string>> = {
  401: "The credential is missing, or not valid.",
  403: "The authorizer refuses the caller.",
  404: "No operation has this path and method.",
  413: "The body is longer than 10 MB.",
  429: "More requests than may come at once; later it works.",
  500: "What is behind the operation has failed.",
  503: "What is behind the operation took too long, or is not there.",
};
