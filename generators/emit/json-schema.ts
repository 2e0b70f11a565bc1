import type { Model, TupleType, Type } from "../../src/model/types.js";
import {
  type JsonSchema,
  orderedConstraints,
  printModelSchema,
  printSchema,
  type SchemaDialect,
  type SchemaNames,
} from "./schema-walk.js";

/**
 * JSON Schema draft-04 of a type, as API Gateway's models and our validators take it. Only keywords that API Gateway
 * accepts are written: it refuses a model with `example`, `readOnly`, `discriminator` and the like
 * ("Unsupported keyword(s)"), so documentation is `title` and `description`.
 *
 * @see aws-behaviour.md sections 15 and 34
 */
export function jsonSchemaOf(type: Type, names: SchemaNames): JsonSchema {
  return printSchema(type, draft04(names));
}

/** Draft-04 schema of a model, with its title and description. */
export function jsonSchemaOfModel(model: Model, names: SchemaNames): JsonSchema {
  return printModelSchema(model, draft04(names));
}

function draft04(names: SchemaNames): SchemaDialect {
  return {
    ...names,
    docs: ({ title, description }) => ({
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    }),
    documentsReferences: false,
    constraints: orderedConstraints,
    nullSchema: { type: "null" },
    orNull,
    tuple: tupleSchema,
    discriminator: () => ({}),
  };
}

/** `type: [string, null]` where the schema has one type; else one of two (recorded to work on AWS with `$ref`). */
function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === "string") {
    const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
    return { ...schema, type: [schema.type, "null"], ...values };
  }
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: "null" }] };
  return { anyOf: [schema, { type: "null" }] };
}

function tupleSchema(type: TupleType, schemaOf: (type: Type) => JsonSchema): JsonSchema {
  return {
    type: "array",
    items: type.items.map(schemaOf),
    additionalItems: type.rest ? schemaOf(type.rest) : false,
    ...(type.required > 0 ? { minItems: type.required } : {}),
  };
}
