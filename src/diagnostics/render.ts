import type { SourceFile, Span } from "../source.js";
import type { Diagnostic } from "./diagnostic.js";

export interface RenderOptions {
  readonly color: boolean;
}

const colors = { error: 31, warning: 33, info: 36 } as const;

/** Diagnostics as people read them: place, code, message, the source line with a caret, help and notes. */
export function renderText(source: SourceFile, diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  return diagnostics.map((diagnostic) => renderOne(source, diagnostic, options)).join("\n");
}

function renderOne(source: SourceFile, diagnostic: Diagnostic, { color }: RenderOptions): string {
  const { line, column } = source.position(diagnostic.span.start);
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const label = paint(colors[diagnostic.severity], `${diagnostic.severity}[${diagnostic.code}]`);
  const gutter = " ".repeat(String(line).length + 1);
  const out = [
    `${source.path}:${line}:${column} ${label}: ${diagnostic.message}`,
    ...excerpt(source, diagnostic.span, (text) => paint(colors[diagnostic.severity], text)),
  ];
  if (diagnostic.help) out.push(` ${gutter}= help: ${diagnostic.help}`);
  for (const note of diagnostic.notes) {
    const at = source.position(note.span.start);
    out.push(` ${gutter}= note: ${note.message} (${source.path}:${at.line}:${at.column})`);
  }
  return `${out.join("\n")}\n`;
}

/** The source line with its number, and carets under the part that the span covers on that line. */
function excerpt(source: SourceFile, span: Span, paint: (text: string) => string): string[] {
  const { line, column } = source.position(span.start);
  const full = source.line(line);
  const width = 160;
  const from = column > width ? column - 80 : 0;
  const text = full.slice(from, from + width);
  const length = Math.max(1, Math.min(span.end - span.start, text.length - (column - 1 - from)));
  const lead = text.slice(0, column - 1 - from).replace(/[^\t]/g, " ");
  const gutter = " ".repeat(String(line).length + 1);
  return [` ${line} | ${text}`, ` ${gutter}| ${lead}${paint("^".repeat(length))}`];
}
