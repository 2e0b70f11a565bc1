import { invariant } from "../../src/invariant.js";
import type { Reference, Value } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Integration, ParameterMapping } from "../../src/model/integrations.js";
import type { Parameter, Route } from "../../src/model/routes.js";
import { primitive } from "../../src/model/type-builders.js";
import type { JsonValue } from "../../src/model/types.js";
import { type JsonObject, type Members, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { cacheReferences } from "./aws-cache-keys.js";
import { serviceRequest } from "./aws-service.js";
import { type Override, requestTemplates } from "./aws-templates.js";
import { requestExpression } from "./rest-expressions.js";

/** Request side of an integration of a REST API: `requestParameters` and `requestTemplates`. */
export function planRestRequest(route: Route, model: GatewayModel): Members {
  const { integration } = route;
  const declared = [...route.parameters, ...undeclaredParameters(route, model)];
  const mappings = requestMappings(integration).map((mapping) => ({
    ...mapping,
    value: declaredName(mapping.value, declared),
  }));
  const { parameters, overrides } = splitMappings(mappings);
  return {
    requestParameters: unlessEmpty(parameters),
    requestTemplates: unlessEmpty(requestTemplates(integration, route, overrides)),
  };
}

interface PlacedMapping extends ParameterMapping {
  readonly place: "header" | "querystring" | "path";
}

/** All mappings of a request: those of the file, those that `{name}` in an endpoint implies, and the service's. */
function requestMappings(integration: Integration): readonly PlacedMapping[] {
  const { headers, query, path } = integration.request;
  return [
    ...place("path", [...path, ...impliedPathMappings(integration)]),
    ...place("querystring", query),
    ...place("header", [...headers, ...serviceHeaders(integration)]),
  ];
}

/** Headers that a service's protocol wants and the file does not give. */
function serviceHeaders(integration: Integration): readonly ParameterMapping[] {
  if (integration.kind !== "aws") return [];
  const { headers } = integration.request;
  return serviceRequest(integration).headers.filter(({ name }) => !headers.some((own) => isSameHeader(own.name, name)));
}

function place(where: PlacedMapping["place"], mappings: readonly ParameterMapping[]): readonly PlacedMapping[] {
  return mappings.map((mapping) => ({ ...mapping, place: where }));
}

/** `{id}` in a URI is not the client's `{id}` unless it is mapped (aws-behaviour.md section 6.2). */
function impliedPathMappings(integration: Integration): readonly ParameterMapping[] {
  const text = endpointText(integration);
  const mapped = new Set(integration.request.path.map((mapping) => mapping.name));
  const names = new Set(text.flatMap((part) => (typeof part === "object" && part.kind === "path" ? [part.name] : [])));
  return [...names]
    .filter((name) => !mapped.has(name))
    .map((name) => ({ name, value: { kind: "reference", reference: { kind: "path", name } } }));
}

function endpointText(integration: Integration): readonly (string | Reference)[] {
  if (integration.kind === "http") return integration.uri.parts;
  return integration.kind === "aws" && integration.target.kind === "path" ? integration.target.path.parts : [];
}

/** Mappings that AWS has an expression for, and the others, which a template must make. */
function splitMappings(mappings: readonly PlacedMapping[]): {
  readonly parameters: JsonObject;
  readonly overrides: readonly Override[];
} {
  const parameters: [string, JsonValue][] = [];
  const overrides: Override[] = [];
  for (const { place: where, name, value } of mappings) {
    if (value.kind === "constant" && value.value === null) continue;
    const expression = requestExpression(value);
    if (expression === undefined) overrides.push({ target: `requestOverride.${where}`, name, value });
    else parameters.push([`integration.request.${where}.${name}`, expression]);
  }
  return { parameters: objectOf(parameters), overrides };
}

/**
 * Parameters that mappings and cache keys read and the file does not declare: API Gateway refuses a mapping from a
 * parameter that the method does not have (aws-behaviour.md section 12.1).
 */
export function undeclaredParameters(route: Route, model: GatewayModel): readonly Parameter[] {
  const references = [...mappedReferences(route.integration), ...cacheReferences(route, model)];
  if (references.length === 0) return [];
  const known = new Set(route.parameters.map((parameter) => keyOf(parameter.in, parameter.name)));
  const found: Parameter[] = [];
  for (const reference of references) {
    const where = placeOf(reference);
    if (where === undefined || !("name" in reference)) continue;
    if (known.has(keyOf(where, reference.name))) continue;
    known.add(keyOf(where, reference.name));
    const type = primitive("string");
    found.push({ in: where, name: reference.name, type, required: false, description: undefined });
  }
  return found;
}

/** All values of a parameter are those of the parameter that is declared. */
function placeOf({ kind }: Reference): "header" | "query" | undefined {
  if (kind === "header" || kind === "multivalueheader") return "header";
  return kind === "querystring" || kind === "multivaluequerystring" ? "query" : undefined;
}

/** A mapping names a header as the method declares it, letter by letter (aws-behaviour.md section 12.1). */
function declaredName(value: Value, parameters: readonly Parameter[]): Value {
  const [reference] = directReference(value);
  if (reference?.kind !== "header" && reference?.kind !== "multivalueheader") return value;
  const { name } = reference;
  const declared = parameters.find((known) => known.in === "header" && isSameHeader(known.name, name));
  return declared ? { kind: "reference", reference: { kind: reference.kind, name: declared.name } } : value;
}

function isSameHeader(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function mappedReferences(integration: Integration): readonly Reference[] {
  if (integration.kind === "lambda" && integration.proxy) return [];
  return requestMappings(integration).flatMap(({ value }) => directReference(value));
}

function directReference(value: Value): readonly Reference[] {
  if (value.kind === "default") return [value.reference, ...directReference(value.otherwise)];
  if (value.kind === "reference") return [value.reference];
  if (value.kind !== "text" || value.text.parts.length !== 1) return [];
  const [part] = value.text.parts;
  invariant(part !== undefined, "a list of one has a first");
  return typeof part === "object" ? [part] : [];
}

function keyOf(where: Parameter["in"], name: string): string {
  return where === "header" ? `header ${name.toLowerCase()}` : `${where} ${name}`;
}
