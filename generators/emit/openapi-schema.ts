import type {
  Constraints,
  Docs,
  JsonValue,
  Model,
  Property,
  TupleType,
  Type,
  UnionType,
} from "../../src/model/types.js";
import {
  type JsonSchema,
  orderedConstraints,
  printModelSchema,
  printSchema,
  type SchemaDialect,
  type SchemaNames,
} from "./schema-walk.js";

/**
 * `aws`: valid OpenAPI 3.0 that API Gateway imports as draft-04 with the same meaning, hence no `nullable`, `example`,
 * `readOnly`, `deprecated`, `default`, `discriminator` and exclusive bounds (its known issues name them as unsupported,
 * and the import of a model with some of them fails). `clean`: all that OpenAPI 3.0 can say.
 */
export type OpenApiFlavour = "aws" | "clean";

export interface OpenApiSchemaOptions extends SchemaNames {
  readonly flavour: OpenApiFlavour;
}

/** Schemas of one document: its dialect is put together once for all of them. */
export interface OpenApiSchemas {
  of(type: Type): JsonSchema;
  ofModel(model: Model): JsonSchema;
}

export function openApiSchemas(options: OpenApiSchemaOptions): OpenApiSchemas {
  const dialect = dialectOf(options);
  return { of: (type) => printSchema(type, dialect), ofModel: (model) => printModelSchema(model, dialect) };
}

/** OpenAPI 3.0 schema object of a type. */
export function openApiSchemaOf(type: Type, options: OpenApiSchemaOptions): JsonSchema {
  return printSchema(type, dialectOf(options));
}

/** OpenAPI 3.0 schema object of a model, for `components.schemas`. */
export function openApiSchemaOfModel(model: Model, options: OpenApiSchemaOptions): JsonSchema {
  return printModelSchema(model, dialectOf(options));
}

function dialectOf(options: OpenApiSchemaOptions): SchemaDialect {
  const isClean = options.flavour === "clean";
  return {
    ...options,
    docs: isClean ? cleanDocs : awsDocs,
    documentsReferences: isClean,
    constraints: isClean ? orderedConstraints : awsConstraints,
    nullSchema: isClean ? { nullable: true, enum: [null] } : { enum: [null] },
    orNull: isClean ? nullable : awsOrNull,
    tuple: tupleSchema,
    discriminator: (type) => (isClean ? discriminatorOf(type, options.ref) : {}),
  };
}

function awsDocs({ title, description }: Docs): JsonSchema {
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
}

function cleanDocs(docs: Docs, direction?: Pick<Property, "readOnly" | "writeOnly">): JsonSchema {
  const [example] = docs.examples;
  return {
    ...awsDocs(docs),
    ...(docs.default === undefined ? {} : { default: docs.default }),
    ...(example === undefined ? {} : { example }),
    ...(docs.deprecated ? { deprecated: true } : {}),
    ...(direction?.readOnly ? { readOnly: true } : {}),
    ...(direction?.writeOnly ? { writeOnly: true } : {}),
  };
}

/**
 * `nullable` counts only beside `type` (OpenAPI 3.0.3, proposal "Clarify nullable"); elsewhere null is a further member.
 * Beside a lone `$ref` the customary form is used, which generators of clients understand.
 */
function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === "string") {
    const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
    return { ...schema, nullable: true, ...values };
  }
  if ("$ref" in schema) return { nullable: true, allOf: [schema] };
  return { ...schema, nullable: true };
}

/** Valid in OpenAPI 3.0 and meant as such by draft-04, which API Gateway's validator is. */
function awsOrNull(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { enum: [null] }] };
  return { anyOf: [schema, { enum: [null] }] };
}

/** Exclusive bounds, which API Gateway does not import, as equal inclusive ones. */
function awsConstraints(constraints: Constraints, isInteger: boolean): JsonSchema {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = constraints;
  const excluded: JsonValue[] = [];
  const bounds: { minimum?: number; maximum?: number } = {};
  if (minimum !== undefined) bounds.minimum = isInteger && exclusiveMinimum ? Math.floor(minimum) + 1 : minimum;
  if (maximum !== undefined) bounds.maximum = isInteger && exclusiveMaximum ? Math.ceil(maximum) - 1 : maximum;
  if (!isInteger && exclusiveMinimum && minimum !== undefined) excluded.push(minimum);
  if (!isInteger && exclusiveMaximum && maximum !== undefined) excluded.push(maximum);
  const ordered = orderedConstraints({ ...rest, ...bounds });
  return excluded.length > 0 ? { ...ordered, not: { enum: excluded } } : ordered;
}

/** OpenAPI 3.0 has one schema for all items: any of the tuple's, and the right number of them. */
function tupleSchema(type: TupleType, schemaOf: (type: Type) => JsonSchema): JsonSchema {
  const all = [...type.items, ...(type.rest ? [type.rest] : [])].map(schemaOf);
  const distinct = [...new Map(all.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [only] = distinct;
  return {
    type: "array",
    items: distinct.length === 1 && only ? only : distinct.length === 0 ? {} : { anyOf: distinct },
    ...(type.required > 0 ? { minItems: type.required } : {}),
    ...(type.rest ? {} : { maxItems: type.items.length }),
  };
}

/** OpenAPI's discriminator leads to named schemas only. */
function discriminatorOf({ members, discriminator }: UnionType, ref: (model: string) => string): JsonSchema {
  if (!discriminator) return {};
  const mapping: [string, string][] = [];
  for (const [index, member] of members.entries()) {
    const value = discriminator.values[index];
    if (member.kind !== "reference" || value === undefined) return {};
    mapping.push([value, ref(member.model)]);
  }
  return { discriminator: { propertyName: discriminator.property, mapping: Object.fromEntries(mapping) } };
}
