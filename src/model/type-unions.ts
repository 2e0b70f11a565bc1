import { anyType, enumeration, literal, nullType, primitive, union } from "./type-builders.js";
import { TypeKeys } from "./type-keys.js";
import { isUndocumented, type LiteralType, type Type } from "./types.js";

/**
 * The union of some types in its shortest form, in the order written: nested unions are opened, repetitions dropped,
 * literals of one primitive become one enum, `true | false` becomes boolean, what a wider member covers is dropped, and
 * `unknown` swallows the rest. `null` stands last.
 */
export function unionOf(types: readonly Type[], keys: TypeKeys = new TypeKeys()): Type {
  const flat = types.flatMap(open);
  const swallowing = flat.find((type) => type.kind === "primitive" && type.name === "any" && isPlain(type));
  if (swallowing) return anyType;
  const members = distinct(groupLiterals(flat), keys);
  const ordered = [...members.filter((type) => !isNull(type)), ...members.filter(isNull)];
  const [only] = ordered;
  return ordered.length === 1 && only ? only : union(ordered);
}

export function isNull(type: Type): boolean {
  return type.kind === "primitive" && type.name === "null";
}

function isPlain(type: Type): boolean {
  return Object.keys(type.constraints).length === 0 && isUndocumented(type.docs);
}

/** Members of a union; the values of an enum one by one, so that they can be regrouped. */
function open(type: Type): readonly Type[] {
  if (!isPlain(type)) return [type];
  if (type.kind === "union") return type.members.flatMap(open);
  if (type.kind === "enum") return type.values.map((value) => literal(value));
  return [type];
}

function groupLiterals(types: readonly Type[]): readonly Type[] {
  const groups = new Map<string, Set<LiteralType["value"]>>();
  const covered = new Set(types.flatMap((type) => (type.kind === "primitive" && isWide(type) ? [type.name] : [])));
  const out: (Type | string)[] = [];
  for (const type of types) {
    if (type.kind !== "literal" || !isPlain(type)) {
      if (!(type.kind === "primitive" && type.name === "integer" && isWide(type) && covered.has("number")))
        out.push(type);
      continue;
    }
    if (isCovered(type.value, covered)) continue;
    const base = typeof type.value;
    const group = groups.get(base);
    if (group) {
      group.add(type.value);
    } else {
      groups.set(base, new Set([type.value]));
      out.push(base);
    }
  }
  return out.map((entry) => (typeof entry === "string" ? literals([...(groups.get(entry) ?? [])]) : entry));
}

function isWide(type: Type): boolean {
  return type.kind === "primitive" && type.format === undefined && isPlain(type);
}

function isCovered(value: LiteralType["value"], names: ReadonlySet<string>): boolean {
  if (typeof value !== "number") return names.has(typeof value);
  return names.has("number") || (Number.isInteger(value) && names.has("integer"));
}

/** Literals of one primitive type. */
function literals(values: readonly LiteralType["value"][]): Type {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return literal(only);
  if (values.length === 2 && typeof only === "boolean") return primitive("boolean");
  return enumeration(values);
}

function distinct(types: readonly Type[], keys: TypeKeys): readonly Type[] {
  const seen = new Set<number>();
  const out: Type[] = [];
  for (const type of types) {
    const id = isNull(type) ? keys.idOf(nullType) : keys.idOf(type);
    if (seen.has(id)) continue;
    seen.add(id);
    out.push(type);
  }
  return out;
}
