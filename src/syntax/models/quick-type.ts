import { array, literal, object, property, reference } from "../../model/type-builders.js";
import { isNull, unionOf } from "../../model/type-unions.js";
import type { Property, Type } from "../../model/types.js";
import type { Frame } from "./frame.js";
import { builtinTypes } from "./names.js";
import type { Table } from "./table.js";

/** Longest expression that the quick way looks at, and deepest nesting. */
const maxLength = 500;
const maxDepth = 8;

/**
 * Reads the type expressions that nearly all are: names, literals, arrays, unions and plain object types, without
 * loading TypeScript. Undefined for anything else, and for anything wrong: then the full parser decides and reports.
 * Where both understand an expression they agree (a property test compares them).
 */
export function parseQuickType(text: string, frame: Frame, table: Table): Type | undefined {
  if (text.length > maxLength || text.includes("/")) return undefined;
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const reader: Reader = { tokens, at: 0, hasNull: false, table };
  const type = readUnion(reader, 0);
  if (!type || reader.at < tokens.length) return undefined;
  if (reader.hasNull) frame.report("aws-null", frame.span({ start: 0, end: text.length }), undefined);
  return type;
}

interface Token {
  readonly kind: "name" | "string" | "number" | "sign";
  readonly text: string;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  /** A union with null was met: worth a note for AWS. */
  hasNull: boolean;
  readonly table: Table;
}

function tokensOf(text: string): readonly Token[] | undefined {
  const token = /\s*(?:([A-Za-z_$][\w$]*)|("[^"\\\n]*"|'[^'\\\n]*')|(-?\d+(?:\.\d+)?)(?![\w.])|([|?:;,(){}]|\[\]))/y;
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (!match) return undefined;
    const [, name, string, number, sign] = match;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (string !== undefined) tokens.push({ kind: "string", text: string.slice(1, -1) });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  return tokens;
}

function take(reader: Reader, sign: string): boolean {
  const next = reader.tokens[reader.at];
  if (next?.kind !== "sign" || next.text !== sign) return false;
  reader.at++;
  return true;
}

function readUnion(reader: Reader, depth: number): Type | undefined {
  take(reader, "|");
  const members: Type[] = [];
  do {
    const member = readArray(reader, depth);
    if (!member) return undefined;
    members.push(member);
  } while (take(reader, "|"));
  const [only] = members;
  if (members.length === 1) return only;
  // Unions of objects may have a discriminator, which is the full parser's work.
  const isSimple = members.every((member) => member.kind === "literal" || member.kind === "primitive");
  if (!isSimple && !isNullable(members)) return undefined;
  reader.hasNull ||= members.some(isNull);
  return unionOf(members, reader.table.keys);
}

/** `T | null`. */
function isNullable(members: readonly Type[]): boolean {
  return members.length === 2 && members.filter(isNull).length === 1;
}

function readArray(reader: Reader, depth: number): Type | undefined {
  let type = readAtom(reader, depth);
  for (let count = 0; type && take(reader, "[]"); count++) type = count < maxDepth ? array(type) : undefined;
  return type;
}

function readAtom(reader: Reader, depth: number): Type | undefined {
  if (depth > maxDepth) return undefined;
  if (take(reader, "(")) {
    const inner = readUnion(reader, depth + 1);
    return inner && take(reader, ")") ? inner : undefined;
  }
  if (take(reader, "{")) return readObject(reader, depth);
  const next = reader.tokens[reader.at];
  if (!next || next.kind === "sign") return undefined;
  reader.at++;
  if (next.kind === "string") return literal(next.text);
  if (next.kind === "number") return literal(Number(next.text) || 0);
  if (next.text === "true" || next.text === "false") return literal(next.text === "true");
  return readName(next.text, reader.table);
}

function readName(name: string, table: Table): Type | undefined {
  const builtin = builtinTypes.get(name);
  if (builtin) return builtin;
  const declaration = table.declarations.get(name);
  const isModel = declaration ? declaration.parameters.length === 0 : table.given.has(name);
  return isModel ? reference(name) : undefined;
}

function readObject(reader: Reader, depth: number): Type | undefined {
  const properties = new Map<string, Property>();
  while (!take(reader, "}")) {
    const name = reader.tokens[reader.at];
    if (name?.kind !== "name" && name?.kind !== "string") return undefined;
    reader.at++;
    const optional = take(reader, "?");
    const type = take(reader, ":") ? readUnion(reader, depth + 1) : undefined;
    if (!type || name.text === "readonly" || properties.has(name.text)) return undefined;
    properties.set(name.text, property(name.text, type, { optional }));
    if (take(reader, ";") || take(reader, ",")) continue;
    if (take(reader, "}")) break;
    return undefined;
  }
  return object([...properties.values()]);
}
