import type ts from "typescript";
import { anyType, array, literal, nullType, object, primitive } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";
import { broken, brokenType } from "./broken.js";
import { resolveIntersection } from "./intersections.js";
import { limits } from "./limits.js";
import { shapeOfNode } from "./members.js";
import { resolveNamed } from "./references.js";
import { emptyShape, typeOfShape } from "./shape.js";
import type { Place } from "./table.js";
import { resolveTuple } from "./tuples.js";
import { resolveUnion } from "./type-unions.js";
import { unsupported } from "./unsupported.js";

/**
 * The type that a node of TypeScript's syntax tree means. Mistakes are reported and yield the broken type; nesting is
 * bounded, whatever way it comes about.
 */
export function resolveNode(node: ts.TypeNode, place: Place): Type {
  const { budget } = place.table;
  if (budget.level >= limits.depth) return broken(place.source, node, "type-too-deep", { limit: limits.depth });
  budget.level++;
  try {
    return resolveKind(node, place);
  } finally {
    budget.level--;
  }
}

function resolveKind(node: ts.TypeNode, place: Place): Type {
  const { ts } = place.source;
  const { SyntaxKind } = ts;
  switch (node.kind) {
    case SyntaxKind.StringKeyword:
      return primitive("string");
    case SyntaxKind.NumberKeyword:
      return primitive("number");
    case SyntaxKind.BooleanKeyword:
      return primitive("boolean");
    case SyntaxKind.UnknownKeyword:
    case SyntaxKind.AnyKeyword:
      return anyType;
    case SyntaxKind.ObjectKeyword:
      return object([]);
  }
  if (ts.isParenthesizedTypeNode(node)) return resolveNode(node.type, place);
  if (ts.isLiteralTypeNode(node)) return resolveLiteral(node, place);
  if (ts.isArrayTypeNode(node)) return arrayOf(resolveNode(node.elementType, place));
  if (ts.isTupleTypeNode(node)) return resolveTuple(node, place);
  if (ts.isTypeLiteralNode(node)) return typeOfShape(shapeOfNode(node, place) ?? emptyShape);
  if (ts.isUnionTypeNode(node)) return resolveUnion(node.types, node, place);
  if (ts.isIntersectionTypeNode(node)) return resolveIntersection(node, place);
  if (ts.isTypeOperatorNode(node) && node.operator === SyntaxKind.ReadonlyKeyword) return resolveNode(node.type, place);
  if (ts.isTypeReferenceNode(node)) {
    return resolveNamed({ node, name: node.typeName, typeArguments: node.typeArguments ?? [] }, place);
  }
  if (ts.isIdentifier(node)) return resolveNamed({ node, name: node, typeArguments: [] }, place);
  return unsupported(node, place);
}

export function arrayOf(items: Type): Type {
  return items === brokenType ? brokenType : array(items);
}

function resolveLiteral({ literal: value }: ts.LiteralTypeNode, place: Place): Type {
  const { ts } = place.source;
  switch (value.kind) {
    case ts.SyntaxKind.NullKeyword:
      return nullType;
    case ts.SyntaxKind.TrueKeyword:
      return literal(true);
    case ts.SyntaxKind.FalseKeyword:
      return literal(false);
  }
  if (ts.isStringLiteral(value) || ts.isNoSubstitutionTemplateLiteral(value)) return literal(value.text);
  if (ts.isNumericLiteral(value)) return numeric(Number(value.text), value, place);
  if (ts.isPrefixUnaryExpression(value) && ts.isNumericLiteral(value.operand)) {
    return numeric(-Number(value.operand.text), value, place);
  }
  return unsupported(value, place);
}

/** JSON has no infinity, and no negative zero worth the name. */
function numeric(value: number, node: ts.Node, place: Place): Type {
  if (Number.isFinite(value)) return literal(value === 0 ? 0 : value);
  return broken(place.source, node, "foreign-type", {
    name: node.getText(place.source.file),
    instead: "a finite number",
  });
}
