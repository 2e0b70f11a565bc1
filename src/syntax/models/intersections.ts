import type ts from "typescript";
import {
  array,
  enumeration,
  intersection,
  literal,
  noConstraints,
  object,
  property,
  withConstraints,
} from "../../model/type-builders.js";
import { jsonKinds } from "../../model/type-questions.js";
import { valueMismatch } from "../../model/type-values.js";
import type { ObjectType, Property, Type } from "../../model/types.js";
import { annotate } from "./annotate.js";
import { broken, brokenType } from "./broken.js";
import { type ConstraintUse, constraintUse, readConstraintUses } from "./constraint-types.js";
import { rangeOf } from "./frame.js";
import { shapeOfNode } from "./members.js";
import { lookupModel } from "./references.js";
import { resolveNode } from "./resolve.js";
import { type Shape, type ShapeProperty, typeOfShape } from "./shape.js";
import type { Place, Table } from "./table.js";

/**
 * `A & B`. Constraint types (`Minimum<1>`) apply to the rest. Open objects stay an intersection of their names, with
 * what is written out merged; where one is closed all are merged, as `allOf` of closed objects admits nothing. Scalars
 * are narrowed to what both admit.
 */
export function resolveIntersection(node: ts.IntersectionTypeNode, place: Place): Type {
  const uses: ConstraintUse[] = [];
  const nodes: ts.TypeNode[] = [];
  for (const member of node.types) {
    const use = constraintUse(member, place);
    if (use) uses.push(use);
    else nodes.push(member);
  }
  const [first] = nodes;
  if (!first) return resolveNode(node.types[0] as ts.TypeNode, place);
  const type = nodes.length === 1 ? resolveNode(first, place) : meetNodes(nodes, node, place);
  if (uses.length === 0 || type === brokenType) return type;
  const annotations = readConstraintUses(uses, place.source);
  return annotate(type, annotations, place.source.frame, place.table).type;
}

function meetNodes(nodes: readonly ts.TypeNode[], node: ts.Node, place: Place): Type {
  const { source, table } = place;
  const shapes = nodes.map((member) => shapeOfNode(member, place));
  const known = shapes.filter((shape) => shape !== undefined);
  if (known.length === nodes.length && known.some((shape) => shape.additional === false)) {
    source.frame.report("aws-closed-intersection", source.frame.span(rangeOf(node, source.file)), undefined);
    return typeOfShape(mergeShapes(known, table));
  }
  const types = nodes.map((member) => resolveNode(member, place));
  if (types.includes(brokenType)) return brokenType;
  const met = meet(types, table);
  if (met) return met;
  return broken(source, node, "empty-type", { what: node.getText(source.file).replace(/\s+/g, " ").slice(0, 80) });
}

/** What all of some types admit; undefined when that is nothing. */
function meet(types: readonly Type[], table: Table): Type | undefined {
  const named = types.filter((type) => type.kind === "reference" && isObjectLike(type, table));
  const isNamed = new Set(named);
  const rest = types.filter((type) => !isNamed.has(type));
  const objects = rest.filter((type) => type.kind === "object");
  let merged = objects.length > 0 ? mergeObjects(objects, table) : undefined;
  if (objects.length > 0 && !merged) return undefined;
  for (const type of rest) {
    if (type.kind === "object") continue;
    merged = merged ? meetTwo(merged, type, table) : type;
    if (!merged) return undefined;
  }
  const members = [...named, ...(merged ? [merged] : [])];
  const [only] = members;
  if (members.length === 1 && only) return only;
  if (merged && !canBeObject(merged, table)) return undefined;
  return intersection(members.flatMap((type) => (type.kind === "intersection" ? type.members : [type])));
}

/** A name of an interface or object type; one that is being resolved can only be such. */
function isObjectLike(type: Type, table: Table): boolean {
  const target = type.kind === "reference" ? lookupModel(type.model, table) : type;
  return (
    target === undefined ||
    (jsonKinds(target, (name) => lookupModel(name, table)).size > 0 && canBeObject(target, table))
  );
}

function canBeObject(type: Type, table: Table): boolean {
  return jsonKinds(type, (name) => lookupModel(name, table)).has("object");
}

function meetTwo(a: Type, b: Type, table: Table): Type | undefined {
  const lookup = (name: string) => lookupModel(name, table);
  if (a.kind === "primitive" && a.name === "any") return b;
  if (b.kind === "primitive" && b.name === "any") return a;
  if (table.keys.same(a, b)) return a;
  if (a.kind === "reference" && b.kind !== "reference") return meetTwo(lookup(a.model) ?? b, b, table);
  if (b.kind === "reference") return meetTwo(a, lookup(b.model) ?? a, table);
  if (a.kind === "object" && b.kind === "object") return mergeObjects([a, b], table);
  const values = valuesOf(a) ?? valuesOf(b);
  if (values) return narrowed(values.filter((value) => [a, b].every((type) => !valueMismatch(type, value, lookup))));
  if (a.kind === "union" || b.kind === "union") return distribute(a, b, table);
  if (a.kind === "array" && b.kind === "array") {
    const items = meetTwo(a.items, b.items, table);
    return items && withConstraints(array(items), { ...a.constraints, ...b.constraints });
  }
  return a.kind === "primitive" && b.kind === "primitive" ? meetPrimitives(a, b) : intersectionOfSame(a, b, table);
}

type Primitive = Extract<Type, { kind: "primitive" }>;

function meetPrimitives(a: Primitive, b: Primitive): Type | undefined {
  const name = a.name === b.name ? a.name : numericMeet(a.name, b.name);
  if (!name) return undefined;
  if (a.format !== undefined && b.format !== undefined && a.format !== b.format) return intersection([a, b]);
  return withConstraints({ ...a, name, format: a.format ?? b.format }, b.constraints);
}

function numericMeet(a: string, b: string): "integer" | undefined {
  return (a === "integer" && b === "number") || (a === "number" && b === "integer") ? "integer" : undefined;
}

function intersectionOfSame(a: Type, b: Type, table: Table): Type | undefined {
  const lookup = (name: string) => lookupModel(name, table);
  const kinds = jsonKinds(b, lookup);
  const shared = [...jsonKinds(a, lookup)].some((kind) => kinds.has(kind));
  return shared ? intersection([a, b]) : undefined;
}

/** `(A | B) & C` is `A & C | B & C`, less what is empty. */
function distribute(a: Type, b: Type, table: Table): Type | undefined {
  const [union, other] = a.kind === "union" ? [a, b] : [b, a];
  if (union.kind !== "union") return undefined;
  if (canBeObject(other, table) && union.members.some((member) => member.kind === "reference"))
    return intersection([a, b]);
  const members = union.members.map((member) => meetTwo(member, other, table)).filter((type) => type !== undefined);
  const [only] = members;
  if (members.length <= 1) return only;
  return { ...union, members, discriminator: undefined };
}

function valuesOf(type: Type): readonly (string | number | boolean)[] | undefined {
  if (type.kind === "literal") return [type.value];
  return type.kind === "enum" ? type.values : undefined;
}

function narrowed(values: readonly (string | number | boolean)[]): Type | undefined {
  const [only] = values;
  if (only === undefined) return undefined;
  return values.length === 1 ? literal(only) : enumeration(values);
}

function mergeObjects(objects: readonly ObjectType[], table: Table): Type | undefined {
  const properties = new Map<string, Property>();
  let additional: Type | boolean = true;
  let constraints = noConstraints;
  for (const type of objects) {
    for (const member of type.properties) {
      const other = properties.get(member.name);
      const merged = other ? mergeProperty(other, member, table) : member;
      if (!merged) return undefined;
      properties.set(member.name, merged);
    }
    additional = meetAdditional(additional, type.additional, table);
    constraints = { ...constraints, ...type.constraints };
  }
  return { ...object([...properties.values()], additional), constraints };
}

function meetAdditional(a: Type | boolean, b: Type | boolean, table: Table): Type | boolean {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : (meetTwo(a, b, table) ?? false);
}

function mergeProperty(a: Property, b: Property, table: Table): Property | undefined {
  if (a.type === brokenType || b.type === brokenType) return a;
  const type = meetTwo(a.type, b.type, table);
  const docs = b.docs.description === undefined ? a.docs : b.docs;
  const optional = a.optional && b.optional;
  const writeOnly = a.writeOnly || b.writeOnly;
  return (
    type &&
    property(a.name, type, { optional, readOnly: a.readOnly || b.readOnly, ...(writeOnly && { writeOnly }), docs })
  );
}

/** Members of an intersection of objects. A property of several must fit all of them. */
export function mergeShapes(shapes: readonly Shape[], table?: Table): Shape {
  const properties = new Map<string, ShapeProperty>();
  let additional: Shape["additional"] = true;
  for (const shape of shapes) {
    for (const member of shape.properties.values()) {
      const other = properties.get(member.name);
      properties.set(member.name, other ? bothMembers(other, member, table) : member);
    }
    if (additional === true || shape.additional === false) additional = shape.additional;
  }
  return { properties, additional };
}

function bothMembers(a: ShapeProperty, b: ShapeProperty, table: Table | undefined): ShapeProperty {
  return {
    ...b,
    optional: a.optional && b.optional,
    literal: b.literal ?? a.literal,
    resolve: () => (table && mergeProperty(a.resolve(), b.resolve(), table)) || b.resolve(),
  };
}
