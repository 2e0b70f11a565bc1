import { invariant } from "../../src/invariant.js";
import { gatewayCors } from "../../src/model/cors.js";
import type { GatewayModel, GatewayResponse } from "../../src/model/gateway-model.js";
import { errorCorsHeaders } from "../emit/error-cors.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { gatewayResponseExpression, staticExpression } from "./rest-expressions.js";

/**
 * `x-amazon-apigateway-gateway-responses`: those of the file, and CORS headers on all errors, since a browser shows an
 * error to its page only with them. A type with an entry of its own inherits nothing from DEFAULT_4XX and DEFAULT_5XX
 * (aws-behaviour.md section 16), so each entry gets the headers.
 */
export function planGatewayResponses(model: GatewayModel): JsonObject {
  const cors = gatewayCors(model);
  const extra = cors ? errorCorsHeaders(cors) : [];
  const entries = new Map<string, JsonObject>();
  for (const response of model.gatewayResponses) entries.set(response.type, planEntry(response, extra));
  if (cors) {
    for (const type of ["DEFAULT_4XX", "DEFAULT_5XX"] as const) {
      if (!entries.has(type)) entries.set(type, planEntry(bareResponse(type), extra));
    }
  }
  return objectOf(entries);
}

function bareResponse(type: GatewayResponse["type"]): GatewayResponse {
  return { type, status: undefined, headers: [], templates: [] };
}

function planEntry(response: GatewayResponse, extra: readonly (readonly [string, string])[]): JsonObject {
  const own = new Set(response.headers.map(({ name }) => name.toLowerCase()));
  const headers = [
    ...response.headers.map(({ name, value }) => [name, headerExpression(value)] as const),
    ...extra
      .filter(([name]) => !own.has(name.toLowerCase()))
      .map(([name, value]) => [name, staticExpression(value)] as const),
  ];
  return jsonObject({
    statusCode: response.status === undefined ? undefined : String(response.status),
    responseParameters: unlessEmpty(
      objectOf(headers.map(([name, value]) => [`gatewayresponse.header.${name}`, value])),
    ),
    responseTemplates: unlessEmpty(
      objectOf(response.templates.map(({ mediaType, template }) => [mediaType, template])),
    ),
  });
}

function headerExpression(value: GatewayResponse["headers"][number]["value"]): string {
  const expression = gatewayResponseExpression(value);
  invariant(expression !== undefined, "a header of a gateway response is constant or one reference to the request");
  return expression;
}
