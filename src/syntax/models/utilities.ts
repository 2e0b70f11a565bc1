import type ts from "typescript";
import { isAssignable } from "../../model/type-assignable.js";
import { property } from "../../model/type-builders.js";
import { resolved } from "../../model/type-questions.js";
import { isNull, unionOf } from "../../model/type-unions.js";
import type { Type } from "../../model/types.js";
import { nearest } from "../../nearest.js";
import { broken, brokenType } from "./broken.js";
import { instanceOf, nameOfType } from "./instances.js";
import { shapeOfNode, shapeOrReport } from "./members.js";
import { utilityTypes } from "./names.js";
import { lookupModel, type NamedUse, wrongArguments } from "./references.js";
import { arrayOf, resolveNode } from "./resolve.js";
import { lazy, mapProperties, type Shape, typeOfShape } from "./shape.js";
import type { Place } from "./table.js";

/** `Partial<T>`, `Pick<T, K>` and the others that can be worked out on the syntax tree. */
export function resolveUtility(name: string, use: NamedUse, place: Place): Type {
  const [first, second] = use.typeArguments;
  const wanted = utilityTypes.get(name) ?? 0;
  if (!first || use.typeArguments.length !== wanted) {
    return wrongArguments(use, name, `${wanted} type argument${wanted === 1 ? "" : "s"}`, place);
  }
  switch (name) {
    case "Array":
    case "ReadonlyArray":
      return arrayOf(resolveNode(first, place));
    case "Readonly":
      return resolveNode(first, place);
    case "NonNullable":
      return filtered(first, place, (member) => !isNull(member), use);
    case "Exclude":
    case "Extract":
      return second ? excludeOrExtract(name, first, second, use, place) : brokenType;
    default:
      return objectUtility(name, use, place);
  }
}

/** The result as an instance: one that meets itself, such as `Partial<User>` within User, becomes a model. */
function objectUtility(name: string, use: NamedUse, place: Place): Type {
  const before = place.source.frame.errorCount();
  const { ts } = place.source;
  // `Record<string, never>` is the closed empty object.
  const nodes = use.typeArguments.filter((node) => name !== "Record" || node.kind !== ts.SyntaxKind.NeverKeyword);
  const args = nodes.map((node) => resolveNode(node, place));
  if (place.source.frame.errorCount() > before || args.includes(brokenType)) return brokenType;
  const key = [name, ...args.map((type) => place.table.keys.idOf(type))].join(" ");
  return instanceOf(key, use, place, {
    names: [name, ...args.slice(0, 1).map(nameOfType)],
    build: () => {
      const shape = utilityShape(name, use, place);
      return shape ? typeOfShape(shape) : brokenType;
    },
  });
}

/** Members of the result of a utility on object types; reports what it cannot be applied to. */
export function utilityShape(name: string, use: NamedUse, place: Place): Shape | undefined {
  const [first, second] = use.typeArguments;
  if (!first || use.typeArguments.length !== utilityTypes.get(name)) return undefined;
  if (name === "Record") return second && recordShape(first, second, place);
  if (!["Partial", "Required", "Readonly", "Pick", "Omit"].includes(name)) return undefined;
  const shape = shapeOrReport(
    () => shapeOfNode(first, place),
    () => resolveNode(first, place),
    () => broken(place.source, first, "utility-argument", { name, detail: "it takes an object type" }),
    place,
  );
  if (!shape) return undefined;
  if (name === "Partial") return mapProperties(shape, (member) => ({ ...member, optional: true }));
  if (name === "Required") return mapProperties(shape, (member) => ({ ...member, optional: false }));
  if (name === "Readonly" || !second) return shape;
  const keys = keysOf(second, name, place);
  if (!keys) return undefined;
  for (const key of keys) {
    if (shape.properties.has(key) || typeof shape.additional !== "boolean") continue;
    broken(place.source, second, "utility-key", { key, near: nearest(key, shape.properties.keys()) });
  }
  const picks = name === "Pick";
  return mapProperties(shape, (member) => (keys.has(member.name) === picks ? member : undefined));
}

/** String literals that a type names; undefined, with a report, for other types. */
function keysOf(node: ts.TypeNode, name: string, place: Place): ReadonlySet<string> | undefined {
  const type = resolveNode(node, place);
  if (type === brokenType) return undefined;
  const target = resolved(type, (model) => lookupModel(model, place.table));
  const values = target.kind === "literal" ? [target.value] : target.kind === "enum" ? target.values : [];
  if (values.length > 0 && values.every((value) => typeof value !== "boolean")) return new Set(values.map(String));
  broken(place.source, node, "utility-argument", { name, detail: "its keys are string literals" });
  return undefined;
}

/** `Record<string, T>` is an open object; `Record<"a" | "b", T>` has these properties. */
function recordShape(keyNode: ts.TypeNode, valueNode: ts.TypeNode, place: Place): Shape | undefined {
  const { ts } = place.source;
  const isNever = valueNode.kind === ts.SyntaxKind.NeverKeyword;
  const key = resolveNode(keyNode, place);
  if (key === brokenType) return undefined;
  const target = resolved(key, (model) => lookupModel(model, place.table));
  const value = lazy(() => resolveNode(valueNode, place));
  if (target.kind === "primitive" && target.name === "string") {
    return { properties: new Map(), additional: isNever ? false : value };
  }
  const keys = keysOf(keyNode, "Record", place);
  if (!keys) return undefined;
  const literalOf = (type: Type) => (type.kind === "literal" ? String(type.value) : undefined);
  return {
    properties: new Map(
      [...keys].map((name) => {
        const literal = ts.isLiteralTypeNode(valueNode) ? literalOf(value()) : undefined;
        return [name, { name, optional: false, nameNode: undefined, literal, resolve: () => property(name, value()) }];
      }),
    ),
    additional: true,
  };
}

function excludeOrExtract(
  name: "Exclude" | "Extract",
  first: ts.TypeNode,
  second: ts.TypeNode,
  use: NamedUse,
  place: Place,
): Type {
  const other = resolveNode(second, place);
  if (other === brokenType) return brokenType;
  const lookup = (model: string) => lookupModel(model, place.table);
  return filtered(first, place, (member) => isAssignable(member, other, lookup) === (name === "Extract"), use);
}

/** Members of a union (a name is opened) that pass a test. */
function filtered(node: ts.TypeNode, place: Place, keeps: (member: Type) => boolean, use: NamedUse): Type {
  const type = resolveNode(node, place);
  if (type === brokenType) return brokenType;
  const members = membersOfUnion(type, place);
  const kept = members.filter(keeps);
  if (kept.length === members.length) return type;
  if (kept.length > 0) return unionOf(kept, place.table.keys);
  const what = use.node.getText(place.source.file).replace(/\s+/g, " ").slice(0, 80);
  return broken(place.source, use.node, "empty-type", { what });
}

function membersOfUnion(type: Type, place: Place): readonly Type[] {
  const target = resolved(type, (model) => lookupModel(model, place.table));
  if (target.kind === "union")
    return target.members.flatMap((member) => (member === type ? [member] : membersOfUnion(member, place)));
  if (target.kind === "enum") return target.values.map((value) => ({ ...target, kind: "literal", value }));
  return [type];
}
