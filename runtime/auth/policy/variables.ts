import type { PolicyContext } from "./policy.js";
import { type PatternPart, patternParts } from "./wildcards.js";

/** A text of a policy: fixed, or with variables that each request fills in. */
export interface PolicyText {
  readonly isFixed: boolean;
  /** For comparing letter by letter; undefined when a variable has no value: then nothing equals the text. */
  value(context: PolicyContext): string | undefined;
  /** For comparing with wildcards. What a variable stands for is taken as it is. */
  parts(context: PolicyContext): readonly PatternPart[] | undefined;
}

type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly key: string; readonly otherwise: string | undefined };

/**
 * Reads a text. Variables exist from version 2012-10-17 on: `${aws:username}`, `${aws:username, 'nobody'}`, and `${*}`,
 * `${?}`, `${$}` for the characters themselves.
 *
 * @see IAM user guide, "IAM policy elements: Variables and tags"
 */
export function policyText(text: string, hasVariables: boolean): PolicyText {
  const pieces = hasVariables && text.includes("${") ? piecesOf(text) : [{ kind: "text", text } as const];
  if (pieces.every((piece) => piece.kind !== "variable")) {
    const value = pieces.map(textOf).join("");
    const parts = pieces.flatMap((piece) => (piece.kind === "text" ? patternParts(piece.text) : [textOf(piece)]));
    return { isFixed: true, value: () => value, parts: () => parts };
  }
  return {
    isFixed: false,
    value: (context) => filledIn(pieces, context, textOf)?.join(""),
    parts: (context) =>
      filledIn<readonly PatternPart[]>(pieces, context, (piece) =>
        piece.kind === "text" ? patternParts(piece.text) : [textOf(piece)],
      )?.flat(),
  };
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    if (match.index > from) pieces.push({ kind: "text", text: text.slice(from, match.index) });
    pieces.push(variableOf(match[1] as string));
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

function variableOf(inside: string): Piece {
  const trimmed = inside.trim();
  if (trimmed === "*" || trimmed === "?" || trimmed === "$") return { kind: "literal", text: trimmed };
  const [, key = trimmed, otherwise] = /^([^,]*?)\s*,\s*'([^']*)'$/.exec(trimmed) ?? [];
  return { kind: "variable", key: key.toLowerCase(), otherwise };
}

function textOf(piece: Piece): string {
  return piece.kind === "variable" ? "" : piece.text;
}

/** A key with several values stands for none: which one is meant is not known. */
function filledIn<T>(pieces: readonly Piece[], context: PolicyContext, of: (piece: Piece) => T): T[] | undefined {
  const filled: T[] = [];
  for (const piece of pieces) {
    if (piece.kind !== "variable") {
      filled.push(of(piece));
      continue;
    }
    const value = context.get(piece.key) ?? piece.otherwise;
    if (typeof value !== "string") return undefined;
    filled.push(of({ kind: "literal", text: value }));
  }
  return filled;
}
