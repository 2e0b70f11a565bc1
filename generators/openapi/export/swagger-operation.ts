import type { JsonValue } from "../../../src/model/types.js";
import { type JsonObject, jsonObject, unlessEmpty } from "../../emit/stable-json.js";
import type { Flavour } from "../flavour.js";
import { eachMember, membersOf } from "./members.js";
import { nameOf, type SwaggerSchemas } from "./swagger-schema.js";
import { swaggerRequirements } from "./swagger-security.js";

/** Operation Object of Swagger 2.0: bodies are parameters, media types lists of the operation. */
export function swaggerOperation(
  operation: JsonObject,
  schemas: SwaggerSchemas,
  schemes: JsonObject,
  flavour: Flavour,
): JsonObject {
  const { operationId, summary, description, tags, deprecated, parameters, requestBody, responses, security, ...rest } =
    operation;
  const body = membersOf(requestBody);
  const all = [...parametersOf(parameters, schemas), ...bodyOf(body, schemas, flavour)];
  return jsonObject({
    operationId,
    summary,
    description,
    tags,
    deprecated,
    consumes: listed(Object.keys(membersOf(body.content))),
    produces: listed(Object.values(membersOf(responses)).flatMap((value) => mediaTypesOf(membersOf(value)))),
    parameters: all.length > 0 ? all : undefined,
    responses: eachMember(membersOf(responses), (response) => responseOf(membersOf(response), schemas)),
    security: swaggerRequirements(security, schemes),
    ...rest,
  });
}

function listed(names: readonly string[]): readonly string[] | undefined {
  return names.length > 0 ? [...new Set(names)] : undefined;
}

function mediaTypesOf({ content }: JsonObject): readonly string[] {
  return Object.keys(membersOf(content));
}

/** Swagger 2.0 has no cookies; a query's list is a name several times, as OpenAPI 3.0 has it by default. */
function parametersOf(parameters: JsonValue | undefined, schemas: SwaggerSchemas): readonly JsonObject[] {
  if (!Array.isArray(parameters)) return [];
  return parameters
    .map((parameter: JsonValue) => membersOf(parameter))
    .filter((parameter) => parameter.in !== "cookie")
    .map(({ schema, ...parameter }) => ({
      ...parameter,
      required: parameter.required ?? false,
      ...schemas.basic(schema, parameter.in === "query" ? "multi" : "csv"),
    }));
}

/** API Gateway knows no form fields, so in its flavour a form is a body as any other. */
function bodyOf({ content, required }: JsonObject, schemas: SwaggerSchemas, flavour: Flavour): readonly JsonObject[] {
  const media = Object.entries(membersOf(content));
  const schema = media.map(([, value]) => membersOf(value).schema).find((value) => value !== undefined);
  if (schema === undefined) return [];
  const isForm = media.every(([type]) => /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/.test(type));
  const fields = isForm && flavour === "clean" ? fieldsOf(schemas.resolved(schema), schemas) : [];
  if (fields.length > 0) return fields;
  const { $ref } = membersOf(schema);
  const name = typeof $ref === "string" ? nameOf($ref) : "body";
  return [jsonObject({ in: "body", name, required: required ?? false, schema: schemas.schema(schema) })];
}

function fieldsOf({ properties, required }: JsonObject, schemas: SwaggerSchemas): readonly JsonObject[] {
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(membersOf(properties)).map(([name, schema]) => ({
    name,
    in: "formData",
    required: needed.has(name),
    ...schemas.basic(schema, "multi"),
  }));
}

function responseOf({ description, headers, content }: JsonObject, schemas: SwaggerSchemas): JsonObject {
  const schema = Object.values(membersOf(content))
    .map((media) => membersOf(media).schema)
    .find((value) => value !== undefined);
  return jsonObject({
    description,
    schema: schema === undefined ? undefined : schemas.schema(schema),
    headers: unlessEmpty(eachMember(membersOf(headers), (header) => schemas.basic(membersOf(header).schema, "csv"))),
  });
}
