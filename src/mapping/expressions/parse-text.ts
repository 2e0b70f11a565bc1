import type { Reference, Text } from "../../model/expressions.js";
import { expressionRoots, parseReference } from "./parse-reference.js";
import { acceptReference, type ExpressionReader, type ExpressionText } from "./reader.js";

export interface TextOptions {
  /** Endpoints: `{name}` is the path parameter of that name, as in API Gateway's URIs. */
  readonly braces?: boolean;
}

type Part = string | Reference;

/** Whether a text is wholly an expression: it begins with `$` and a letter. */
export function isExpression(text: string): boolean {
  return /^\$[A-Za-z_]/.test(text);
}

/**
 * Reads a text that is wholly an expression: `$request.header.x`, or `${request.header.x}`.
 *
 * @returns undefined when it is wrong, which has been reported
 */
export function parseExpression(text: ExpressionText, reader: ExpressionReader): Reference | undefined {
  const braced = text.text.startsWith("${");
  if (!braced && !isExpression(text.text)) {
    const problem = `"${shortened(text.text)}" is no expression`;
    reader.report("expression-syntax", text.span, { problem });
    return undefined;
  }
  const lead = braced ? 2 : 1;
  const parsed = parseReference(text.text, lead);
  const isClosed = !braced || text.text[parsed.span.end] === "}";
  const end = parsed.span.end + (braced && isClosed ? 1 : 0);
  if (parsed.kind !== "reference" || (isClosed && end === text.text.length)) {
    return acceptReference(parsed, text, reader, lead, end - parsed.span.end);
  }
  const isMissing = end === text.text.length;
  const span = isMissing ? { start: 0, end } : { start: end, end: text.text.length };
  const problem = isMissing ? 'its "}" is missing' : `"${shortened(text.text.slice(end))}" follows it`;
  reader.report("expression-syntax", text.spanMap.toFile(span), { problem });
  return undefined;
}

/**
 * Reads a text with interpolations. One that is wholly an expression is a text of that one part; `$$` is `$`.
 *
 * @returns undefined when something in it is wrong, which has been reported
 */
export function parseText(text: ExpressionText, reader: ExpressionReader, options: TextOptions = {}): Text | undefined {
  if (isExpression(text.text)) {
    const reference = parseExpression(text, reader);
    return reference && { parts: [reference] };
  }
  const parts: Part[] = [];
  let isBroken = false;
  let at = 0;
  for (const token of tokens(text.text, options.braces ?? false)) {
    if (token.start > at) parts.push(text.text.slice(at, token.start));
    at = token.end;
    const part = readToken(token, text, reader);
    if (part === undefined) isBroken = true;
    else parts.push(part);
  }
  if (at < text.text.length) parts.push(text.text.slice(at));
  return isBroken ? undefined : { parts: joined(parts) };
}

interface Token {
  readonly kind: "dollar" | "interpolation" | "brace" | "unbraced";
  readonly start: number;
  /** Where the text goes on. */
  readonly end: number;
}

/** Everything in a text that is not itself: `$$`, `${…}`, `{name}`, and expressions that lack their braces. */
function tokens(text: string, braces: boolean): readonly Token[] {
  const found: Token[] = [];
  const plain = /\$\$|\$\{[^{}]*\}?|\$[A-Za-z_]\w*\.\w[\w.$-]*/g;
  const withBraces = /\$\$|\$\{[^{}]*\}?|\{[^{}]*\}?|\$[A-Za-z_]\w*\.\w[\w.$-]*/g;
  const pattern = braces ? withBraces : plain;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [written] = match;
    const place = { start: match.index, end: match.index + written.length };
    if (written === "$$") found.push({ kind: "dollar", ...place });
    else if (written.startsWith("${")) {
      const end = interpolationEnd(text, place.start) ?? place.end;
      found.push({ kind: "interpolation", start: place.start, end });
      pattern.lastIndex = end;
    } else if (written.startsWith("{")) found.push({ kind: "brace", ...place });
    else if (expressionRoots.includes(/\w+/.exec(written)?.[0] ?? "")) found.push({ kind: "unbraced", ...place });
  }
  return found;
}

/** Where a well-formed interpolation ends; a quoted name in it may hold braces. */
function interpolationEnd(text: string, start: number): number | undefined {
  const { kind, span } = parseReference(text, start + 2);
  return kind === "reference" && text[span.end] === "}" ? span.end + 1 : undefined;
}

function readToken(token: Token, text: ExpressionText, reader: ExpressionReader): Part | undefined {
  switch (token.kind) {
    case "dollar":
      return "$";
    case "interpolation":
      return readInterpolation(token, text, reader);
    case "brace":
      return readBrace(token, text, reader);
    case "unbraced": {
      const expression = text.text.slice(token.start, token.end);
      const braced = `\${${expression.slice(1)}}`;
      const span = text.spanMap.toFile(token);
      reader.report("expression-in-text", span, { expression, braced }, { fix: { span, text: braced } });
      return expression;
    }
  }
}

function readInterpolation(token: Token, text: ExpressionText, reader: ExpressionReader): Reference | undefined {
  const fail = (problem: string, start: number, end: number) => {
    reader.report("expression-syntax", text.spanMap.toFile({ start, end }), { problem });
    return undefined;
  };
  if (text.text[token.end - 1] !== "}") return fail('its "}" is missing', token.start, token.end);
  if (token.end - token.start === 3) return fail("the braces are empty", token.start, token.end);
  const parsed = parseReference(text.text, token.start + 2);
  if (parsed.kind === "reference" && parsed.span.end !== token.end - 1) {
    const rest = text.text.slice(parsed.span.end, token.end - 1);
    return fail(`"${shortened(rest)}" follows it`, parsed.span.end, token.end - 1);
  }
  return acceptReference(parsed, text, reader, 2, 1);
}

/** `{id}` of an endpoint. */
function readBrace(token: Token, text: ExpressionText, { report, found }: ExpressionReader): Reference | undefined {
  const written = text.text.slice(token.start, token.end);
  const name = /^\{([\w.:$-]+)\}$/.exec(written)?.[1];
  const span = text.spanMap.toFile(token);
  if (name === undefined) {
    const problem = written.endsWith("+}")
      ? `in an endpoint a greedy parameter is written without its plus sign, {${written.slice(1, -2)}}`
      : `"${shortened(written)}" is no {name} of a path parameter`;
    report("expression-syntax", span, { problem });
    return undefined;
  }
  const reference: Reference = { kind: "path", name };
  return found?.(reference, { span, names: [span] }) ?? reference;
}

/** Neighbouring strings as one. */
function joined(parts: readonly Part[]): readonly Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === "string" && typeof last === "string") out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
