import type { Report } from "../../diagnostics/diagnostic.js";
import {
  anyType,
  array,
  enumeration,
  intersection,
  literal,
  nullType,
  object,
  primitive,
  property,
  reference,
  tuple,
  union,
  withConstraints,
  withDocs,
} from "../../model/type-builders.js";
import { withDiscriminators } from "../../model/type-discriminators.js";
import { unionOf } from "../../model/type-unions.js";
import { type Docs, type JsonValue, type Model, noDocs, type Type } from "../../model/types.js";
import { nearest } from "../../nearest.js";
import type { Span } from "../../source.js";
import { createPatternChecker } from "../patterns.js";
import { reportPattern } from "./annotate.js";
import { limits } from "./limits.js";
import { isReservedName } from "./names.js";
import { kindKeywords, knownKeywords, readConstraints, type SchemaPlace } from "./schema-keywords.js";
import { type ModelScope, scopeOfModels } from "./scope.js";

/** Steps from the root of a schema to a part of it. */
export type SchemaPath = readonly (string | number)[];

/** A model given as JSON Schema draft-04 in `models:` as a map. */
export interface SchemaModel {
  readonly name: string;
  readonly nameSpan: Span;
  readonly schema: JsonValue;
  /** Span of the value at a path below the schema; of the nearest part above where there is none. */
  readonly spanOf: (path: SchemaPath) => Span;
}

interface Context {
  readonly model: SchemaModel;
  readonly names: ReadonlySet<string>;
  /** Models made of `definitions` inside this schema: their name there → the model's name. */
  readonly local: ReadonlyMap<string, string>;
  readonly report: Report;
  readonly checkPattern: ReturnType<typeof createPatternChecker>;
}

/**
 * Models given as JSON Schema draft-04. What a type cannot express (`not`, `patternProperties`, references to other
 * documents …) is reported. `definitions` inside a schema become models of their own.
 */
export function modelsFromSchemas(entries: readonly SchemaModel[], report: Report): ModelScope {
  const names = new Set(entries.map((entry) => entry.name));
  const checkPattern = createPatternChecker();
  const models: Model[] = [];
  for (const model of entries) {
    if (isReservedName(model.name)) report("model-reserved-name", model.nameSpan, { name: model.name });
    else if (!/^[A-Za-z_$][\w$]*$/.test(model.name)) report("model-name", model.nameSpan, { name: model.name });
    const local = localNames(model, names);
    const context: Context = { model, names, local, report, checkPattern };
    models.push(modelOf(model.name, model.schema, [], context));
    for (const [inner, name] of local) {
      const path = ["definitions", inner];
      models.push(modelOf(name, valueAt(model.schema, path), path, context));
    }
  }
  const types = new Map(models.map((model) => [model.name, model.type]));
  return scopeOfModels(
    models.map((model) => ({ ...model, type: withDiscriminators(model.type, (name) => types.get(name)) })),
  );
}

/** A definition keeps its name where that is free, else it is called after its model too. */
function localNames(model: SchemaModel, taken: Set<string>): ReadonlyMap<string, string> {
  const definitions = isObject(model.schema) ? model.schema.definitions : undefined;
  const local = new Map<string, string>();
  for (const inner of isObject(definitions) ? Object.keys(definitions) : []) {
    const word = inner.replace(/[^\w$]/g, "") || "Definition";
    const base = /^[A-Za-z_$]/.test(word) && !isReservedName(word) ? word : `${model.name}${word}`;
    let name = taken.has(base) ? `${model.name}${word}` : base;
    for (let count = 2; taken.has(name); count++) name = `${model.name}${word}${count}`;
    taken.add(name);
    local.set(inner, name);
  }
  return local;
}

function modelOf(name: string, schema: JsonValue | undefined, path: SchemaPath, context: Context): Model {
  const type = typeOf(schema, path, context);
  return { name, type: { ...type, docs: noDocs }, docs: type.docs, recursive: false };
}

/** The type of a schema, with its documentation. */
function typeOf(schema: JsonValue | undefined, path: SchemaPath, context: Context): Type {
  const place = placeOf(schema, path, context);
  if (!isObject(schema)) {
    place.report("schema-value", [], {
      keyword: String(path.at(-1) ?? context.model.name),
      wanted: "a schema (an object)",
    });
    return anyType;
  }
  if (path.length > limits.depth) {
    place.report("type-too-deep", [], { limit: limits.depth });
    return anyType;
  }
  if (schema.$ref !== undefined) return referenceOf(schema.$ref, place, context);
  checkKeywords(schema, place);
  const parts = [ownType(schema, path, place, context), ...combined(schema, path, place, context)].filter(
    (part) => part !== anyType,
  );
  const [only] = parts;
  const type = parts.length === 0 ? anyType : parts.length === 1 && only ? only : intersection(parts);
  return withDocs(type, docsOf(schema, place));
}

function placeOf(schema: JsonValue | undefined, path: SchemaPath, context: Context): SchemaPlace {
  return {
    schema: isObject(schema) ? schema : {},
    report: (code, below, params) => context.report(code, context.model.spanOf([...path, ...below]), params),
  };
}

function referenceOf(value: JsonValue, place: SchemaPlace, { model, names, local }: Context): Type {
  const text = typeof value === "string" ? value : "";
  if (text === "#") return reference(model.name);
  const inner = /^#\/(?:definitions|components\/schemas|models)\/([^/]+)$/.exec(text)?.[1];
  const aws = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)$/.exec(text)?.[1];
  const wanted = (inner ?? aws ?? "").replaceAll("~1", "/").replaceAll("~0", "~");
  const found = (inner !== undefined && local.get(wanted)) || (names.has(wanted) ? wanted : undefined);
  if (found) return reference(found);
  const near = nearest(wanted || text, [...names, ...local.keys()]);
  place.report("schema-reference", ["$ref"], { reference: text, near });
  return anyType;
}

function checkKeywords(schema: { readonly [name: string]: JsonValue }, place: SchemaPlace): void {
  for (const keyword of Object.keys(schema)) {
    if (knownKeywords.has(keyword)) continue;
    place.report("schema-keyword", [keyword], { keyword, near: nearest(keyword, knownKeywords) });
  }
}

type Schema = { readonly [name: string]: JsonValue };

/** What the schema says by `type`, `enum` and the keywords of each kind. */
function ownType(schema: Schema, path: SchemaPath, place: SchemaPlace, context: Context): Type {
  if (schema.enum !== undefined) return enumOf(schema.enum, place);
  const kinds = kindsOf(schema, place);
  if (kinds.length === 0) return anyType;
  const types = kinds.map((kind) => kindType(kind, schema, path, place, context));
  const [only] = types;
  return types.length === 1 && only ? only : unionOf(types);
}

function kindsOf(schema: Schema, place: SchemaPlace): readonly string[] {
  const known = ["string", "number", "integer", "boolean", "object", "array", "null"];
  const { type } = schema;
  const given = Array.isArray(type) ? type : type === undefined ? [] : [type];
  for (const kind of given) {
    if (typeof kind === "string" && known.includes(kind)) continue;
    place.report("schema-value", ["type"], {
      keyword: "type",
      wanted: `one of ${known.join(", ")}, or a list of them`,
    });
    return [];
  }
  if (type !== undefined) return given.map(String);
  const assumed = [...kindKeywords].find(([, keywords]) => keywords.some((keyword) => schema[keyword] !== undefined));
  if (!assumed) return [];
  place.report("schema-type-assumed", [], { type: assumed[0] });
  return [assumed[0]];
}

function kindType(kind: string, schema: Schema, path: SchemaPath, place: SchemaPlace, context: Context): Type {
  const constraints = readConstraints(kind, place);
  if (constraints.pattern !== undefined) {
    const verdict = context.checkPattern(constraints.pattern, { maxLength: constraints.maxLength });
    reportPattern(verdict, context.model.spanOf([...path, "pattern"]), context.report);
  }
  return withConstraints(bareKind(kind, schema, path, place, context), constraints);
}

function bareKind(kind: string, schema: Schema, path: SchemaPath, place: SchemaPlace, context: Context): Type {
  const format = typeof schema.format === "string" ? schema.format : undefined;
  switch (kind) {
    case "null":
      return nullType;
    case "boolean":
      return primitive("boolean");
    case "number":
    case "integer":
      return primitive(kind, format);
    case "string":
      return format === "binary" ? primitive("binary", format) : primitive("string", format);
    case "array":
      return arrayOf(schema, path, place, context);
    default:
      return objectOf(schema, path, place, context);
  }
}

function arrayOf(schema: Schema, path: SchemaPath, place: SchemaPlace, context: Context): Type {
  const { items, additionalItems } = schema;
  if (!Array.isArray(items)) return array(items === undefined ? anyType : typeOf(items, [...path, "items"], context));
  const types = items.map((item: JsonValue, index) => typeOf(item, [...path, "items", index], context));
  const rest =
    additionalItems === undefined || additionalItems === true
      ? anyType
      : additionalItems === false
        ? undefined
        : typeOf(additionalItems, [...path, "additionalItems"], context);
  place.report("aws-tuple", ["items"], undefined);
  const least = typeof schema.minItems === "number" ? schema.minItems : 0;
  return tuple(types, Math.min(least, types.length), rest);
}

function objectOf(schema: Schema, path: SchemaPath, place: SchemaPlace, context: Context): Type {
  const required = new Set(stringList(schema.required, "required", place));
  const given = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  if (schema.properties !== undefined && !isObject(schema.properties)) {
    place.report("schema-value", ["properties"], { keyword: "properties", wanted: "an object of schemas" });
  }
  const properties = given.map(([name, inner]) => {
    const type = typeOf(inner, [...path, "properties", name], context);
    return property(name, { ...type, docs: noDocs }, { optional: !required.has(name), docs: type.docs });
  });
  const listed = new Set(given.map(([name]) => name));
  const unlisted = [...required].filter((name) => !listed.has(name)).map((name) => property(name, anyType));
  return object([...properties, ...unlisted], additionalOf(schema, path, context));
}

function additionalOf(schema: Schema, path: SchemaPath, context: Context): Type | boolean {
  const { additionalProperties } = schema;
  if (additionalProperties === undefined || typeof additionalProperties === "boolean")
    return additionalProperties ?? true;
  return typeOf(additionalProperties, [...path, "additionalProperties"], context);
}

function enumOf(values: JsonValue, place: SchemaPlace): Type {
  const list = Array.isArray(values) ? (values as readonly JsonValue[]) : [];
  const scalars = list.filter((value) => value === null || typeof value !== "object");
  if (list.length === 0 || scalars.length < list.length) {
    place.report("schema-value", ["enum"], { keyword: "enum", wanted: "a list of strings, numbers, booleans or null" });
    return anyType;
  }
  const types = scalars.map((value) => (value === null ? nullType : literal(value as string | number | boolean)));
  const distinct = unionOf(types);
  // `true` and `false` together are what boolean is; a list of one kind is an enum in any other case.
  return distinct.kind === "enum" ? enumeration(distinct.values) : distinct;
}

/** `allOf` is an intersection; `anyOf` and `oneOf` are unions. */
function combined(schema: Schema, path: SchemaPath, place: SchemaPlace, context: Context): readonly Type[] {
  const parts: Type[] = [];
  for (const keyword of ["allOf", "anyOf", "oneOf"] as const) {
    const list = schema[keyword];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length === 0) {
      place.report("schema-value", [keyword], { keyword, wanted: "a list of schemas" });
      continue;
    }
    const types = list.map((item: JsonValue, index) => typeOf(item, [...path, keyword, index], context));
    if (keyword === "allOf") {
      reportClosed(types, keyword, place);
      parts.push(...types);
    } else {
      parts.push(types.length > 1 && types.some((type) => type.kind === "object") ? union(types) : unionOf(types));
    }
  }
  return parts;
}

/** `allOf` with closed members admits nothing that has a property of another member. */
function reportClosed(types: readonly Type[], keyword: string, place: SchemaPlace): void {
  const closed = types.findIndex((type) => type.kind === "object" && type.additional === false);
  if (closed >= 0 && types.length > 1) place.report("schema-closed", [keyword, closed], undefined);
}

function docsOf(schema: Schema, place: SchemaPlace): Docs {
  const { title, description, default: value } = schema;
  for (const keyword of ["title", "description"] as const) {
    const text = schema[keyword];
    if (text !== undefined && typeof text !== "string")
      place.report("schema-value", [keyword], { keyword, wanted: "text" });
  }
  if (title === undefined && description === undefined && value === undefined) return noDocs;
  return {
    ...noDocs,
    title: typeof title === "string" ? title : undefined,
    description: typeof description === "string" ? description : undefined,
    default: value,
  };
}

function stringList(value: JsonValue | undefined, keyword: string, place: SchemaPlace): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string"))
    return value as string[];
  place.report("schema-value", [keyword], { keyword, wanted: "a list of names, not empty" });
  return [];
}

function isObject(value: JsonValue | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueAt(schema: JsonValue, path: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = schema;
  for (const step of path) current = isObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  return current;
}
