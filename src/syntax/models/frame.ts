import type ts from "typescript";
import { type Code, catalogue } from "../../diagnostics/catalogue.js";
import type { Report } from "../../diagnostics/diagnostic.js";
import type { Span, SpanMap } from "../../source.js";
import type { Range } from "./comment.js";

/** One text that types are read from, the model block or an expression, and how its mistakes are reported. */
export interface Frame {
  readonly text: string;
  readonly report: Report;
  /** Span in gateway.yaml of a range of the text. */
  span(range: Range): Span;
  /** Errors (not warnings) reported so far, repeated ones too. */
  errorCount(): number;
}

/** A frame that reports each mistake once per place, and remembers whether there was an error. */
export function frameOf(text: string, spanMap: SpanMap, report: Report): Frame {
  const seen = new Set<string>();
  let errors = 0;
  return {
    text,
    span: (range) => spanMap.toFile(range),
    errorCount: () => errors,
    report: (code, span, params, extras) => {
      if (isError(code)) errors++;
      const key = `${code}@${span.start}-${span.end}`;
      if (seen.has(key)) return;
      seen.add(key);
      report(code, span, params, extras);
    },
  };
}

function isError(code: Code): boolean {
  return catalogue[code].severity === "error";
}

/** Range of a node without the white space and comments before it. */
export function rangeOf(node: ts.Node, sourceFile: ts.SourceFile): Range {
  return { start: node.getStart(sourceFile, false), end: node.end };
}
