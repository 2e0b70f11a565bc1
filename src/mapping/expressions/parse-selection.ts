import type { PathStep } from "../../model/expressions.js";
import type { AnswerSelection, Selection } from "../../model/websocket.js";
import type { Span } from "../../source.js";
import { parseReference } from "./parse-reference.js";

/** `span`: offsets of the text. */
type Problem = { readonly kind: "problem"; readonly problem: string; readonly span: Span };

export type Parsed<S> = { readonly kind: "selection"; readonly selection: S } | Problem;

/** Reads one variable, from behind its `$` or `${` on. */
type ReadVariable<V> = (text: string, start: number) => { readonly variable: V; readonly end: number } | Problem;

/**
 * Parses a selection expression of WebSocket APIs over a message, in AWS's grammar (aws-behaviour.md section 29.1): one that
 * is wholly `$request.body.a.b`, or text in which `${request.body.a}` stands for values and `\$` for a dollar sign.
 */
export function parseSelection(text: string): Parsed<Selection> {
  return parse(text, readMessagePath, "request.body.x");
}

/**
 * The same over the answer of an integration, and the message that it answers: `${integration.response.statuscode}`, `.header.x`, `.body.kind`,
 * `${request.body.kind}` (section 29.5).
 */
export function parseAnswerSelection(text: string): Parsed<AnswerSelection> {
  return parse(text, readAnswer, "integration.response.header.x");
}

function parse<V>(
  text: string,
  read: ReadVariable<V>,
  example: string,
): Parsed<{ parts: (string | V)[]; text: string }> {
  if (/^\$[A-Za-z]/.test(text)) {
    const found = read(text, 1);
    if ("problem" in found) return found;
    if (found.end === text.length) return { kind: "selection", selection: { parts: [found.variable], text } };
    const span = { start: found.end, end: text.length };
    return problem(`"${text.slice(found.end)}" follows the expression: several of them are written \${…}`, span);
  }
  const parts: (string | V)[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("\\$", at)) {
      plain += "$";
      at += 2;
    } else if (text.startsWith("${", at)) {
      const found = read(text, at + 2);
      if ("problem" in found) return found;
      if (text[found.end] !== "}") return problem('its "}" is missing', { start: at, end: found.end });
      if (plain !== "") parts.push(plain);
      plain = "";
      parts.push(found.variable);
      at = found.end + 1;
    } else if (text[at] === "$") {
      const span = { start: at, end: at + 1 };
      return problem(`a dollar sign is written \\$, an expression inside a text \${${example}}`, span);
    } else plain += text[at++];
  }
  if (plain !== "") parts.push(plain);
  return { kind: "selection", selection: { parts, text } };
}

function problem(text: string, span: Span): Problem {
  return { kind: "problem", problem: text, span };
}

/** `request.body.a.b`; nothing else of a message can be selected by. */
function readMessagePath(text: string, start: number) {
  const parsed = parseReference(text, start);
  if (parsed.kind === "unknown-root") {
    return problem(`there is no "$${parsed.name}": a message is read as $request.body.x`, parsed.span);
  }
  if (parsed.kind === "syntax") return problem(parsed.problem, parsed.span);
  const { reference, span } = parsed;
  if (reference.kind !== "body") return problem("routes are selected by $request.body.x alone", span);
  if (reference.path.length === 0) return problem("it names no member of the message: $request.body.action", span);
  return oneValue(reference.path, span) ?? { variable: { path: reference.path }, end: span.end };
}

const answerPlaces = /integration\.response\.(statuscode|multivalueheader|header|body)(?![\w-])/y;

function readAnswer(text: string, start: number): ReturnType<ReadVariable<AnswerSelection["parts"][number] & object>> {
  if (text.startsWith("request.body", start)) {
    const found = readMessagePath(text, start);
    return "problem" in found ? found : { variable: { kind: "message", path: found.variable.path }, end: found.end };
  }
  answerPlaces.lastIndex = start;
  const place = answerPlaces.exec(text)?.[1];
  const wanted =
    "an answer is read as integration.response.statuscode, .header.x, .multivalueheader.x or .body.x, the message as request.body.x";
  if (place === undefined) return problem(wanted, { start, end: text.length });
  if (place === "statuscode") return { variable: { kind: "status" }, end: answerPlaces.lastIndex };
  if (place === "multivalueheader") return readHeader(text, start, answerPlaces.lastIndex);
  const parsed = parseReference(text, start + "integration.".length);
  if (parsed.kind === "unknown-root") return problem(wanted, parsed.span);
  if (parsed.kind === "syntax") return problem(parsed.problem, parsed.span);
  const { reference } = parsed;
  const span = { start, end: parsed.span.end };
  if (reference.kind === "responseHeader") {
    return { variable: { kind: "header", name: reference.name.toLowerCase(), isWhole: false }, end: span.end };
  }
  if (reference.kind !== "responseBody") return problem(wanted, span);
  if (reference.path.length === 0) return problem("it names no member of the answer", span);
  return oneValue(reference.path, span) ?? { variable: { kind: "body", path: reference.path }, end: span.end };
}

/** All values of a header. */
function readHeader(text: string, start: number, at: number) {
  const name = /^\.([\w.$-]*[\w$-])/.exec(text.slice(at))?.[1];
  if (name === undefined) return problem("a name is missing", { start, end: at });
  return { variable: { kind: "header", name: name.toLowerCase(), isWhole: true } as const, end: at + 1 + name.length };
}

function oneValue(path: readonly PathStep[], span: Span): Problem | undefined {
  return path.some(({ kind }) => kind === "items") ? problem("[*] yields several values, not one", span) : undefined;
}
