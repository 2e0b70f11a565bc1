import type { Value } from "../../src/model/expressions.js";
import type { HttpIntegration, Integration, ParameterMapping } from "../../src/model/integrations.js";
import type { JsonValue } from "../../src/model/types.js";
import { referenceText } from "../emit/aws-text.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";
import { firstClassParameters } from "./aws-service.js";
import { httpExpression } from "./http-expressions.js";

/**
 * `requestParameters` of an integration of an HTTP API: `overwrite:header.x` and the like; null removes a parameter
 * (aws-behaviour.md section 28.2).
 */
export function planHttpApiRequest(integration: Integration): JsonObject {
  if (integration.kind === "aws") return objectOf(firstClassParameters(integration));
  const { headers, query } = integration.request;
  return objectOf([
    ...headers.map((mapping) => overwrite("header", mapping)),
    ...query.map((mapping) => overwrite("querystring", mapping)),
    ["overwrite:path", pathOf(integration)],
  ]);
}

function pathOf(integration: Integration): string | undefined {
  if (integration.request.wholePath) return httpExpression(integration.request.wholePath);
  return integration.kind === "http" && integration.request.path.length > 0 ? mappedPath(integration) : undefined;
}

/**
 * The path of an endpoint whose `{name}`s are mapped. By itself `{name}` is the route's own path parameter, and nothing
 * but the whole path can be mapped.
 */
function mappedPath({ uri, request }: HttpIntegration): string | undefined {
  const values = new Map(request.path.map(({ name, value }) => [name, value]));
  const whole = uri.parts.map((part) => {
    if (typeof part === "string") return part;
    const value: Value = (part.kind === "path" ? values.get(part.name) : undefined) ?? {
      kind: "reference",
      reference: part,
    };
    return value.kind === "reference" ? `\${${referenceText(value.reference)}}` : (httpExpression(value) ?? "");
  });
  return /^(?:[a-z]+:\/\/)?[^/]+(\/[^?]*)/.exec(whole.join(""))?.[1];
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

function overwrite(place: string, { name, value, appends }: ParameterMapping): readonly [string, string] {
  const target = `${place}.${name}`;
  if (appends) return [`append:${target}`, httpExpression(value) ?? ""];
  const expression = httpExpression(value);
  return expression === undefined ? [`remove:${target}`, "''"] : [`overwrite:${target}`, expression];
}
