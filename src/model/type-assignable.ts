import { TypeKeys } from "./type-keys.js";
import { jsonKinds, type Members, type ModelLookup, membersOf, resolved } from "./type-questions.js";
import type { Constraints, LiteralType, Property, Type } from "./types.js";

/**
 * Whether every value of one type is a value of another, as TypeScript judges it (structurally; constraints and formats
 * are not types there and do not count). Recursive types are assumed to fit while they are being compared.
 */
export function isAssignable(from: Type, to: Type, lookup: ModelLookup): boolean {
  const keys = new TypeKeys();
  const assumed = new Set<string>();
  const fits = (a: Type, b: Type): boolean => {
    if (a === b) return true;
    const pair = `${keys.idOf(a)}>${keys.idOf(b)}`;
    if (assumed.has(pair)) return true;
    assumed.add(pair);
    const result = compare(a, b);
    if (!result) assumed.delete(pair);
    return result;
  };

  const compare = (a: Type, b: Type): boolean => {
    if (a.kind === "reference" && b.kind === "reference" && a.model === b.model) return true;
    const source = resolved(a, lookup);
    const target = resolved(b, lookup);
    if (isAny(target) || isAny(source)) return true;
    if (source.kind === "union") return source.members.every((member) => fits(member, target));
    if (source.kind === "enum") return source.values.every((value) => admitsLiteral(target, value, fits, lookup));
    if (source.kind === "literal") return admitsLiteral(target, source.value, fits, lookup);
    if (target.kind === "union")
      return target.members.some((member) => fits(source, member)) || bothBooleans(source, target);
    if (target.kind === "intersection") return target.members.every((member) => fits(source, member));
    return compareSimple(source, target);
  };

  const compareSimple = (source: Type, target: Type): boolean => {
    switch (target.kind) {
      case "primitive":
        return source.kind === "primitive" && primitiveFits(source.name, target.name);
      case "array":
        if (source.kind === "array") return fits(source.items, target.items);
        return (
          source.kind === "tuple" && [...source.items, ...restOf(source)].every((item) => fits(item, target.items))
        );
      case "tuple":
        return source.kind === "tuple" && tupleFits(source, target, fits);
      case "object":
        return objectFits(membersOf(source, lookup), membersOf(target, lookup), fits);
      default:
        return false;
    }
  };
  return fits(from, to);
}

type Fits = (a: Type, b: Type) => boolean;

function isAny(type: Type): boolean {
  return type.kind === "primitive" && type.name === "any";
}

function primitiveFits(source: string, target: string): boolean {
  return source === target || (source === "integer" && target === "number");
}

function bothBooleans(source: Type, target: Extract<Type, { kind: "union" }>): boolean {
  if (source.kind !== "primitive" || source.name !== "boolean") return false;
  return [true, false].every((value) => target.members.some((m) => m.kind === "literal" && m.value === value));
}

function admitsLiteral(target: Type, value: LiteralType["value"], fits: Fits, lookup: ModelLookup): boolean {
  const type = resolved(target, lookup);
  switch (type.kind) {
    case "literal":
      return type.value === value;
    case "enum":
      return type.values.includes(value);
    case "union":
      return type.members.some((member) => admitsLiteral(member, value, fits, lookup));
    case "intersection":
      return type.members.every((member) => admitsLiteral(member, value, fits, lookup));
    case "primitive":
      if (type.name === "any") return true;
      if (typeof value !== "number") return typeof value === type.name;
      return type.name === "number" || (type.name === "integer" && Number.isInteger(value));
    default:
      return false;
  }
}

function restOf(type: Extract<Type, { kind: "tuple" }>): readonly Type[] {
  return type.rest ? [type.rest] : [];
}

function tupleFits(a: Extract<Type, { kind: "tuple" }>, b: Extract<Type, { kind: "tuple" }>, fits: Fits): boolean {
  if (a.required < b.required) return false;
  if (!b.rest && (a.rest || a.items.length > b.items.length)) return false;
  return [...a.items, ...restOf(a)].every((item, index) => {
    const slot = b.items[index] ?? b.rest;
    return slot === undefined || fits(item, slot);
  });
}

function objectFits(source: Members | undefined, target: Members | undefined, fits: Fits): boolean {
  if (!source || !target) return false;
  for (const wanted of target.properties.values()) {
    const given = source.properties.get(wanted.name);
    if (!given && !wanted.optional) return false;
    if (given && ((given.optional && !wanted.optional) || !fits(given.type, wanted.type))) return false;
  }
  const { additional } = target;
  if (typeof additional === "boolean") return true;
  const extra = [...source.properties.values()].filter((p: Property) => !target.properties.has(p.name));
  if (typeof source.additional !== "boolean" && !fits(source.additional, additional)) return false;
  return extra.every((property) => fits(property.type, additional));
}

/** Keywords that mean something for a kind of value. */
const keywordKinds: Readonly<Record<keyof Constraints, "numeric" | "string" | "array" | "object" | "text">> = {
  minimum: "numeric",
  maximum: "numeric",
  exclusiveMinimum: "numeric",
  exclusiveMaximum: "numeric",
  multipleOf: "numeric",
  minLength: "string",
  maxLength: "string",
  pattern: "string",
  minItems: "array",
  maxItems: "array",
  uniqueItems: "array",
  minProperties: "object",
  maxProperties: "object",
  format: "text",
};

/** Whether some value of the type is of a kind that the keyword speaks about (`minLength` of a number says nothing). */
export function acceptsKeyword(type: Type, keyword: keyof Constraints, lookup: ModelLookup): boolean {
  const target = resolved(type, lookup);
  if (target.kind === "literal" || target.kind === "enum") return false;
  if (target.kind === "union") return target.members.some((member) => acceptsKeyword(member, keyword, lookup));
  const kinds = jsonKinds(target, lookup);
  const numeric = kinds.has("number") || kinds.has("integer");
  const wanted = keywordKinds[keyword];
  if (wanted === "numeric") return numeric;
  if (wanted === "text") return target.kind === "primitive" && (numeric || kinds.has("string"));
  return kinds.has(wanted);
}
