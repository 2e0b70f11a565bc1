import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Constraints, Model, TupleType, Type } from "../../src/model/types.js";
import {
  type JsonSchema,
  orderedConstraints,
  printModelSchema,
  printSchema,
  type SchemaDialect,
} from "../emit/schema-walk.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";

/** Schemas of an AsyncAPI document: JSON Schema draft-07 (AsyncAPI 3.0, "Schema Object"). */
export interface AsyncApiSchemas {
  /** Models by name. */
  readonly components: JsonObject;
  of(type: Type): JsonSchema;
}

export function planSchemas(model: GatewayModel, used: ReadonlySet<string>): AsyncApiSchemas {
  const types = new Map(model.models.map(({ name, type }) => [name, type]));
  const dialect = draft07((name) => types.get(name));
  const models = model.models.filter(({ name }) => used.has(name));
  return {
    components: objectOf(models.map((entry: Model) => [componentName(entry.name), printModelSchema(entry, dialect)])),
    of: (type) => printSchema(type, dialect),
  };
}

/** Component names hold letters, digits, `.`, `-` and `_` (AsyncAPI 3.0, "Components Object"). */
export function componentName(name: string): string {
  return name.replace(/[^\w.-]/g, "_") || "_";
}

function draft07(lookup: (model: string) => Type | undefined): SchemaDialect {
  return {
    ref: (model) => `#/components/schemas/${componentName(model)}`,
    lookup,
    docs: ({ title, description, default: value, examples, deprecated }, direction) => ({
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(value === undefined ? {} : { default: value }),
      ...(examples.length === 0 ? {} : { examples: [...examples] }),
      ...(deprecated ? { deprecated } : {}),
      ...(direction?.readOnly ? { readOnly: true } : {}),
      ...(direction?.writeOnly ? { writeOnly: true } : {}),
    }),
    documentsReferences: true,
    constraints,
    nullSchema: { type: "null" },
    orNull: (schema) => ({ anyOf: [schema, { type: "null" }] }),
    tuple,
    discriminator: () => ({}),
  };
}

/** Bounds that are excluded are numbers from draft-06 on. */
function constraints(given: Constraints): JsonSchema {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = given;
  return {
    ...(minimum === undefined ? {} : { [exclusiveMinimum ? "exclusiveMinimum" : "minimum"]: minimum }),
    ...(maximum === undefined ? {} : { [exclusiveMaximum ? "exclusiveMaximum" : "maximum"]: maximum }),
    ...orderedConstraints(rest),
  };
}

function tuple(type: TupleType, schemaOf: (type: Type) => JsonSchema): JsonSchema {
  return {
    type: "array",
    items: type.items.map(schemaOf),
    additionalItems: type.rest ? schemaOf(type.rest) : false,
    ...(type.required > 0 ? { minItems: type.required } : {}),
  };
}
