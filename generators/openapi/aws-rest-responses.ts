import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Integration, IntegrationResponse } from "../../src/model/integrations.js";
import type { Route } from "../../src/model/routes.js";
import type { JsonValue } from "../../src/model/types.js";
import { type JsonObject, jsonObject, merged, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { statusDirective } from "../emit/vtl-rule.js";
import { answerCors, corsParameters } from "./aws-cors.js";
import { type Override, overrideDirectives, responseTemplates } from "./aws-templates.js";
import { responseExpression } from "./rest-expressions.js";

/**
 * `responses` of a REST integration: by selection pattern, and `default` (aws-behaviour.md section 10). Empty for
 * proxies, whose answers pass as they are.
 */
export function planRestResponses(route: Route, model: GatewayModel): JsonObject {
  const responses = new Map<string, JsonObject>();
  for (const response of route.integration.responses) {
    const key = response.pattern === undefined || response.pattern === "" ? "default" : response.pattern;
    if (!responses.has(key)) responses.set(key, planResponse(response, route, model));
  }
  return objectOf(responses);
}

function planResponse(response: IntegrationResponse, route: Route, model: GatewayModel): JsonObject {
  const cors = route.cors && model.kind === "rest" ? answerCors(route.cors) : undefined;
  const { parameters, overrides } = splitHeaders(response);
  const prelude = (cors?.prelude ?? "") + overrideDirectives(overrides) + statusDirective(response.statusRule);
  return jsonObject({
    statusCode: String(response.status),
    contentHandling: response.contentHandling,
    responseParameters: unlessEmpty(merged(cors ? corsParameters(cors) : {}, parameters)),
    responseTemplates: unlessEmpty(responseTemplates(response, prelude, passedBody(route.integration))),
  });
}

/** What a template has to print for the body to stay as it is; a MOCK has none. */
function passedBody(integration: Integration): string {
  return integration.kind === "mock" ? "" : "$input.body";
}

function splitHeaders(response: IntegrationResponse): {
  readonly parameters: JsonObject;
  readonly overrides: readonly Override[];
} {
  const parameters: [string, JsonValue][] = [];
  const overrides: Override[] = [];
  for (const { name, value } of response.headers) {
    if (value.kind === "constant" && value.value === null) continue;
    const expression = responseExpression(value);
    if (expression === undefined) overrides.push({ target: "responseOverride.header", name, value });
    else parameters.push([`method.response.header.${name}`, expression]);
  }
  return { parameters: objectOf(parameters), overrides };
}

/**
 * Statuses that a route of a REST API answers with, each with headers that must be declared on the method for a mapping
 * to be accepted.
 */
export function restStatuses(route: Route): ReadonlyMap<number, readonly string[]> {
  const statuses = new Map<number, readonly string[]>();
  const corsNames = route.cors ? answerCors(route.cors).names : [];
  for (const response of route.integration.responses) {
    const names = [...(statuses.get(response.status) ?? corsNames), ...response.headers.map(({ name }) => name)];
    statuses.set(response.status, [...new Set(names)]);
  }
  if (statuses.size === 0 && route.responses.length === 0) statuses.set(200, []);
  return statuses;
}
