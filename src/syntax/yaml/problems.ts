import type { YAMLError } from "yaml";
import type { Report } from "../../diagnostics/diagnostic.js";
import { SourceFile, type Span } from "../../source.js";
import { limits } from "./limits.js";
import type { RepairedText } from "./repair.js";

/** Tells what `yaml` found wrong: one mistake a line, since one often brings others after it. */
export function reportProblems(errors: readonly YAMLError[], repaired: RepairedText, report: Report): void {
  const lines = new SourceFile("", repaired.text);
  const sorted = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  const seen = new Set<number>();
  for (const error of sorted) {
    const { line } = lines.position(error.pos[0]);
    const isAftermath = seen.size > 0 && /in YAML stream|at node end/.test(error.message);
    if (seen.has(line) || isAftermath || seen.size === limits.problems) continue;
    seen.add(line);
    reportOne(error, repaired, report);
    if (isUnclosed(error)) return;
  }
}

/** What follows something that is never closed is not what it seems. */
function isUnclosed({ message }: YAMLError): boolean {
  return /end with a [}\]]|Missing closing/.test(message);
}

function reportOne(error: YAMLError, repaired: RepairedText, report: Report): void {
  const span = tokenSpan(error.pos, repaired);
  const detail = plainWords(error, repaired.text);
  switch (error.code) {
    case "TAB_AS_INDENT":
      report("yaml-tab", span, undefined, { fix: { span: tabs(error.pos[0], repaired), text: "  " } });
      break;
    case "BAD_INDENT":
      if (/end with a [}\]]/.test(error.message))
        report("yaml-unclosed", openingBracket(error, repaired), { closing: /[}\]]/.exec(error.message)?.[0] ?? "" });
      else report("yaml-indentation", span, { detail });
      break;
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      reportRunOn(error.pos, repaired, report);
      break;
    case "MISSING_CHAR":
      if (error.message.includes("closing"))
        report("yaml-unclosed", openingQuote(error, repaired), { closing: quoteOf(error) });
      else report("yaml-syntax", span, { detail });
      break;
    case "BAD_DQ_ESCAPE":
      report("yaml-escape", spanIn(repaired, error.pos[0], error.pos[0] + 2), {
        escape: repaired.text.slice(error.pos[0], error.pos[0] + 2),
      });
      break;
    default:
      report("yaml-syntax", span, { detail });
  }
}

/** A span of the file for offsets of the text, which may lie past its end. */
function spanIn({ text, toFile }: RepairedText, from: number, to: number): Span {
  const start = toFile(Math.min(from, text.length));
  return { start, end: Math.max(start, toFile(Math.min(to, text.length))) };
}

/** A key over several lines: a colon without a space, none at all, or a line that is moved in too far. */
function reportRunOn([start]: readonly [number, number], repaired: RepairedText, report: Report): void {
  const { text } = repaired;
  const line = lineFrom(text, start);
  const whole = spanIn(repaired, start, start + line.length);
  const end = start + line.length;
  const glued = /^[\w$.-]+(?=:\S)/.exec(line)?.[0];
  const next = end + (/^\s*/.exec(text.slice(end, end + 1000))?.[0].length ?? 0);
  if (glued !== undefined) {
    const colon = start + glued.length;
    const fix = { span: spanIn(repaired, colon, colon + 1), text: ": " };
    report("yaml-space-after-colon", whole, { name: glued }, { fix });
  } else if (isKeyWithoutColon(text, start, line, next)) {
    report("yaml-missing-colon", whole, { name: line }, { fix: { span: spanIn(repaired, end, end), text: ":" } });
  } else {
    const rest = lineFrom(text, next);
    report("yaml-indentation", spanIn(repaired, next, next + Math.max(1, rest.length)), {
      detail: "this line goes on with the value of the line above",
    });
  }
}

/** `GET /x` alone on its line, with lines below that are moved in farther. */
function isKeyWithoutColon(text: string, start: number, line: string, next: number): boolean {
  const column = (offset: number) => offset - text.lastIndexOf("\n", offset - 1);
  const isFirst = text.slice(text.lastIndexOf("\n", start - 1) + 1, start).trim() === "";
  return isFirst && !line.includes(":") && column(next) > column(start);
}

/** What stands on a line from an offset on, up to 200 characters. */
function lineFrom(text: string, start: number): string {
  const line = /^[^\r\n]*/.exec(text.slice(start, start + 200))?.[0] ?? "";
  return line.trimEnd();
}

/** The library often points at one character, or past the end: widen to the word there. */
function tokenSpan([start, end]: readonly [number, number], repaired: RepairedText): Span {
  const { text } = repaired;
  let from = Math.min(start, text.length);
  while (from > 0 && from === text.length && /\s/.test(text[from - 1] ?? "")) from--;
  if (from === text.length && from > 0) from--;
  const word = /^[\w$./-]+/.exec(text.slice(from, from + 100));
  const to = Math.max(from + 1, Math.min(end, from + 100), from + (word?.[0].length ?? 0));
  const line = text.indexOf("\n", from);
  return spanIn(repaired, from, line > from && line < to ? line : to);
}

function tabs(start: number, repaired: RepairedText): Span {
  const width = /^\t+/.exec(repaired.text.slice(start, start + 100))?.[0].length ?? 1;
  return spanIn(repaired, start, start + width);
}

/** The quote that is never closed, rather than the end of the file. */
function openingQuote(error: YAMLError, repaired: RepairedText): Span {
  const before = repaired.text.lastIndexOf(quoteOf(error), Math.max(0, error.pos[0] - 1));
  if (before === -1) return tokenSpan(error.pos, repaired);
  return spanIn(repaired, before, before + 1);
}

function quoteOf({ message }: YAMLError): string {
  return message.includes('"') ? '"' : "'";
}

/** The bracket that is never closed, rather than the place where YAML noticed. */
function openingBracket({ pos: [at] }: YAMLError, repaired: RepairedText): Span {
  const from = Math.max(0, at - 2000);
  const text = repaired.text.slice(from, at);
  let closed = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const char = text[index] ?? "";
    if (char === "}" || char === "]") closed++;
    else if ((char === "{" || char === "[") && --closed < 0) {
      return spanIn(repaired, from + index, from + index + 1);
    }
  }
  return tokenSpan([at, at + 1], repaired);
}

/** What the library says, in our own manner: lower case, no names of its tokens. */
function plainWords({ message, pos: [at] }: YAMLError, text: string): string {
  if (/at node end/.test(message)) {
    const before = text.slice(0, at).trimEnd().at(-1) ?? "";
    return /['"]/.test(before)
      ? "text follows the closing quote (inside single quotes, an apostrophe is written twice)"
      : "nothing can follow the value here";
  }
  if (/in YAML stream/.test(message)) return "this has no place here; a bracket or quote before it may be missing";
  if (/block-seq-ind on same line/.test(message)) return "a list begins on a line of its own";
  const words = message
    .replace(/: ".*"$/s, "")
    .replace(/\s+/g, " ")
    .slice(0, 160);
  return words.charAt(0).toLowerCase() + words.slice(1);
}
