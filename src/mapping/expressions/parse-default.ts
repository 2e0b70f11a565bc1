import type { Value } from "../../model/expressions.js";
import { parseReference } from "./parse-reference.js";
import { acceptReference, type ExpressionReader, type ExpressionText } from "./reader.js";

const mark = /\s*\?\?\s*/y;

/** Whether a text is an expression with a default: `$request.querystring.limit ?? 10`. */
export function hasDefault(text: string): boolean {
  return (
    /^\$[A-Za-z_]/.test(text) && text.includes("??") && markAt(text, parseReference(text, 1).span.end) !== undefined
  );
}

/** Where what follows `??` begins; undefined when none stands there. */
function markAt(text: string, at: number): number | undefined {
  const sticky = new RegExp(mark.source, mark.flags);
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}

/**
 * Reads `$reference ?? default`: the default is JSON without members (`10`, `"text"`, `'text'`, `[]`, `null`), or another
 * expression, which may have a default of its own. It stands for what is missing or null.
 *
 * @returns undefined when something in it is wrong, which has been reported
 */
export function parseDefault(text: ExpressionText, reader: ExpressionReader, start = 0): Value | undefined {
  const parsed = parseReference(text.text, start + 1);
  const fail = (problem: string, from: number, to: number) => {
    reader.report("expression-syntax", text.spanMap.toFile({ start: from, end: Math.max(to, from + 1) }), { problem });
    return undefined;
  };
  if (reader.place.context !== "mapping") {
    return fail(`a default cannot stand in ${reader.place.where}`, parsed.span.end, text.text.length);
  }
  const reference = acceptReference(parsed, text, reader, 1);
  if (reference === undefined) return undefined;
  const next = markAt(text.text, parsed.span.end);
  if (next === undefined) {
    if (parsed.span.end === text.text.length) return { kind: "reference", reference };
    return fail(`"${text.text.slice(parsed.span.end)}" follows it`, parsed.span.end, text.text.length);
  }
  const rest = text.text.slice(next);
  if (/^\$[A-Za-z_]/.test(rest)) {
    const otherwise = parseDefault(text, reader, next);
    return otherwise && { kind: "default", reference, otherwise };
  }
  const otherwise = literalOf(rest);
  if (otherwise === undefined) return fail(defaultForms, Math.min(next, text.text.length - 1), text.text.length);
  return { kind: "default", reference, otherwise };
}

const defaultForms = 'after "??" stands a number, "text" in quotes, true, false, null, [], {}, or another expression';

function literalOf(text: string): Value | undefined {
  const single = /^'((?:[^'\\]|\\['\\])*)'$/.exec(text)?.[1];
  if (single !== undefined) return { kind: "constant", value: single.replace(/\\(.)/g, "$1") };
  if (/^\[\s*\]$/.test(text)) return { kind: "list", items: [] };
  if (/^\{\s*\}$/.test(text)) return { kind: "object", members: [] };
  try {
    const value: unknown = JSON.parse(text);
    const isScalar =
      value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isScalar ? { kind: "constant", value } : undefined;
  } catch {
    return undefined;
  }
}
