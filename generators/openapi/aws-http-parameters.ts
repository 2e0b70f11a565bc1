import type { Integration, ParameterMapping } from "../../src/model/integrations.js";
import type { JsonValue } from "../../src/model/types.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";
import { firstClassParameters } from "./aws-service.js";
import { httpExpression } from "./http-expressions.js";

/**
 * `requestParameters` of an integration of an HTTP API: `overwrite:header.x` and the like; null removes a parameter.
 * `{name}` in a URI is the route's own path parameter there and needs no mapping (aws-behaviour.md section 28.2).
 */
export function planHttpApiRequest(integration: Integration): JsonObject {
  if (integration.kind === "aws") return objectOf(firstClassParameters(integration));
  const { headers, query, path } = integration.request;
  return objectOf([
    ...headers.map((mapping) => overwrite("header", mapping)),
    ...query.map((mapping) => overwrite("querystring", mapping)),
    ...path.filter(({ name }) => name === "").map((mapping) => overwrite("path", mapping)),
  ]);
}

/** `responseParameters` by the backend's status. */
export function planHttpApiResponses(integration: Integration): JsonObject {
  return objectOf(
    integration.responses.map((response) => {
      const status = response.pattern ?? String(response.status);
      const changes: (readonly [string, JsonValue])[] = response.headers.map((mapping) => overwrite("header", mapping));
      if (status !== String(response.status)) changes.push(["overwrite:statuscode", String(response.status)]);
      return [status, objectOf(changes)];
    }),
  );
}

function overwrite(place: string, { name, value }: ParameterMapping): readonly [string, string] {
  const target = name === "" ? place : `${place}.${name}`;
  const expression = httpExpression(value);
  return expression === undefined ? [`remove:${target}`, "''"] : [`overwrite:${target}`, expression];
}
