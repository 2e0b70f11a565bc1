import { jsonKinds, type ModelLookup } from "../../src/model/type-questions.js";
import type {
  Constraints,
  Docs,
  JsonValue,
  Model,
  ObjectType,
  Property,
  TupleType,
  Type,
  UnionType,
} from "../../src/model/types.js";

export interface JsonSchema {
  readonly [keyword: string]: JsonValue;
}

export interface SchemaNames {
  /** Value of `$ref` for a model: `#/components/schemas/Order`, `#/definitions/Order`, AWS's model URL … */
  readonly ref: (model: string) => string;
  /** Types of the models; lets a union say `oneOf` where its members exclude each other. */
  readonly lookup?: ModelLookup | undefined;
}

/** What the dialects of JSON Schema write differently. */
export interface SchemaDialect extends SchemaNames {
  /** Documentation keywords, in order. */
  docs(docs: Docs, direction?: Pick<Property, "readOnly" | "writeOnly">): JsonSchema;
  /** Whether documentation beside a reference is worth an `allOf`, as `$ref` hides its siblings. */
  readonly documentsReferences: boolean;
  constraints(constraints: Constraints, isInteger: boolean): JsonSchema;
  /** The schema of null by itself. */
  readonly nullSchema: JsonSchema;
  /** A schema that admits null besides. */
  orNull(schema: JsonSchema): JsonSchema;
  tuple(type: TupleType, schemaOf: (type: Type) => JsonSchema): JsonSchema;
  discriminator(type: UnionType): JsonSchema;
}

/** Schema of a type, without the models that it refers to. */
export function printSchema(type: Type, dialect: SchemaDialect): JsonSchema {
  return document(shape(type, dialect), type.docs, dialect);
}

/** Schema of a model, with its documentation. */
export function printModelSchema(model: Model, dialect: SchemaDialect): JsonSchema {
  return document(printSchema(model.type, dialect), model.docs, dialect);
}

function document(schema: JsonSchema, docs: Docs, dialect: SchemaDialect, direction?: Property): JsonSchema {
  const about = dialect.docs(docs, direction);
  if (Object.keys(about).length === 0) return schema;
  if (!("$ref" in schema)) return { ...about, ...schema, ...about };
  return dialect.documentsReferences ? { ...about, allOf: [schema] } : schema;
}

function shape(type: Type, dialect: SchemaDialect): JsonSchema {
  const isInteger = type.kind === "primitive" && type.name === "integer";
  const constraints = dialect.constraints(type.constraints, isInteger);
  const schema = bare(type, dialect);
  if (Object.keys(constraints).length === 0) return schema;
  if ("$ref" in schema || "allOf" in schema || "not" in schema) return { allOf: [schema, constraints] };
  return { ...schema, ...constraints };
}

function bare(type: Type, dialect: SchemaDialect): JsonSchema {
  switch (type.kind) {
    case "primitive":
      return primitive(type.name, type.format, dialect);
    case "literal":
      return { type: nameOf(type.value), enum: [type.value] };
    case "enum":
      return { type: type.base, enum: type.values };
    case "array":
      return { type: "array", items: printSchema(type.items, dialect) };
    case "tuple":
      return dialect.tuple(type, (item) => printSchema(item, dialect));
    case "object":
      return objectSchema(type, dialect);
    case "reference":
      return { $ref: dialect.ref(type.model) };
    case "union":
      return unionSchema(type, dialect);
    case "intersection":
      return { allOf: type.members.map((member) => printSchema(member, dialect)) };
  }
}

function primitive(name: string, format: string | undefined, dialect: SchemaDialect): JsonSchema {
  if (name === "any") return {};
  if (name === "null") return dialect.nullSchema;
  return { type: name === "binary" ? "string" : name, ...(format === undefined ? {} : { format }) };
}

function nameOf(value: string | number | boolean): string {
  if (typeof value !== "number") return typeof value;
  return Number.isInteger(value) ? "integer" : "number";
}

function objectSchema(type: ObjectType, dialect: SchemaDialect): JsonSchema {
  const required = type.properties.filter((property) => !property.optional).map((property) => property.name);
  // fromEntries defines members: a property named __proto__ is data, not the prototype.
  const properties = Object.fromEntries(type.properties.map((p) => [p.name, propertySchema(p, dialect)]));
  return {
    type: "object",
    ...(type.properties.length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...additional(type.additional, dialect),
  };
}

function propertySchema(property: Property, dialect: SchemaDialect): JsonSchema {
  return document(printSchema(property.type, dialect), property.docs, dialect, property);
}

function additional(type: Type | boolean, dialect: SchemaDialect): JsonSchema {
  if (type === true) return {};
  if (type === false) return { additionalProperties: false };
  const schema = printSchema(type, dialect);
  return { additionalProperties: Object.keys(schema).length === 0 ? true : schema };
}

function unionSchema(type: UnionType, dialect: SchemaDialect): JsonSchema {
  const members = type.members.filter((member) => !(member.kind === "primitive" && member.name === "null"));
  const schemas = members.map((member) => printSchema(member, dialect));
  const [only] = schemas;
  const keyword = type.discriminator || areDisjoint(members, dialect.lookup) ? "oneOf" : "anyOf";
  const schema =
    schemas.length === 1 && only
      ? only
      : { [keyword]: schemas, ...(type.discriminator ? dialect.discriminator(type) : {}) };
  return members.length < type.members.length ? dialect.orNull(schema) : schema;
}

/** Whether no value fits two members, as far as kinds of JSON values show. */
function areDisjoint(members: readonly Type[], lookup: ModelLookup | undefined): boolean {
  const seen = new Set<string>();
  for (const member of members) {
    for (const kind of jsonKinds(member, lookup ?? (() => undefined))) {
      if (seen.has(kind)) return false;
      seen.add(kind);
    }
  }
  return true;
}

/** Keywords in one order, whatever order they were written in. */
const keywordOrder = [
  "format",
  "minimum",
  "exclusiveMinimum",
  "maximum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
] as const satisfies readonly (keyof Constraints)[];

export function orderedConstraints(constraints: Constraints): Record<string, JsonValue> {
  const out: Record<string, JsonValue> = {};
  for (const keyword of keywordOrder) {
    const value = constraints[keyword];
    if (value !== undefined) out[keyword] = value;
  }
  return out;
}
