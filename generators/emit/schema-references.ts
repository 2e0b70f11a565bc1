import type { JsonValue } from "../../src/model/types.js";

export interface SchemaObject {
  readonly [keyword: string]: JsonValue;
}

/** A schema and the URI that references inside it are relative to. */
export interface Located {
  readonly schema: SchemaObject;
  readonly base: string;
}

/** URI of a document that names none itself. */
export const rootUri = "gateway:/models";

/**
 * Finds what `$ref` means in draft-04: `id` changes the base, a fragment is a pointer or an `id` of its own, and siblings
 * of `$ref` do not count. Documents are given; nothing is ever loaded.
 */
export class SchemaReferences {
  readonly #byUri = new Map<string, Located>();
  readonly #bases = new Map<SchemaObject, string>();

  constructor(document: SchemaObject, others: ReadonlyMap<string, SchemaObject> = new Map()) {
    this.#addDocument(rootUri, document);
    for (const [uri, schema] of others) this.#addDocument(uri, schema);
  }

  /** Base URI of a schema inside one of the documents. */
  baseOf(schema: SchemaObject, inherited: string = rootUri): string {
    return this.#bases.get(schema) ?? inherited;
  }

  /** The schema that a reference leads to, or undefined. */
  find(reference: string, base: string): Located | undefined {
    const uri = resolveUri(reference, base);
    if (uri === undefined) return undefined;
    const exact = this.#byUri.get(uri);
    if (exact) return exact;
    const [document = "", fragment = ""] = uri.split("#", 2);
    const start = this.#byUri.get(document);
    const pointer = decode(fragment);
    if (!start || pointer === undefined) return undefined;
    return pointer === "" ? start : this.#follow(start, pointer);
  }

  #addDocument(uri: string, schema: SchemaObject): void {
    this.#byUri.set(uri, { schema, base: uri });
    this.#visit(schema, uri);
  }

  #visit(schema: JsonValue | undefined, inherited: string): void {
    if (!isSchema(schema) || this.#bases.has(schema)) return;
    if (typeof schema.$ref === "string") {
      this.#bases.set(schema, inherited);
      return;
    }
    const own = typeof schema.id === "string" ? resolveUri(schema.id, inherited) : undefined;
    const base = own === undefined ? inherited : (own.split("#", 1)[0] ?? inherited);
    this.#bases.set(schema, base);
    if (own !== undefined) this.#byUri.set(own.endsWith("#") ? own.slice(0, -1) : own, { schema, base });
    for (const inner of subschemas(schema)) this.#visit(inner, base);
  }

  #follow(start: Located, pointer: string): Located | undefined {
    if (!pointer.startsWith("/")) return undefined;
    let current: JsonValue | undefined = start.schema;
    let { base } = start;
    for (const token of pointer.slice(1).split("/")) {
      const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof current !== "object" || current === null || !Object.hasOwn(current, name)) return undefined;
      current = (current as SchemaObject)[name];
      if (isSchema(current)) base = this.baseOf(current, base);
    }
    return isSchema(current) ? { schema: current, base } : undefined;
  }
}

export function isSchema(value: JsonValue | undefined): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Schemas directly inside a schema, by draft-04's keywords. */
function subschemas(schema: SchemaObject): readonly JsonValue[] {
  const out: JsonValue[] = [];
  for (const keyword of ["additionalItems", "additionalProperties", "items", "not"]) {
    const value = schema[keyword];
    if (Array.isArray(value)) out.push(...value);
    else if (value !== undefined) out.push(value);
  }
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const value = schema[keyword];
    if (Array.isArray(value)) out.push(...value);
  }
  for (const keyword of ["definitions", "dependencies", "patternProperties", "properties"]) {
    const value = schema[keyword];
    if (isSchema(value)) out.push(...Object.values(value));
  }
  return out;
}

function resolveUri(reference: string, base: string): string | undefined {
  try {
    const { href } = new URL(reference, base);
    return href.endsWith("#") ? href.slice(0, -1) : href;
  } catch {
    return reference.startsWith("#") ? `${base.split("#", 1)[0]}${reference === "#" ? "" : reference}` : undefined;
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
