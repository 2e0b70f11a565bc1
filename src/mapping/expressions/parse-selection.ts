import type { PathStep } from "../../model/expressions.js";
import type { Selection } from "../../model/websocket.js";
import type { Span } from "../../source.js";
import { parseReference } from "./parse-reference.js";

export type ParsedSelection =
  | { readonly kind: "selection"; readonly selection: Selection }
  /** `span`: offsets of the text. */
  | { readonly kind: "problem"; readonly problem: string; readonly span: Span };

/**
 * Parses a selection expression of WebSocket APIs, in AWS's grammar (aws-behaviour.md section 29.1): one that is wholly
 * `$request.body.a.b`, or text in which `${request.body.a}` stands for values and `\$` for a dollar sign.
 */
export function parseSelection(text: string): ParsedSelection {
  if (/^\$[A-Za-z]/.test(text)) {
    const path = readPath(text, 1);
    if ("problem" in path) return path;
    if (path.end === text.length) return made([{ path: path.steps }], text);
    const span = { start: path.end, end: text.length };
    return problem(`"${text.slice(path.end)}" follows the expression: several of them are written \${…}`, span);
  }
  const parts: Selection["parts"][number][] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("\\$", at)) {
      plain += "$";
      at += 2;
    } else if (text.startsWith("${", at)) {
      const path = readPath(text, at + 2);
      if ("problem" in path) return path;
      if (text[path.end] !== "}") return problem('its "}" is missing', { start: at, end: path.end });
      if (plain !== "") parts.push(plain);
      plain = "";
      parts.push({ path: path.steps });
      at = path.end + 1;
    } else if (text[at] === "$") {
      return problem("a dollar sign is written \\$, an expression inside a text ${request.body.x}", {
        start: at,
        end: at + 1,
      });
    } else plain += text[at++];
  }
  if (plain !== "") parts.push(plain);
  return made(parts, text);
}

function made(parts: Selection["parts"], text: string): ParsedSelection {
  return { kind: "selection", selection: { parts, text } };
}

function problem(text: string, span: Span): ParsedSelection & { readonly kind: "problem" } {
  return { kind: "problem", problem: text, span };
}

/** `request.body.a.b` from an offset on; nothing else of a message can be selected by. */
function readPath(text: string, start: number) {
  const parsed = parseReference(text, start);
  if (parsed.kind === "unknown-root") {
    return problem(`there is no "$${parsed.name}": a message is read as $request.body.x`, parsed.span);
  }
  if (parsed.kind === "syntax") return problem(parsed.problem, parsed.span);
  const { reference, span } = parsed;
  const steps: readonly PathStep[] | undefined = reference.kind === "body" ? reference.path : undefined;
  if (steps === undefined) return problem("routes are selected by $request.body.x alone", span);
  if (steps.length === 0) return problem("it names no member of the message: $request.body.action", span);
  if (steps.some(({ kind }) => kind === "items")) return problem("[*] yields several values, not one", span);
  return { steps, end: span.end };
}
