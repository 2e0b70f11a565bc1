import type ts from "typescript";
import { type Annotations, readAnnotations } from "./annotations.js";
import { broken } from "./broken.js";
import type { Tag } from "./comment.js";
import { rangeOf } from "./frame.js";
import { constraintTypes } from "./names.js";
import type { Place, Source } from "./table.js";

/** `Minimum<1>` in an intersection, with the literal given. */
export interface ConstraintUse {
  readonly tag: Tag;
}

/** A member of an intersection that constrains the others; undefined for every other type. */
export function constraintUse(node: ts.TypeNode, place: Place): ConstraintUse | undefined {
  const { source } = place;
  const { ts } = source;
  if (!ts.isTypeReferenceNode(node) || !ts.isIdentifier(node.typeName)) return undefined;
  const name = constraintTypes.get(node.typeName.text);
  if (name === undefined || place.args.has(node.typeName.text)) return undefined;
  const [argument] = node.typeArguments ?? [];
  const count = node.typeArguments?.length ?? 0;
  const value = argument ? literalText(argument, ts) : name === "uniqueItems" ? "true" : undefined;
  if (value === undefined || count > 1) {
    broken(source, node, "type-arguments", { name: node.typeName.text, wanted: "one literal", given: count });
  }
  const nameRange = rangeOf(node, source.file);
  const valueRange = argument ? rangeOf(argument, source.file) : nameRange;
  return { tag: { name, value: value ?? "", nameRange, valueRange } };
}

function literalText(node: ts.TypeNode, ts: Source["ts"]): string | undefined {
  if (!ts.isLiteralTypeNode(node)) return undefined;
  const { literal } = node;
  if (ts.isStringLiteral(literal) || ts.isNumericLiteral(literal)) return literal.text;
  if (ts.isPrefixUnaryExpression(literal) && ts.isNumericLiteral(literal.operand)) return `-${literal.operand.text}`;
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return "true";
  return literal.kind === ts.SyntaxKind.FalseKeyword ? "false" : undefined;
}

/** Constraint types say the same as tags, and are read as such. */
export function readConstraintUses(uses: readonly ConstraintUse[], source: Source): Annotations {
  const tags = uses.map((use) => use.tag).filter((tag) => tag.value !== "");
  return readAnnotations({ description: undefined, tags }, source.frame);
}
