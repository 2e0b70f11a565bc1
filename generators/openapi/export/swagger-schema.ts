import type { JsonValue } from "../../../src/model/types.js";
import { type JsonObject, jsonObject, objectOf } from "../../emit/stable-json.js";
import type { Flavour } from "../flavour.js";
import { eachMember, membersOf } from "./members.js";

/** Schemas of one document in Swagger's terms. */
export interface SwaggerSchemas {
  /** Schema Object. */
  schema(value: JsonValue): JsonValue;
  /** The members of a parameter, header or item that say its type: basic types and arrays of them. */
  basic(value: JsonValue | undefined, collectionFormat: "csv" | "multi"): JsonObject;
  /** The schema that a reference leads to; any other schema as it is. */
  resolved(value: JsonValue | undefined): JsonObject;
}

export function swaggerSchemas(components: JsonObject, flavour: Flavour): SwaggerSchemas {
  const resolved = (value: JsonValue | undefined): JsonObject => {
    let schema = membersOf(value);
    // Aliases of aliases are few; a circle of them is refused by our checks.
    for (let steps = 0; steps < 32 && typeof schema.$ref === "string"; steps++)
      schema = membersOf(components[nameOf(schema.$ref)]);
    return schema;
  };
  return {
    schema: (value) => schemaOf(value, flavour),
    basic: (value, collectionFormat) => basicOf(resolved(value), collectionFormat, resolved),
    resolved,
  };
}

/** Last segment of a reference. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

/** OpenAPI 3.0 keywords that Swagger 2.0 does not have. */
const unknown = new Set(["oneOf", "anyOf", "not", "discriminator", "nullable", "deprecated", "writeOnly"]);

function schemaOf(value: JsonValue, flavour: Flavour): JsonValue {
  return objectOf(
    Object.entries(membersOf(value)).map(([keyword, held]) => [
      flavour === "clean" && unknown.has(keyword) ? `x-${keyword}` : keyword,
      heldBy(keyword, held, flavour),
    ]),
  );
}

function heldBy(keyword: string, value: JsonValue, flavour: Flavour): JsonValue {
  switch (keyword) {
    case "$ref":
      return `#/definitions/${nameOf(String(value))}`;
    case "properties":
      return eachMember(membersOf(value), (property) => schemaOf(property, flavour));
    case "items":
    case "not":
      return schemaOf(value, flavour);
    case "additionalProperties":
      return typeof value === "boolean" ? value : schemaOf(value, flavour);
    case "enum":
      return distinct(value);
    case "allOf":
    case "oneOf":
    case "anyOf":
      return Array.isArray(value) ? value.map((member: JsonValue) => schemaOf(member, flavour)) : value;
    case "discriminator": {
      const { propertyName, mapping } = membersOf(value);
      const targets = eachMember(membersOf(mapping), (ref) => `#/definitions/${nameOf(String(ref))}`);
      return jsonObject({ propertyName, mapping: mapping === undefined ? undefined : targets });
    }
    default:
      return value;
  }
}

/** Swagger 2.0 takes a value of an enumeration once only. */
function distinct<T extends JsonValue | undefined>(values: T): T | JsonValue[] {
  if (!Array.isArray(values)) return values;
  return [...new Map(values.map((value: JsonValue) => [JSON.stringify(value), value])).values()];
}

const basicTypes: ReadonlySet<JsonValue | undefined> = new Set(["string", "number", "integer", "boolean"]);

/** Swagger 2.0, "Items Object": what may stand beside a basic type. */
const basicKeywords = [
  "format",
  "default",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "enum",
  "multipleOf",
] as const;

function basicOf(
  schema: JsonObject,
  collectionFormat: "csv" | "multi",
  resolved: (value: JsonValue | undefined) => JsonObject,
): JsonObject {
  const kept = objectOf(
    basicKeywords.map((keyword) => [keyword, keyword === "enum" ? distinct(schema.enum) : schema[keyword]]),
  );
  if (schema.type === "array")
    return { type: "array", items: basicOf(resolved(schema.items), "csv", resolved), collectionFormat, ...kept };
  return basicTypes.has(schema.type) ? jsonObject({ type: schema.type, ...kept }) : { type: "string" };
}
