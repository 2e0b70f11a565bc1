import type { PathStep, Reference } from "../../model/expressions.js";
import { nearest } from "../../nearest.js";
import type { Span } from "../../source.js";

export type ParsedReference =
  | { readonly kind: "reference"; readonly reference: Reference; readonly span: Span; readonly names: readonly Span[] }
  | { readonly kind: "unknown-root"; readonly name: string; readonly near: string | undefined; readonly span: Span }
  | { readonly kind: "syntax"; readonly problem: string; readonly near?: string; readonly span: Span };

type Failure = Exclude<ParsedReference, { kind: "reference" }>;

/** Longest path into a body or `$context`. */
const maxSteps = 64;

export const expressionRoots = ["request", "response", "context", "stageVariables", "env"];

const requestPlaces = ["path", "querystring", "header", "body", "multivaluequerystring", "multivalueheader"] as const;
const responsePlaces = ["header", "body", "status", "multivalueheader"] as const;
const usualPlaces = { request: requestPlaces.slice(0, 4), response: responsePlaces.slice(0, 3) };
/** Names of other dialects, which edit distance does not find. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["query", "querystring"],
  ["params", "path"],
  ["statuscode", "status"],
]);

/**
 * Parses the reference that begins at an offset, its `$` left out: `request.body.items[0]["a b"]`, `context.requestId`.
 * It ends where the grammar ends; what follows is the caller's affair. Spans are offsets of `text`.
 *
 * @see aws-behaviour.md sections 12 and 28.2 (API Gateway v2's grammar)
 */
export function parseReference(text: string, start: number): ParsedReference {
  const root = match(/[A-Za-z_]\w*/y, text, start) ?? "";
  const at = start + root.length;
  switch (root) {
    case "request":
      return parsePlace(text, { start, at, root, places: requestPlaces });
    case "response":
      return parsePlace(text, { start, at, root, places: responsePlaces });
    case "context":
      return parseContext(text, start, at);
    case "stageVariables":
      return parseNamed(text, start, at, "stageVariable", /\w+/y);
    case "env":
      return parseNamed(text, start, at, "env", /[A-Za-z_]\w*/y);
    default: {
      const near = nearest(root, expressionRoots) ?? (root === "query" ? "request.querystring" : undefined);
      return { kind: "unknown-root", name: root, near, span: { start, end: at } };
    }
  }
}

interface Rooted {
  readonly start: number;
  readonly at: number;
  readonly root: string;
  readonly places: readonly string[];
}

/** `.header.x`, `.body.a.b`, `.status` after `request` or `response`. */
function parsePlace(text: string, { start, at, root, places }: Rooted): ParsedReference {
  const name = text[at] === "." ? (match(/[A-Za-z_]\w*/y, text, at + 1) ?? "") : "";
  const end = at + 1 + name.length;
  if (!places.includes(name)) {
    if (name === "")
      return missing(
        text,
        at,
        `after "$${root}" comes .${(usualPlaces[root as keyof typeof usualPlaces]).join(", .")}`,
      );
    const near = otherNames.get(name.toLowerCase()) ?? nearest(name, places);
    const known = near !== undefined && places.includes(near) ? { near } : {};
    return { kind: "syntax", problem: `"$${root}" has no "${name}"`, ...known, span: { start: at + 1, end } };
  }
  if (name === "body") return parseBody(text, start, end, root === "request" ? "body" : "responseBody");
  if (name === "status")
    return { kind: "reference", reference: { kind: "responseStatus" }, span: { start, end }, names: [] };
  if (root === "request" && name === "path" && text[end] !== "." && text[end] !== "[")
    return { kind: "reference", reference: { kind: "requestPath" }, span: { start, end }, names: [] };
  const kind = root === "response" ? responseKind(name) : (name as (typeof requestPlaces)[number] & NamedKind);
  return parseNamed(text, start, end, kind, /[\w.$-]*[\w$-]/y);
}

function responseKind(name: string): NamedKind {
  return name === "multivalueheader" ? "responseMultiHeader" : "responseHeader";
}

type NamedKind = Extract<Reference, { readonly name: string }>["kind"];

/** `.name` or `["name"]`, and no more. */
function parseNamed(text: string, start: number, at: number, kind: NamedKind, pattern: RegExp): ParsedReference {
  const name = readName(text, at, pattern);
  if (!name) return missing(text, at, "a name is missing");
  if ("kind" in name) return name;
  return {
    kind: "reference",
    reference: { kind, name: name.text },
    span: { start, end: name.span.end },
    names: [name.span],
  };
}

function parseContext(text: string, start: number, from: number): ParsedReference {
  const path: string[] = [];
  const names: Span[] = [];
  let at = from;
  for (
    let name = readName(text, at, contextName);
    name && path.length < maxSteps;
    name = readName(text, at, contextName)
  ) {
    if ("kind" in name) return name;
    path.push(name.text);
    names.push(name.span);
    at = name.span.end;
  }
  if (path.length === 0) return missing(text, from, 'a name is missing after "$context"');
  return { kind: "reference", reference: { kind: "context", path }, span: { start, end: at }, names };
}

const contextName = /[\w-]+/y;
const memberName = /[\p{L}\p{N}_$-]+/uy;

function parseBody(text: string, start: number, from: number, kind: "body" | "responseBody"): ParsedReference {
  const path: PathStep[] = [];
  const names: Span[] = [];
  let at = from;
  while (text[at] === "." || text[at] === "[") {
    if (path.length >= maxSteps) return { kind: "syntax", problem: "it is too deep", span: { start: at, end: at + 1 } };
    const step = readStep(text, at);
    if (!step) return missing(text, at, "a member's name or an index is missing");
    if (step.kind === "syntax" || step.kind === "unknown-root") return step;
    path.push(step.step);
    names.push({ start: at, end: step.end });
    at = step.end;
  }
  return { kind: "reference", reference: { kind, path }, span: { start, end: at }, names };
}

type ReadStep = Failure | { readonly kind: "step"; readonly step: PathStep; readonly end: number };

function readStep(text: string, at: number): ReadStep | undefined {
  const index = match(/\[(?:\d{1,9}|\*)\]/y, text, at);
  if (index === "[*]") return { kind: "step", step: { kind: "items" }, end: at + 3 };
  if (index !== undefined) {
    return { kind: "step", step: { kind: "index", index: Number(index.slice(1, -1)) }, end: at + index.length };
  }
  const unknown = match(/\.\*|\.\.|\[\?|\[-\d+|\[\d*:/y, text, at);
  if (unknown !== undefined) {
    const problem = `"${unknown}" is beyond this grammar: it has members, indices and [*]`;
    return { kind: "syntax", problem, span: { start: at, end: at + unknown.length } };
  }
  const name = readName(text, at, memberName);
  if (!name || "kind" in name) return name;
  return { kind: "step", step: { kind: "member", name: name.text }, end: name.span.end };
}

/** `.name` by a pattern, or `["any name"]`; undefined when neither is there. The span is the name with its dot or brackets. */
function readName(
  text: string,
  at: number,
  pattern: RegExp,
): { readonly text: string; readonly span: Span } | Failure | undefined {
  if (text[at] === ".") {
    const name = match(pattern, text, at + 1);
    return name === undefined ? undefined : { text: name, span: { start: at + 1, end: at + 1 + name.length } };
  }
  if (text[at] !== "[") return undefined;
  const quoted = match(/\[(?:"(?:[^"\\]|\\["\\])+"|'(?:[^'\\]|\\['\\])+')\]/y, text, at);
  if (quoted === undefined) {
    return { kind: "syntax", problem: 'a name in brackets is written ["name"]', span: { start: at, end: at + 1 } };
  }
  return { text: quoted.slice(2, -2).replace(/\\(.)/g, "$1"), span: { start: at, end: at + quoted.length } };
}

function missing(text: string, at: number, problem: string): ParsedReference {
  return {
    kind: "syntax",
    problem,
    span: { start: Math.min(at, Math.max(0, text.length - 1)), end: Math.min(at + 1, text.length) },
  };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  const sticky = new RegExp(pattern.source, pattern.flags);
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}
