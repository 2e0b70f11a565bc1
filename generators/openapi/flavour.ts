import { awsModelNames } from "../../src/model/aws-model-names.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Type } from "../../src/model/types.js";
import { openApiSchemas } from "../emit/openapi-schema.js";
import { isJsonObject, type JsonObject, objectOf } from "../emit/stable-json.js";
import { uniqueNames } from "../emit/unique-names.js";

/** The two documents: `aws` is what API Gateway imports, `clean` what consumers of the API and their tools read. */
export type Flavour = "aws" | "clean";

/** Schemas of one document: its components, and schemas of types that refer to them. */
export interface Schemas {
  readonly components: JsonObject;
  /** Schema Object of a parameter or header. */
  ofParameter(type: Type): JsonObject;
  /** Media Type Object of a body. */
  ofMedia(type: Type): JsonObject;
}

/** API Gateway takes letters and digits in names of models, OpenAPI also `.`, `-` and `_` (section "Components Object"). */
export function planSchemas(model: GatewayModel, flavour: Flavour): Schemas {
  const originals = model.models.map((entry) => entry.name);
  const names = flavour === "aws" ? awsModelNames(originals) : uniqueNames(originals, componentName);
  const types = new Map(model.models.map((entry) => [entry.name, entry.type]));
  const schemas = openApiSchemas({
    flavour,
    ref: (name: string) => `#/components/schemas/${names.get(name) ?? name}`,
    lookup: (name: string) => types.get(name),
  });
  return {
    components: objectOf(model.models.map((entry) => [names.get(entry.name) ?? entry.name, schemas.ofModel(entry)])),
    ofParameter: (type) => (flavour === "aws" ? basicSchema(schemas.of(type)) : schemas.of(type)),
    // API Gateway takes every schema for one of JSON; bytes have none.
    ofMedia: (type) => (flavour === "aws" && isBinary(type) ? {} : { schema: schemas.of(type) }),
  };
}

function isBinary(type: Type): boolean {
  return type.kind === "primitive" && type.name === "binary";
}

/** Of a parameter API Gateway reads the type and nothing else (developer guide, "Important notes for REST APIs"). */
function basicSchema(schema: JsonObject): JsonObject {
  const { type, items } = schema;
  if (type === "array") return { type, items: isJsonObject(items) ? basicSchema(items) : { type: "string" } };
  const isBasic = type === "string" || type === "number" || type === "integer" || type === "boolean";
  return { type: isBasic ? type : "string" };
}

/** A name as keys of `components` may be. */
export function componentName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, "_") || "_";
}
