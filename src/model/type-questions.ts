import { anyType } from "./type-builders.js";
import { unionOf } from "./type-unions.js";
import type { JsonValue, ObjectType, Property, Type } from "./types.js";

/** The type of a model by name; undefined when there is no such model. */
export type ModelLookup = (model: string) => Type | undefined;

/** References are followed this far; a longer chain is a cycle that was reported already. */
const maxReferenceHops = 64;

/** The type behind references; `any` when a name leads nowhere (reported elsewhere). */
export function resolved(type: Type, lookup: ModelLookup): Exclude<Type, { kind: "reference" }> {
  let current = type;
  for (let hops = 0; current.kind === "reference" && hops < maxReferenceHops; hops++) {
    current = lookup(current.model) ?? anyType;
  }
  return current.kind === "reference" ? anyType : current;
}

/** Direct parts of a type, in the order written. */
export function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "array":
      return [type.items];
    case "tuple":
      return type.rest ? [...type.items, type.rest] : type.items;
    case "object":
      return [
        ...type.properties.map((property) => property.type),
        ...(typeof type.additional === "boolean" ? [] : [type.additional]),
      ];
    case "union":
    case "intersection":
      return type.members;
    default:
      return [];
  }
}

/** Visits each distinct node of a type once, the outer before the inner; references are not followed. */
export function walkType(type: Type, visit: (type: Type) => void): void {
  const seen = new Set<Type>();
  const queue = [type];
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    visit(next);
    queue.push(...[...partsOf(next)].reverse());
  }
}

/** Names of the models that a type mentions itself, in the order written. */
export function referencesOf(type: Type): ReadonlySet<string> {
  const names = new Set<string>();
  walkType(type, (part) => {
    if (part.kind === "reference") names.add(part.model);
  });
  return names;
}

/** Names of all models that some types need, directly or by way of other models. */
export function reachableModels(types: Iterable<Type>, lookup: ModelLookup): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [...types];
  for (let type = queue.pop(); type; type = queue.pop()) {
    for (const name of referencesOf(type)) {
      if (reached.has(name)) continue;
      reached.add(name);
      const target = lookup(name);
      if (target) queue.push(target);
    }
  }
  return reached;
}

/** What is known of the members of a value: its listed properties and what else may stand there. */
export interface Members {
  readonly properties: ReadonlyMap<string, Property>;
  readonly additional: Type | boolean;
}

/**
 * Members of an object type, of an intersection of such, or of a union of such (a property that not all members of the
 * union have is optional). Undefined when the type is, or may be, something else than an object. `null` in a union is
 * looked through.
 */
export function membersOf(type: Type, lookup: ModelLookup, depth = 0): Members | undefined {
  if (depth > maxReferenceHops) return undefined;
  const target = resolved(type, lookup);
  if (target.kind === "object") {
    return { properties: new Map(target.properties.map((p) => [p.name, p])), additional: target.additional };
  }
  if (target.kind !== "union" && target.kind !== "intersection") return undefined;
  const all = target.members
    .filter((member) => !(member.kind === "primitive" && member.name === "null"))
    .map((member) => membersOf(member, lookup, depth + 1));
  const known = all.filter((members) => members !== undefined);
  if (known.length === 0 || known.length < all.length) return undefined;
  return known.reduce((a, b) => (target.kind === "union" ? either(a, b) : both(a, b)));
}

function either(a: Members, b: Members): Members {
  const properties = new Map<string, Property>();
  for (const name of new Set([...a.properties.keys(), ...b.properties.keys()])) {
    const left = a.properties.get(name);
    const right = b.properties.get(name);
    const merged = left && right ? unite(left, right) : { ...(left ?? right)!, optional: true };
    properties.set(name, merged);
  }
  return { properties, additional: a.additional === false ? b.additional : a.additional };
}

function unite(left: Property, right: Property): Property {
  const type = left.type === right.type ? left.type : unionOf([left.type, right.type]);
  return { ...left, type, optional: left.optional || right.optional };
}

function both(a: Members, b: Members): Members {
  const properties = new Map(a.properties);
  for (const [name, property] of b.properties) {
    const other = properties.get(name);
    properties.set(name, other && !other.optional ? { ...property, optional: false } : property);
  }
  return { properties, additional: a.additional === true ? b.additional : a.additional };
}

/**
 * A member of a value by name: declared, or covered by an index signature. `unknown` has every member. Undefined when
 * the type does not declare it (an open object may still carry it, but nobody said so).
 */
export function memberOf(type: Type, name: string, lookup: ModelLookup): Property | undefined {
  const target = resolved(type, lookup);
  const undeclared = (of: Type): Property => ({ name, type: of, optional: true, readOnly: false, docs: anyType.docs });
  if (target.kind === "primitive" && target.name === "any") return undeclared(anyType);
  const members = membersOf(target, lookup);
  if (!members) return undefined;
  const declared = members.properties.get(name);
  if (declared) return declared;
  return typeof members.additional === "object" ? undeclared(members.additional) : undefined;
}

/** Whether an object type declares a property, by itself or by an index signature. */
export function hasProperty(type: Type, name: string, lookup: ModelLookup): boolean {
  return memberOf(type, name, lookup) !== undefined;
}

/** Type of an element at an index (undefined: any element); undefined when the type is no array. */
export function elementOf(type: Type, index: number | undefined, lookup: ModelLookup): Type | undefined {
  const target = resolved(type, lookup);
  if (target.kind === "primitive" && target.name === "any") return anyType;
  if (target.kind === "array") return target.items;
  if (target.kind === "tuple") {
    if (index !== undefined) return target.items[index] ?? target.rest;
    const parts = partsOf(target);
    return parts.length === 0 ? anyType : unionOf(parts);
  }
  if (target.kind === "union") {
    const kept = target.members.filter((member) => !(member.kind === "primitive" && member.name === "null"));
    return kept.length === 1 && kept[0] ? elementOf(kept[0], index, lookup) : undefined;
  }
  return undefined;
}

export type JsonKind = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

const everyKind: readonly JsonKind[] = ["null", "boolean", "integer", "number", "string", "array", "object"];

/** Kinds of JSON values that a type admits; `number` includes integers and then names both. */
export function jsonKinds(type: Type, lookup: ModelLookup, depth = 0): ReadonlySet<JsonKind> {
  const target = resolved(type, lookup);
  switch (target.kind) {
    case "primitive":
      if (target.name === "any") return new Set(everyKind);
      if (target.name === "number") return new Set(["integer", "number"]);
      return new Set([target.name === "binary" ? "string" : target.name]);
    case "literal":
      return new Set([kindOf(target.value)]);
    case "enum":
      return new Set(target.values.map(kindOf));
    case "array":
    case "tuple":
      return new Set(["array"]);
    case "object":
      return new Set(["object"]);
    case "union":
    case "intersection": {
      if (depth > maxReferenceHops) return new Set(everyKind);
      const all = target.members.map((member) => jsonKinds(member, lookup, depth + 1));
      if (target.kind === "union") return new Set(all.flatMap((kinds) => [...kinds]));
      return new Set(everyKind.filter((kind) => all.every((kinds) => kinds.has(kind))));
    }
  }
}

/** Kind of a JSON value; 1.0 is an integer, as JSON parsers in JavaScript cannot tell it from 1. */
export function kindOf(value: JsonValue): JsonKind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "object" ? "object" : (typeof value as "boolean" | "string");
}

/** The object type behind references, when it is one by itself. */
export function objectOf(type: Type, lookup: ModelLookup): ObjectType | undefined {
  const target = resolved(type, lookup);
  return target.kind === "object" ? target : undefined;
}
