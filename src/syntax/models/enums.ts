import type ts from "typescript";
import { enumeration, literal } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";
import type { TypeScript } from "../../typescript/load.js";
import { broken, brokenType } from "./broken.js";
import type { Declaration } from "./table.js";

export interface EnumMembers {
  readonly type: Type;
  readonly members: ReadonlyMap<string, Type>;
}

/** `enum Color { Red = "red" }`, or numbers, counted up where none is given. */
export function enumType({ source }: Declaration, node: ts.EnumDeclaration): EnumMembers {
  const { ts } = source;
  const members = new Map<string, Type>();
  const values: (string | number)[] = [];
  let next: number | undefined = 0;
  let failed = false;
  const refuse = (at: ts.Node, detail: string) => {
    broken(source, at, "enum-member", { detail });
    failed = true;
  };
  for (const member of node.members) {
    const name = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : undefined;
    const value: string | number | undefined = member.initializer ? constant(member.initializer, ts) : next;
    if (name === undefined) refuse(member.name, "the name of an enum member is an identifier or a string");
    else if (members.has(name)) refuse(member.name, `the enum member "${name}" is declared twice`);
    else if (value === undefined) refuse(member, `the enum member "${name}" has no literal value`);
    else {
      members.set(name, literal(value));
      values.push(value);
    }
    next = typeof value === "number" ? value + 1 : undefined;
  }
  if (node.members.length === 0) refuse(node.name, "an enum has at least one member");
  if (new Set(values.map((value) => typeof value)).size > 1)
    refuse(node.name, "the members of an enum are all strings or all numbers");
  if (failed || values.length === 0) return { type: brokenType, members };
  const distinct = [...new Set(values)];
  const [only] = distinct;
  return { type: distinct.length === 1 && only !== undefined ? literal(only) : enumeration(distinct), members };
}

function constant(node: ts.Expression, typescript: TypeScript): string | number | undefined {
  if (typescript.isStringLiteral(node) || typescript.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (typescript.isNumericLiteral(node)) return Number(node.text);
  if (!typescript.isPrefixUnaryExpression(node) || !typescript.isNumericLiteral(node.operand)) return undefined;
  const value = Number(node.operand.text);
  if (node.operator === typescript.SyntaxKind.MinusToken) return -value;
  return node.operator === typescript.SyntaxKind.PlusToken ? value : undefined;
}
