import { kindOf, type ModelLookup, membersOf, resolved } from "./type-questions.js";
import type { Constraints, JsonValue, Type } from "./types.js";

/**
 * Why a JSON value is not of a type, in a few words, or undefined when it is. Used for `@default`, `@example` and
 * literals in gateway.yaml; patterns are left to the caller, who knows whether they are safe.
 */
export function valueMismatch(type: Type, value: JsonValue, lookup: ModelLookup, depth = 0): string | undefined {
  if (depth > 64) return undefined;
  const target = resolved(type, lookup);
  const inner = (part: Type, of: JsonValue) => valueMismatch(part, of, lookup, depth + 1);
  const broken = constraintMismatch(type.constraints, value) ?? constraintMismatch(target.constraints, value);
  if (broken) return broken;
  switch (target.kind) {
    case "primitive":
      return primitiveMismatch(target.name, value);
    case "literal":
      return value === target.value ? undefined : `it must be ${JSON.stringify(target.value)}`;
    case "enum":
      return target.values.some((allowed) => allowed === value)
        ? undefined
        : `it must be one of ${target.values.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
    case "array":
      if (!Array.isArray(value)) return "it must be an array";
      return first(value, (item) => inner(target.items, item));
    case "tuple":
      if (!Array.isArray(value)) return "it must be an array";
      if (value.length < target.required) return `it must have at least ${target.required} items`;
      if (!target.rest && value.length > target.items.length)
        return `it must have at most ${target.items.length} items`;
      return first(value, (item, index) => {
        const slot = target.items[index] ?? target.rest;
        return slot && inner(slot, item);
      });
    case "object":
      return objectMismatch(target, value, inner, lookup);
    case "union":
      return target.members.some((member) => inner(member, value) === undefined)
        ? undefined
        : "it fits no member of the union";
    case "intersection":
      return first(target.members, (member) => inner(member, value));
  }
}

function primitiveMismatch(name: string, value: JsonValue): string | undefined {
  if (name === "any") return undefined;
  const kind = kindOf(value);
  const wanted = name === "binary" ? "string" : name;
  if (kind === wanted || (wanted === "number" && kind === "integer")) return undefined;
  return `it must be ${wanted === "null" ? "null" : `${/^[aeiou]/.test(wanted) ? "an" : "a"} ${wanted}`}`;
}

function objectMismatch(
  target: Type,
  value: JsonValue,
  inner: (part: Type, of: JsonValue) => string | undefined,
  lookup: ModelLookup,
): string | undefined {
  if (kindOf(value) !== "object") return "it must be an object";
  const given = new Map(Object.entries(value as { readonly [name: string]: JsonValue }));
  const members = membersOf(target, lookup);
  if (!members) return undefined;
  for (const property of members.properties.values()) {
    const member = given.get(property.name);
    if (member === undefined && !property.optional) return `it lacks "${property.name}"`;
    const why = member === undefined ? undefined : inner(property.type, member);
    if (why) return `in "${property.name}", ${why}`;
  }
  const { additional } = members;
  if (additional === true) return undefined;
  for (const [name, member] of given) {
    if (members.properties.has(name)) continue;
    if (additional === false) return `it must not have "${name}"`;
    const why = inner(additional, member);
    if (why) return `in "${name}", ${why}`;
  }
  return undefined;
}

function constraintMismatch(limits: Constraints, value: JsonValue): string | undefined {
  const size = typeof value === "string" ? [...value].length : Array.isArray(value) ? value.length : undefined;
  if (typeof value === "number") return numberMismatch(limits, value);
  if (typeof value === "string" && size !== undefined) {
    if (size < (limits.minLength ?? 0)) return `it must have at least ${limits.minLength} characters`;
    if (size > (limits.maxLength ?? size)) return `it must have at most ${limits.maxLength} characters`;
  }
  if (Array.isArray(value) && size !== undefined) {
    if (size < (limits.minItems ?? 0)) return `it must have at least ${limits.minItems} items`;
    if (size > (limits.maxItems ?? size)) return `it must have at most ${limits.maxItems} items`;
  }
  return undefined;
}

function numberMismatch(limits: Constraints, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limits;
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    return `it must be ${exclusiveMinimum ? "greater than" : "at least"} ${minimum}`;
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    return `it must be ${exclusiveMaximum ? "less than" : "at most"} ${maximum}`;
  }
  return undefined;
}

function first<T>(items: readonly T[], check: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const why = check(item, index);
    if (why) return why;
  }
  return undefined;
}
