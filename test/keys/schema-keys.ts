import { gatewaySchema } from "../../src/syntax/json-schema.js";

export type JsonSchema = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** Keys of the language by their place, `/routes/*\/cache/ttl`, as the one definition has them. */
export function schemaKeys(): ReadonlyMap<string, JsonSchema> {
  const keys = new Map<string, JsonSchema>();
  const walk = (schema: unknown, place: string) => {
    for (const form of formsOf(schema)) {
      for (const [name, member] of Object.entries(mapOf(form["properties"]))) {
        const key = `${place}/${name}`;
        // What AWS defines, such as the members of a policy's statements, has no tags.
        if (mapOf(member)["x-targets"] !== undefined && !keys.has(key)) keys.set(key, mapOf(member));
        walk(member, key);
      }
      for (const entry of entryForms(form)) walk(entry, `${place}/*`);
      if (form["items"] !== undefined) walk(form["items"], `${place}/[]`);
    }
  };
  walk(gatewaySchema(), "");
  return keys;
}

export interface Occurrence {
  readonly key: string;
  readonly path: Path;
  /** All forms that the schema has for the value. */
  readonly forms: readonly JsonSchema[];
}

/** Where a file uses keys of the language. */
export function occurrences(tree: unknown): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const walk = (value: unknown, forms: readonly JsonSchema[], place: string, path: Path) => {
    if (Array.isArray(value)) {
      const items = forms.flatMap((form) => formsOf(form["items"]));
      for (const [at, item] of value.entries()) walk(item, items, `${place}/[]`, [...path, at]);
      return;
    }
    for (const [name, member] of Object.entries(mapOf(value))) {
      const own = forms.flatMap((form) => {
        const properties = mapOf(form["properties"]);
        return Object.hasOwn(properties, name) ? formsOf(properties[name]) : [];
      });
      if (own.length > 0) found.push({ key: `${place}/${name}`, path: [...path, name], forms: own });
      const next = own.length > 0 ? own : forms.flatMap((form) => entryForms(form, name).flatMap(formsOf));
      walk(member, next, `${place}/${own.length > 0 ? name : "*"}`, [...path, name]);
    }
  };
  walk(tree, formsOf(gatewaySchema()), "", []);
  return found;
}

/** A schema and its alternatives. */
function formsOf(schema: unknown): readonly JsonSchema[] {
  const form = mapOf(schema);
  const more = [form["anyOf"], form["oneOf"], form["allOf"]].flatMap((list) => (Array.isArray(list) ? list : []));
  return [form, ...more.flatMap(formsOf)];
}

/** Schemas of a map's entries whose names are the user's. */
function entryForms(form: JsonSchema, name?: string): readonly unknown[] {
  const patterns = Object.entries(mapOf(form["patternProperties"]));
  const matching = patterns.filter(([pattern]) => name === undefined || new RegExp(pattern).test(name));
  const { additionalProperties } = form;
  return [...(typeof additionalProperties === "object" ? [additionalProperties] : []), ...matching.map(([, s]) => s)];
}

function mapOf(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}
