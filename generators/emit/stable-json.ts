import type { JsonValue } from "../../src/model/types.js";

/** A JSON object under construction: members that are undefined are no members. */
export interface Members {
  readonly [name: string]: JsonValue | undefined;
}

/** An object of JSON data; `JsonValue` narrowed. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** The object without the members that are undefined. Any name is an own member, `__proto__` too. */
export function jsonObject(members: Members): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const name of Object.keys(members)) setMember(out, name, members[name]);
  return out;
}

/** An object with these members in this order; a name that comes twice keeps its first place and its last value. */
export function objectOf(entries: Iterable<readonly [string, JsonValue | undefined]>): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const [name, value] of entries) setMember(out, name, value);
  return out;
}

/** Plain objects are half as dear as null-prototype ones, in time and memory; only `__proto__` needs care in them. */
function setMember(out: Record<string, JsonValue>, name: string, value: JsonValue | undefined): void {
  if (value === undefined) return;
  if (name !== "__proto__") out[name] = value;
  else Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The object, or undefined when it has no members: for members that are left out when empty. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Data with changes laid over it: objects are merged member by member, anything else is replaced. */
export function merged(base: JsonObject, changes: JsonObject): JsonObject {
  const out = new Map(Object.entries(base));
  for (const [name, change] of Object.entries(changes)) {
    const old = out.get(name);
    out.set(name, isJsonObject(old) && isJsonObject(change) ? merged(old, change) : change);
  }
  return objectOf(out);
}

/** JSON text in the order of the data, two spaces a level, with a final newline: the same bytes for the same data. */
export function printJson(value: JsonValue): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
