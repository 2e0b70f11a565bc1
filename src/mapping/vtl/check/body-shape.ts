import type { Step } from "../../../../runtime/mapping/jsonpath/path.js";
import { type ModelLookup, resolved } from "../../../model/type-questions.js";
import type { Type } from "../../../model/types.js";

/** Types that a value may have; undefined where nothing is known, which no check speaks about. */
export type Shape = readonly Type[] | undefined;

/** A step that no type of the shape has. */
export interface MissingMember {
  readonly name: string;
  /** Names that are there instead. */
  readonly known: readonly string[];
  /** What lacks it, in words. */
  readonly where: string;
}

/** Shape of a member, or that none of the types has it. */
export function memberOf(shape: Shape, name: string, lookup: ModelLookup): Shape | MissingMember {
  if (shape === undefined) return undefined;
  const found: Type[] = [];
  for (const type of shape) {
    const member = memberTypes(type, name, lookup);
    if (member === undefined) return undefined;
    found.push(...member);
  }
  if (found.length > 0 || shape.length === 0) return found;
  return { name, known: shape.flatMap((type) => memberNames(type, lookup)), where: describe(shape, lookup) };
}

export function isMissing(shape: Shape | MissingMember): shape is MissingMember {
  return shape !== undefined && !Array.isArray(shape);
}

/** Types of a member; empty where the type has none of the name, undefined where that cannot be known. */
function memberTypes(type: Type, name: string, lookup: ModelLookup): readonly Type[] | undefined {
  const inner = resolved(type, lookup);
  switch (inner.kind) {
    case "primitive":
      return inner.name === "any" || inner.name === "binary" ? undefined : [];
    case "object": {
      const property = inner.properties.find((candidate) => candidate.name === name);
      if (property !== undefined) return [property.type];
      return typeof inner.additional === "boolean" ? [] : [inner.additional];
    }
    case "union":
    case "intersection": {
      const found = inner.members.map((member) => memberTypes(member, name, lookup));
      return found.includes(undefined) ? undefined : found.flatMap((types) => types ?? []);
    }
    default:
      return [];
  }
}

function memberNames(type: Type, lookup: ModelLookup): readonly string[] {
  const inner = resolved(type, lookup);
  if (inner.kind === "object") return inner.properties.map(({ name }) => name);
  if (inner.kind !== "union" && inner.kind !== "intersection") return [];
  return inner.members.flatMap((member) => memberNames(member, lookup));
}

function describe(shape: readonly Type[], lookup: ModelLookup): string {
  const [type] = shape;
  if (type?.kind === "reference") return `"${type.model}"`;
  const kind = type === undefined ? "object" : resolved(type, lookup).kind;
  if (kind === "array" || kind === "tuple") return "a list";
  if (kind === "object" || kind === "union" || kind === "intersection") return "the declared type";
  return "a value that is no object";
}

/** Shape of the items of a list, or of the values of an object. */
export function itemsOf(shape: Shape, lookup: ModelLookup): Shape {
  if (shape === undefined) return undefined;
  const found: Type[] = [];
  for (const type of shape) {
    const items = itemTypes(type, lookup);
    if (items === undefined) return undefined;
    found.push(...items);
  }
  return found.length === 0 ? undefined : found;
}

function itemTypes(type: Type, lookup: ModelLookup): readonly Type[] | undefined {
  const inner = resolved(type, lookup);
  switch (inner.kind) {
    case "array":
      return [inner.items];
    case "tuple":
      return inner.rest === undefined ? inner.items : [...inner.items, inner.rest];
    case "object":
      if (inner.additional === true) return undefined;
      return [
        ...inner.properties.map((property) => property.type),
        ...(inner.additional === false ? [] : [inner.additional]),
      ];
    case "union": {
      const found = inner.members.map((member) => itemTypes(member, lookup));
      return found.includes(undefined) ? undefined : found.flatMap((types) => types ?? []);
    }
    case "primitive":
      return inner.name === "any" || inner.name === "binary" ? undefined : [];
    default:
      return undefined;
  }
}

/** Follows a JSONPath through the declared type. */
export function followPath(steps: readonly Step[], shape: Shape, lookup: ModelLookup): Shape | MissingMember {
  let current: Shape = shape;
  for (const step of steps) {
    switch (step.kind) {
      case "names": {
        const results = step.names.map((name) => memberOf(current, name, lookup));
        const missing = results.find(isMissing);
        if (missing !== undefined) return missing;
        const [only] = results;
        current = results.length === 1 && only !== undefined && !isMissing(only) ? only : undefined;
        break;
      }
      case "indexes":
      case "slice":
      case "wildcard":
        current = itemsOf(current, lookup);
        break;
      case "filter":
        current = itemsOf(current, lookup);
        break;
      default:
        return undefined;
    }
    if (current === undefined) return undefined;
  }
  return current;
}
