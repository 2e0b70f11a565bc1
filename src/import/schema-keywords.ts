import type { Constraints, JsonValue } from "../model/types.js";
import type { Importing } from "./importing.js";
import { itemsOf, jsonOf, type MapTree, memberOf, type Tree, textOf } from "./tree.js";

/** Constraints by the kind of value that they are about. */
const byKind: Readonly<Record<string, readonly string[]>> = {
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  string: ["minLength", "maxLength", "pattern"],
  array: ["minItems", "maxItems", "uniqueItems"],
  object: ["minProperties", "maxProperties"],
};
const allConstraints: readonly string[] = Object.values(byKind).flat();

/** Keywords that types carry, by themselves or in their documentation. */
const carried: ReadonlySet<string> = new Set([
  ...allConstraints,
  ..."type format enum const items prefixItems additionalItems properties required additionalProperties allOf anyOf oneOf".split(
    " ",
  ),
  ..."title description default example examples deprecated readOnly writeOnly nullable x-nullable $ref not definitions $defs $schema".split(
    " ",
  ),
  ..."$id $comment $anchor discriminator".split(" "),
]);

/** Keywords and extensions that have no place in a type are told. */
export function reportKeywords(tree: MapTree, importing: Importing): void {
  for (const { name, value, nameSpan } of tree.members.values()) {
    if (!carried.has(name)) importing.leftOut({ ...value, span: nameSpan }, `the schema keyword "${name}"`);
    else if (name === "not" && exclusions(value) === undefined) importing.leftOut(value, 'the schema keyword "not"');
    else if (name === "discriminator" && !tree.members.has("oneOf") && !tree.members.has("anyOf")) {
      importing.leftOut(value, "a discriminator without oneOf");
    }
  }
}

const kinds = ["string", "number", "integer", "boolean", "object", "array", "null", "file"];

/** Kinds of value that a schema admits; where `type` is missing, the keywords tell. */
export function kindsOf(tree: MapTree, importing: Importing): readonly string[] {
  const type = memberOf(tree, "type");
  const given = type?.kind === "list" ? itemsOf(type) : type ? [type] : [];
  for (const kind of given) {
    if (kinds.includes(textOf(kind) ?? (kind.kind === "scalar" && kind.value === null ? "null" : ""))) continue;
    importing.wrongType(kind, "type", `one of ${kinds.slice(0, 7).join(", ")}`);
    return [];
  }
  if (type) return given.map((kind) => textOf(kind) ?? "null");
  const has = (names: readonly string[]) => names.some((name) => tree.members.has(name));
  if (has(["properties", "required", "additionalProperties", ...(byKind["object"] ?? [])])) return ["object"];
  if (has(["items", "prefixItems", ...(byKind["array"] ?? [])])) return ["array"];
  if (has(byKind["string"] ?? [])) return ["string"];
  if (has(byKind["number"] ?? [])) return ["number"];
  return has(["format"]) ? ["string"] : [];
}

/** Whether a schema says nothing but constraints, so that it speaks about its neighbours. */
export function isConstraintsOnly(names: Iterable<string>): boolean {
  for (const name of names) if (!allConstraints.includes(name) && name !== "format" && name !== "not") return false;
  return true;
}

/** Constraints that mean something for values of a kind (`any`: for some kind); values of the wrong kind are left out. */
export function constraintsOf(tree: MapTree, kind: string): Constraints {
  const names = kind === "any" ? [...allConstraints, "format"] : (byKind[kind === "integer" ? "number" : kind] ?? []);
  const found: Record<string, JsonValue> = {};
  for (const name of names) {
    const value = memberOf(tree, name);
    if (value !== undefined && isFitting(name, jsonOf(value))) found[name] = jsonOf(value);
  }
  takeExclusive("minimum", "exclusiveMinimum", found);
  takeExclusive("maximum", "exclusiveMaximum", found);
  for (const value of exclusions(memberOf(tree, "not")) ?? []) {
    if (value === found["minimum"]) found["exclusiveMinimum"] = true;
    if (value === found["maximum"]) found["exclusiveMaximum"] = true;
  }
  return found as Constraints;
}

/** A number from draft-06 on, a flag before. A flag without its bound says nothing. */
function takeExclusive(bound: string, exclusive: string, found: Record<string, JsonValue>): void {
  const value = found[exclusive];
  if (typeof value === "number") {
    found[bound] = value;
    found[exclusive] = true;
  } else if (value === false || found[bound] === undefined) delete found[exclusive];
}

function isFitting(name: string, value: JsonValue): boolean {
  if (name === "pattern" || name === "format") return typeof value === "string" && value !== "";
  if (name === "uniqueItems") return value === true;
  if (name.startsWith("exclusive")) return typeof value === "boolean" || typeof value === "number";
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return /^(?:min|max)[A-Z]/.test(name)
    ? Number.isSafeInteger(value) && value >= 0
    : name !== "multipleOf" || value > 0;
}

/** `not: { enum: [0] }` beside a bound: how exclusive bounds are written for API Gateway. */
function exclusions(not: Tree | undefined): readonly JsonValue[] | undefined {
  const list = memberOf(not, "enum");
  return not?.kind === "map" && not.members.size === 1 && list?.kind === "list" ? list.items.map(jsonOf) : undefined;
}
