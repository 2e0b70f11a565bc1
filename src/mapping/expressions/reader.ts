import type { Report } from "../../diagnostics/diagnostic.js";
import type { Reference } from "../../model/expressions.js";
import type { Span, SpanMap } from "../../source.js";
import { restApis } from "../vtl/check/context-names.js";
import { contextProblem } from "./context-names.js";
import type { ParsedReference } from "./parse-reference.js";
import { type Place, writtenKinds } from "./places.js";

/** A text of the file in which expressions may stand: a `TextValue`, or a scalar node. */
export interface ExpressionText {
  readonly text: string;
  readonly span: Span;
  readonly spanMap: SpanMap;
}

/** What reading an expression needs to know, and whom it tells. */
export interface ExpressionReader {
  readonly place: Place;
  readonly report: Report;
  /**
   * Told of each reference that stands where it may, with its span and those of its names in the file. What it gives
   * stands for the reference.
   */
  readonly found?: ((reference: Reference, at: FoundAt) => Reference | undefined) | undefined;
}

export interface FoundAt {
  readonly span: Span;
  /** Of the names or steps behind the root, in order. */
  readonly names: readonly Span[];
}

/**
 * Takes a parsed reference over: reports what is wrong with it, or with reading it in this place.
 *
 * @param lead  characters before the reference that belong to the expression: `$` or `${`
 * @param trail  characters behind it: `}`
 * @returns undefined when it was wrong
 */
export function acceptReference(
  parsed: ParsedReference,
  text: ExpressionText,
  { place, report, found }: ExpressionReader,
  lead: number,
  trail = 0,
): Reference | undefined {
  const toFile = (span: Span) => text.spanMap.toFile(span);
  const span = { start: Math.max(0, parsed.span.start - lead), end: parsed.span.end + trail };
  if (parsed.kind === "unknown-root") {
    report("unknown-expression-root", toFile(span), { name: parsed.name, near: parsed.near });
    return undefined;
  }
  if (parsed.kind === "syntax") {
    report("expression-syntax", toFile(parsed.span), { problem: parsed.problem, near: parsed.near });
    return undefined;
  }
  const { reference } = parsed;
  if (!place.reads.includes(reference.kind)) {
    const expression = text.text.slice(parsed.span.start, parsed.span.end);
    const reads = (place.offers ?? place.reads).map((kind) => writtenKinds[kind]).join(", ");
    report("expression-not-here", toFile(span), { expression: `$${expression}`, where: place.where, reads });
    return undefined;
  }
  const names = parsed.names.map(toFile);
  if (reference.kind === "context" && !contextIsKnown(reference.path, names, place, report)) return undefined;
  return found?.(reference, { span: toFile(span), names }) ?? reference;
}

function contextIsKnown(path: readonly string[], names: readonly Span[], place: Place, report: Report): boolean {
  const problem = contextProblem(path, place.context);
  if (!problem) return true;
  if (problem.kind === "elsewhere") {
    const span = names[0] as Span;
    if (problem.where === restApis) {
      report("context-variable-of-rest", span, { name: path.join(".") });
      return true;
    }
    report("context-variable-elsewhere", span, { name: path.join("."), where: problem.where });
    return false;
  }
  const name = path.slice(0, problem.index + 1).join(".");
  report("unknown-context-variable", names[problem.index] as Span, { name, near: problem.near });
  return false;
}
