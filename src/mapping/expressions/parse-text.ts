import type { Report } from "../../diagnostics/diagnostic.js";
import type { Reference, Text, Value } from "../../model/expressions.js";
import type { SpanMap } from "../../source.js";
import { parseReference } from "./parse-reference.js";

/** A text of the file, and where its characters are there. */
export interface TextSource {
  readonly text: string;
  readonly spanMap: SpanMap;
}

/** Told of every reference, with its place in the file. */
export type OnReference = (reference: Reference, span: { readonly start: number; readonly end: number }) => void;

export interface ParseOptions {
  readonly report: Report;
  readonly onReference?: OnReference;
  /** Also reads `{id}` as the path parameter `id`, as in the address of a backend. */
  readonly pathParameters?: boolean;
}

/**
 * A string of the file: literal, but for `${…}` and `$$`, which is a dollar sign.
 *
 * @returns undefined when something in it is wrong, which has been reported then
 */
export function parseText(source: TextSource, options: ParseOptions): Text | undefined {
  const { text } = source;
  const parts: (string | Reference)[] = [];
  let literal = "";
  let isBroken = false;
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("$$", at)) {
      literal += "$";
      at += 2;
      continue;
    }
    const braces = text.startsWith("${", at) ? 2 : options.pathParameters && text[at] === "{" ? 1 : 0;
    if (braces === 0) {
      literal += text[at];
      at++;
      continue;
    }
    const end = text.indexOf("}", at);
    if (end === -1) {
      options.report("unclosed-interpolation", source.spanMap.toFile({ start: at, end: at + braces }), {});
      return undefined;
    }
    const inner = { start: at + braces, end };
    const reference = braces === 2 ? readReference(source, inner, options) : pathParameter(source, inner, options);
    if (reference === undefined) isBroken = true;
    else {
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(reference);
    }
    at = end + 1;
  }
  if (literal !== "") parts.push(literal);
  return isBroken ? undefined : { parts };
}

/**
 * A value of a rule or parameter: an expression when the whole text is one (`$request.body.id`), else a text.
 *
 * @returns undefined when something in it is wrong, which has been reported then
 */
export function parseValue(source: TextSource, options: ParseOptions): Value | undefined {
  const { text } = source;
  if (/^\$[A-Za-z]/.test(text)) {
    const reference = readReference(source, { start: 1, end: text.length }, options);
    return reference && { kind: "reference", reference };
  }
  const parsed = parseText(source, options);
  if (parsed === undefined) return undefined;
  if (parsed.parts.every((part) => typeof part === "string")) return { kind: "constant", value: parsed.parts.join("") };
  return { kind: "text", text: parsed };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function readReference(source: TextSource, range: Range, { report, onReference }: ParseOptions): Reference | undefined {
  const parsed = parseReference(source.text.slice(range.start, range.end));
  if (!parsed.ok) {
    const { start, end, message, near } = parsed.problem;
    const at = { start: range.start + start, end: Math.max(range.start + end, range.start + start + 1) };
    report("bad-expression", source.spanMap.toFile({ start: at.start, end: Math.min(at.end, source.text.length) }), { message, near });
    return undefined;
  }
  onReference?.(parsed.reference, source.spanMap.toFile(range));
  return parsed.reference;
}

function pathParameter(source: TextSource, range: Range, { report, onReference }: ParseOptions): Reference | undefined {
  const name = source.text.slice(range.start, range.end).replace(/\+$/, "");
  const span = source.spanMap.toFile(range);
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    report("bad-expression", span, { message: `"{${name}}" is no path parameter`, near: undefined });
    return undefined;
  }
  const reference: Reference = { kind: "path", name };
  onReference?.(reference, span);
  return reference;
}
