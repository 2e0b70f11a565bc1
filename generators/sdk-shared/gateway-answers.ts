import { byName } from "../../src/model/by-name.js";
import { builtInStatus } from "../../src/model/gateway-answers.js";
import type { GatewayModel, GatewayResponse, GatewayResponseType } from "../../src/model/gateway-model.js";
import type { Integration } from "../../src/model/integrations.js";
import type { Route } from "../../src/model/routes.js";
import { templateShape } from "../../src/model/template-shape.js";
import type { Type } from "../../src/model/types.js";
import { upperFirst } from "../emit/names.js";

/** Shape of an answer that API Gateway gives itself; of a customised template where that is JSON, `unknown` where not. */
export type GatewayBody = "message" | "access-denied" | "unknown" | CustomBody;

/** Body that the file gives a gateway response. */
export interface CustomBody {
  /** `DEFAULT_4XX` is `Default4xxBody`. */
  readonly name: string;
  readonly response: GatewayResponseType;
  readonly type: Type;
}

/** An answer of API Gateway itself that a caller of a route may get. */
export interface GatewayAnswer {
  readonly type: GatewayResponseType;
  readonly status: number;
  readonly body: GatewayBody;
}

/** Bodies of the gateway responses that the file gives a JSON template, by response type. */
export type CustomBodies = ReadonlyMap<GatewayResponseType, CustomBody>;

export function customBodies({ kind, gatewayResponses }: GatewayModel): CustomBodies {
  if (kind === "http") return new Map();
  return new Map(
    gatewayResponses.flatMap(({ type: response, templates }): [GatewayResponseType, CustomBody][] => {
      const template = templates.find(({ mediaType }) => mediaType === "application/json");
      const type = template && templateShape(template.template);
      return type ? [[response, { name: bodyName(response), response, type }]] : [];
    }),
  );
}

function bodyName(response: GatewayResponseType): string {
  const words = response.toLowerCase().split("_");
  return `${words.map(upperFirst).join("")}Body`;
}

/** What API Gateway may answer on a route instead of the integration (aws-behaviour.md sections 16 and 28). */
export function gatewayAnswers(route: Route, model: GatewayModel, custom: CustomBodies): readonly GatewayAnswer[] {
  if (model.kind === "http")
    return httpStatuses(route).flatMap((status) =>
      httpTypes(status).map((type) => ({ type, status, body: "message" })),
    );
  return restTypes(route, model).map((type) => ({ type, ...answerOf(type, model.gatewayResponses, custom) }));
}

/** HTTP APIs have no gateway responses; REST APIs call the same failures so. */
function httpTypes(status: number): readonly GatewayResponseType[] {
  switch (status) {
    case 401:
      return ["UNAUTHORIZED"];
    case 403:
      return ["ACCESS_DENIED"];
    case 413:
      return ["REQUEST_TOO_LARGE"];
    case 429:
      return ["THROTTLED"];
    case 500:
      return ["API_CONFIGURATION_ERROR"];
    default:
      return ["INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"];
  }
}

/** HTTP APIs know no gateway responses: a fixed set of statuses, each with a message. */
export function httpStatuses(route: Route): readonly number[] {
  const { authorization, body, integration } = route;
  return [
    ...(authorization.kind === "none" ? [] : authorization.kind === "iam" ? [403] : [401, 403]),
    ...(body || route.method === "ANY" ? [413] : []),
    429,
    500,
    ...(integration.kind === "mock" ? [] : [503]),
  ];
}

/** Gateway responses that a route of a REST API may give. */
export function restTypes(route: Route, model: GatewayModel): readonly GatewayResponseType[] {
  const { validation, integration } = route;
  const takesBody = route.body !== undefined || route.method === "ANY";
  return [
    ...(validation.parameters ? (["BAD_REQUEST_PARAMETERS"] as const) : []),
    ...(validation.body ? (["BAD_REQUEST_BODY"] as const) : []),
    ...authorizationTypes(route, model),
    ...(model.policy === undefined ? [] : (["ACCESS_DENIED"] as const)),
    ...(route.apiKeyRequired ? (["INVALID_API_KEY", "QUOTA_EXCEEDED"] as const) : []),
    ...(takesBody ? (["REQUEST_TOO_LARGE"] as const) : []),
    ...(takesBody && refusesMediaTypes(integration) ? (["UNSUPPORTED_MEDIA_TYPE"] as const) : []),
    "THROTTLED",
    "API_CONFIGURATION_ERROR",
    ...(integration.kind === "lambda" ? (["DEFAULT_5XX"] as const) : []),
    ...(integration.kind === "mock" ? [] : (["INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"] as const)),
  ];
}

function authorizationTypes({ authorization }: Route, model: GatewayModel): readonly GatewayResponseType[] {
  if (authorization.kind === "none") return [];
  if (authorization.kind === "iam")
    return ["MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "ACCESS_DENIED"];
  const authorizer = byName(model.authorizers).get(authorization.name);
  const refusals = ["UNAUTHORIZED", "ACCESS_DENIED"] as const;
  return authorizer?.kind === "lambda"
    ? [...refusals, "AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"]
    : [...refusals, "AUTHORIZER_CONFIGURATION_ERROR"];
}

/** Section 11: with NEVER a type without a template is refused, with WHEN_NO_TEMPLATES once there is any template. */
function refusesMediaTypes(integration: Integration): boolean {
  if ("proxy" in integration && integration.proxy) return false;
  if (integration.passthrough === "NEVER") return true;
  return integration.passthrough === "WHEN_NO_TEMPLATES" && integration.request.templates.length > 0;
}

/** The type's own customisation, else that of its class, else what is built in. */
export function answerOf(
  type: GatewayResponseType,
  customised: readonly GatewayResponse[],
  custom: CustomBodies,
): Omit<GatewayAnswer, "type"> {
  const builtIn = builtInStatus(type);
  const own = customised.find((response) => response.type === type);
  const response = own ?? customised.find((other) => other.type === (builtIn < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"));
  const status = response?.status ?? builtIn;
  if (response !== undefined && response.templates.length > 0 && type !== "REQUEST_TOO_LARGE")
    return { status, body: custom.get(response.type) ?? "unknown" };
  return { status, body: type === "ACCESS_DENIED" ? "access-denied" : "message" };
}
