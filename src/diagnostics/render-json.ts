import type { SourceFile, Span } from "../source.js";
import type { Diagnostic } from "./diagnostic.js";

/** A place as editors and CI count: 1-based lines and columns (UTF-16 units), the end exclusive. */
interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One diagnostic of `--format json`. Members that are absent are null, so that readers need no second form. */
export interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly help: string | null;
  readonly notes: readonly (JsonPlace & { readonly message: string })[];
  /** Replacement of a range that mends the mistake. */
  readonly fix: (Omit<JsonPlace, "file"> & { readonly text: string }) | null;
}

/** Diagnostics as a JSON array, one line each, so that a log can be read too. */
export function renderJson(source: SourceFile, diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "[]\n";
  const lines = diagnostics.map((diagnostic) => JSON.stringify(jsonDiagnostic(source, diagnostic)));
  return `[\n${lines.join(",\n")}\n]\n`;
}

function jsonDiagnostic(source: SourceFile, diagnostic: Diagnostic): JsonDiagnostic {
  const { code, severity, message, help, notes, fix, span } = diagnostic;
  return {
    code,
    severity,
    message,
    help: help ?? null,
    ...placeOf(source, span),
    notes: notes.map((note) => ({ message: note.message, ...placeOf(source, note.span) })),
    fix: fix ? { ...rangeOf(source, fix.span), text: fix.text } : null,
  };
}

function placeOf(source: SourceFile, span: Span): JsonPlace {
  return { file: source.path, ...rangeOf(source, span) };
}

function rangeOf(source: SourceFile, { start, end }: Span): Omit<JsonPlace, "file"> {
  const from = source.position(start);
  const to = source.position(Math.max(start, end));
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
