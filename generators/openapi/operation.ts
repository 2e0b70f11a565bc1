import type { Parameter, Response, ResponseBody, Route } from "../../src/model/routes.js";
import type { JsonValue } from "../../src/model/types.js";
import { statusText } from "../emit/http-status.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import type { Flavour, Schemas } from "./flavour.js";

/** What an operation says besides what the file declares for the route. */
export interface OperationExtras {
  readonly operationId: string;
  /** Further parameters and response headers that mappings need on AWS. */
  readonly parameters: readonly Parameter[];
  /** Statuses that the route answers with, whether documented or not, each with further header names. */
  readonly responses: ReadonlyMap<number, readonly string[]>;
  /** A further sentence of the description. */
  readonly note: string | undefined;
  readonly security: readonly JsonObject[] | undefined;
  /** Members that come last: AWS's extensions. */
  readonly extensions: JsonObject;
}

/** Operation object of a route (OpenAPI 3.0.1, section "Operation Object"). */
export function planOperation(route: Route, schemas: Schemas, flavour: Flavour, extras: OperationExtras): JsonObject {
  const parameters = [...route.parameters, ...extras.parameters].map((parameter) => planParameter(parameter, schemas));
  return jsonObject({
    operationId: extras.operationId,
    summary: route.summary,
    description: paragraphs(route.description, extras.note),
    tags: route.tags.length > 0 ? route.tags : undefined,
    deprecated: route.deprecated && flavour === "clean" ? true : undefined,
    parameters: parameters.length > 0 ? parameters : undefined,
    requestBody: planBody(route, schemas),
    responses: planResponses(route, extras.responses, schemas, flavour),
    security: extras.security,
    ...extras.extensions,
  });
}

function planParameter(parameter: Parameter, schemas: Schemas): JsonObject {
  return jsonObject({
    name: parameter.name,
    in: parameter.in,
    description: parameter.description,
    required: parameter.in === "path" ? true : parameter.required,
    schema: schemas.ofParameter(parameter.type),
  });
}

function planBody({ body }: Route, schemas: Schemas): JsonObject | undefined {
  if (!body) return undefined;
  const media = schemas.ofMedia(body.type);
  return jsonObject({ content: objectOf(body.mediaTypes.map((type) => [type, media])), required: body.required });
}

/** Documented responses, then those that only happen; `default` where nothing at all is known. */
function planResponses(
  { responses: documented, otherwise }: Route,
  happening: OperationExtras["responses"],
  schemas: Schemas,
  flavour: Flavour,
): JsonObject {
  const responses = new Map<string, JsonObject>();
  for (const response of documented) {
    const more = happening.get(response.status) ?? [];
    responses.set(String(response.status), planResponse(response, more, schemas));
  }
  for (const [status, headers] of happening) {
    if (responses.has(String(status))) continue;
    const bare = { status, description: undefined, body: undefined, headers: [] };
    responses.set(String(status), planResponse(bare, headers, schemas));
  }
  // API Gateway has methods' responses by status only.
  if (otherwise && flavour === "clean") responses.set("default", planOtherwise(otherwise, schemas));
  if (responses.size === 0) responses.set("default", { description: "Any response" });
  return objectOf(responses);
}

function planOtherwise({ description, body }: NonNullable<Route["otherwise"]>, schemas: Schemas): JsonObject {
  return jsonObject({
    description: description ?? "Any other response",
    content: body && planContent(body, schemas),
  });
}

function planResponse(response: Response, moreHeaders: readonly string[], schemas: Schemas): JsonObject {
  const { body } = response;
  return jsonObject({
    description: response.description ?? statusText(response.status),
    headers: unlessEmpty(planHeaders(response, moreHeaders, schemas)),
    content: body && planContent(body, schemas),
  });
}

function planContent({ type, mediaType, alternatives = [] }: ResponseBody, schemas: Schemas): JsonObject {
  const all = [{ mediaType, type }, ...alternatives];
  return objectOf(all.map((each) => [each.mediaType, schemas.ofMedia(each.type)]));
}

function planHeaders(response: Response, more: readonly string[], schemas: Schemas): JsonObject {
  const headers = new Map<string, [string, JsonValue]>();
  for (const { name, type, description } of response.headers)
    headers.set(name.toLowerCase(), [name, jsonObject({ description, schema: schemas.ofParameter(type) })]);
  for (const name of more) {
    if (headers.has(name.toLowerCase())) continue;
    headers.set(name.toLowerCase(), [name, { schema: { type: "string" } }]);
  }
  return objectOf(headers.values());
}

function paragraphs(...texts: readonly (string | undefined)[]): string | undefined {
  const present = texts.filter((text) => text !== undefined && text !== "");
  return present.length > 0 ? present.join("\n\n") : undefined;
}
