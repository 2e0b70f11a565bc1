import type ts from "typescript";
import { isAssignable } from "../../model/type-assignable.js";
import { property as propertyOf } from "../../model/type-builders.js";
import type { Property, Type } from "../../model/types.js";
import { annotate } from "./annotate.js";
import { broken, brokenType } from "./broken.js";
import { rangeOf } from "./frame.js";
import { argumentsOf } from "./instances.js";
import { mergeShapes } from "./intersections.js";
import { limits } from "./limits.js";
import { utilityTypes } from "./names.js";
import { lookupModel, type NamedUse, resolveNamed } from "./references.js";
import { resolveNode } from "./resolve.js";
import { emptyShape, lazy, type Shape, type ShapeProperty, shapeOfType } from "./shape.js";
import { annotationsOf, commentOf } from "./source-text.js";
import type { Declaration, Place } from "./table.js";
import { resolveUnion } from "./type-unions.js";
import { unsupported } from "./unsupported.js";
import { utilityShape } from "./utilities.js";

/** Members of an object type, of a name for one, of an intersection of such; undefined for all other types. */
export function shapeOfNode(node: ts.TypeNode, place: Place): Shape | undefined {
  const { budget } = place.table;
  if (budget.level >= limits.depth) {
    broken(place.source, node, "type-too-deep", { limit: limits.depth });
    return undefined;
  }
  budget.level++;
  try {
    return shapeOfKind(node, place);
  } finally {
    budget.level--;
  }
}

function shapeOfKind(node: ts.TypeNode, place: Place): Shape | undefined {
  const { ts } = place.source;
  if (ts.isParenthesizedTypeNode(node)) return shapeOfNode(node.type, place);
  if (ts.isTypeLiteralNode(node)) return shapeOfMembers(node.members, place);
  if (node.kind === ts.SyntaxKind.ObjectKeyword) return emptyShape;
  if (ts.isTypeReferenceNode(node)) {
    return shapeOfName({ node, name: node.typeName, typeArguments: node.typeArguments ?? [] }, place);
  }
  if (ts.isExpressionWithTypeArguments(node)) {
    return shapeOfName({ node, name: node.expression, typeArguments: node.typeArguments ?? [] }, place);
  }
  if (!ts.isIntersectionTypeNode(node)) return undefined;
  const shapes = node.types.map((type) => shapeOfNode(type, place));
  const known = shapes.filter((shape) => shape !== undefined);
  return known.length === shapes.length ? mergeShapes(known) : undefined;
}

/** Members of what a name stands for; undefined, without a report, when it stands for no object type. */
function shapeOfName(use: NamedUse, place: Place): Shape | undefined {
  const { table, source } = place;
  if (!source.ts.isIdentifier(use.name)) return undefined;
  const name = use.name.text;
  const parameter = place.args.get(name);
  if (parameter) return parameter.shape();
  const declaration = table.declarations.get(name);
  if (!declaration) {
    if (utilityTypes.has(name)) return utilityShape(name, use, place);
    const model = table.given.has(name) ? table.models.get(name) : undefined;
    return model && shapeOfType(model.type, (other) => lookupModel(other, table));
  }
  if (declaration.parameters.length === 0) return shapeOfPlain(declaration, use.node, place);
  const args = argumentsOf(declaration, use, place);
  return args && shapeOfDeclaration(declaration, { table, source: declaration.source, args });
}

/** The shape of a declaration without parameters, worked out once. */
export function shapeOfPlain(declaration: Declaration, node: ts.Node, { table, source }: Place): Shape | undefined {
  if (declaration.shape) return declaration.shape;
  if (declaration.isShaping) {
    table.circular.add(declaration.name);
    broken(source, node, "circular-type", { name: declaration.name });
    return undefined;
  }
  declaration.isShaping = true;
  const shape = shapeOfDeclaration(declaration, { table, source: declaration.source, args: new Map() });
  declaration.isShaping = false;
  declaration.shape = shape;
  return shape;
}

/** Own members of an interface laid over those of what it extends; the members behind an alias. */
export function shapeOfDeclaration(declaration: Declaration, place: Place): Shape | undefined {
  const { node } = declaration;
  const { ts } = place.source;
  if (ts.isEnumDeclaration(node)) return undefined;
  const annotations = annotationsOf(declaration.comment, declaration.source);
  const close = (shape: Shape | undefined): Shape | undefined =>
    shape && annotations?.additionalProperties === false && typeof shape.additional === "boolean"
      ? { ...shape, additional: false }
      : shape;
  if (ts.isTypeAliasDeclaration(node)) return close(shapeOfNode(node.type, place));
  const own = shapeOfMembers(node.members, place);
  const bases = (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => baseOf(type, place)));
  return close(
    inherit(
      own,
      bases.filter((base) => base !== undefined),
      place,
    ),
  );
}

interface Base {
  readonly shape: Shape;
  readonly node: ts.ExpressionWithTypeArguments;
}

function baseOf(node: ts.ExpressionWithTypeArguments, place: Place): Base | undefined {
  const use = { node, name: node.expression, typeArguments: node.typeArguments ?? [] };
  const shape = shapeOrReport(
    () => shapeOfNode(node, place),
    () => resolveNamed(use, place),
    () => broken(place.source, node, "interface-base", undefined),
    place,
  );
  return shape && { shape, node };
}

/**
 * The shape of something that must be an object. Where it is none, the type itself is resolved, which reports unknown
 * names and the like; only when that finds nothing wrong, `refuse` says that it is no object.
 */
export function shapeOrReport(
  shapeOf: () => Shape | undefined,
  typeOf: () => Type,
  refuse: () => void,
  { source: { frame } }: Place,
): Shape | undefined {
  const before = frame.errorCount();
  const shape = shapeOf();
  if (shape || frame.errorCount() > before) return shape;
  if (typeOf() !== brokenType && frame.errorCount() === before) refuse();
  return undefined;
}

function inherit(own: Shape, bases: readonly Base[], place: Place): Shape {
  if (bases.length === 0) return own;
  const properties = new Map<string, ShapeProperty>();
  let { additional } = own;
  for (const { shape, node } of bases) {
    for (const property of shape.properties.values()) {
      const override = own.properties.get(property.name) ?? properties.get(property.name);
      if (override) checkOverride(override, property, node, place);
      if (!properties.has(property.name)) properties.set(property.name, property);
    }
    if (additional === true) additional = shape.additional;
  }
  for (const property of own.properties.values()) properties.set(property.name, property);
  return { properties, additional };
}

function checkOverride(
  override: ShapeProperty,
  inherited: ShapeProperty,
  base: ts.ExpressionWithTypeArguments,
  { source, table }: Place,
): void {
  if (override === inherited) return;
  table.deferred.push(() => {
    const own = override.resolve();
    const other = inherited.resolve();
    if (own.type === brokenType || other.type === brokenType) return;
    const fits = isAssignable(own.type, other.type, (name) => lookupModel(name, table));
    if (fits && (inherited.optional || !override.optional)) return;
    const params = { name: override.name, base: base.getText(source.file) };
    broken(source, override.nameNode ?? base, "property-conflict", params);
  });
}

function shapeOfMembers(members: ts.NodeArray<ts.TypeElement>, place: Place): Shape {
  const { source } = place;
  const { ts } = source;
  const properties = new Map<string, ShapeProperty>();
  let index: ts.IndexSignatureDeclaration | undefined;
  for (const [position, member] of members.entries()) {
    if (ts.isIndexSignatureDeclaration(member)) {
      index = member;
    } else if (!ts.isPropertySignature(member)) {
      unsupported(member, place);
    } else {
      const name = nameOf(member.name, source.ts);
      if (name === undefined) broken(source, member.name, "property-name", undefined);
      else if (properties.has(name)) broken(source, member.name, "property-duplicate", { name });
      else properties.set(name, shapeProperty(name, member, position === 0, place));
    }
  }
  return { properties, additional: index ? additionalOf(index, properties, place) : true };
}

function nameOf(name: ts.PropertyName, ts: Place["source"]["ts"]): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isComputedPropertyName(name) && ts.isStringLiteral(name.expression) ? name.expression.text : undefined;
}

function shapeProperty(name: string, member: ts.PropertySignature, first: boolean, place: Place): ShapeProperty {
  const { ts } = place.source;
  const node = member.type;
  const withUndefined = node && ts.isUnionTypeNode(node) && node.types.some((type) => isUndefined(type, ts));
  const optional = member.questionToken !== undefined || withUndefined === true;
  return {
    name,
    optional,
    nameNode: member.name,
    literal: node && literalOf(node, place),
    resolve: lazy(() => resolveProperty(name, member, { optional, first }, place)),
  };
}

function isUndefined(node: ts.TypeNode, ts: Place["source"]["ts"]): boolean {
  return node.kind === ts.SyntaxKind.UndefinedKeyword;
}

function resolveProperty(
  name: string,
  member: ts.PropertySignature,
  { optional, first }: { readonly optional: boolean; readonly first: boolean },
  place: Place,
): Property {
  const annotations = annotationsOf(commentOf(member, place.source, first), place.source);
  const bare = propertyType(name, member, place);
  if (!annotations) return propertyOf(name, bare, { optional });
  const { type, docs } = annotate(bare, annotations, place.source.frame, place.table);
  const { readOnly, writeOnly } = annotations;
  return propertyOf(name, type, { optional, docs, readOnly, ...(writeOnly && { writeOnly }) });
}

function propertyType(name: string, member: ts.PropertySignature, place: Place): Type {
  const { source } = place;
  const { ts } = source;
  if (!member.type) return broken(source, member.name, "property-type-missing", { name });
  if (!ts.isUnionTypeNode(member.type)) return resolveNode(member.type, place);
  const defined = member.type.types.filter((type) => !isUndefined(type, ts));
  return defined.length === 0 ? resolveNode(member.type, place) : resolveUnion(defined, member.type, place);
}

/** The string literal that a type node is by its looks, directly, by an enum member or by an alias. */
function literalOf(node: ts.TypeNode, place: Place, hops = 0): string | undefined {
  const { ts } = place.source;
  if (ts.isLiteralTypeNode(node)) return ts.isStringLiteral(node.literal) ? node.literal.text : undefined;
  if (!ts.isTypeReferenceNode(node) || hops > 8) return undefined;
  const name = node.typeName;
  if (ts.isIdentifier(name)) {
    const argument = place.args.get(name.text)?.type;
    if (argument) return argument.kind === "literal" ? String(argument.value) : undefined;
    const declaration = place.table.declarations.get(name.text);
    if (!declaration || !ts.isTypeAliasDeclaration(declaration.node)) return undefined;
    const inner: Place = { table: place.table, source: declaration.source, args: new Map() };
    return declaration.parameters.length === 0 ? literalOf(declaration.node.type, inner, hops + 1) : undefined;
  }
  if (!ts.isIdentifier(name.left)) return undefined;
  const declaration = place.table.declarations.get(name.left.text);
  if (!declaration || !ts.isEnumDeclaration(declaration.node)) return undefined;
  const member = declaration.node.members.find(({ name: own }) => ts.isIdentifier(own) && own.text === name.right.text);
  return member?.initializer && ts.isStringLiteral(member.initializer) ? member.initializer.text : undefined;
}

function additionalOf(
  node: ts.IndexSignatureDeclaration,
  properties: ReadonlyMap<string, ShapeProperty>,
  place: Place,
): Shape["additional"] {
  const { source, table } = place;
  const { ts } = source;
  const [parameter] = node.parameters;
  if (node.parameters.length !== 1 || parameter?.type?.kind !== ts.SyntaxKind.StringKeyword) {
    broken(source, node, "index-signature", { detail: "the key of an index signature is a string" });
    return true;
  }
  if (node.type.kind === ts.SyntaxKind.NeverKeyword) {
    const instead = "/** @additionalProperties false */ before the type, which closes it";
    broken(source, node.type, "foreign-type", { name: "never", instead });
    return false;
  }
  const type = lazy(() => resolveNode(node.type, place));
  table.deferred.push(() => {
    for (const property of properties.values()) {
      const own = property.resolve();
      if (own.type === brokenType || type() === brokenType) continue;
      if (isAssignable(own.type, type(), (name) => lookupModel(name, table))) continue;
      source.frame.report("index-signature-conflict", source.frame.span(rangeOf(node, source.file)), {
        name: own.name,
      });
    }
  });
  return type;
}
