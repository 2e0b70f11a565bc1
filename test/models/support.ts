import { type Diagnostic, DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import type { Model, Type } from "../../src/model/types.js";
import type { Span, SpanMap } from "../../src/source.js";
import { type ModelScope, parseModels } from "../../src/syntax/models/index.js";

/** Text and file are the same here. */
export const sameSpans: SpanMap = { toFile: (span) => span };

/** A text with «marks» around the place that a diagnostic should point at. */
export function marked(text: string): { readonly text: string; readonly span: Span } {
  const start = text.indexOf("«");
  const end = text.indexOf("»") - 1;
  return { text: text.replace("«", "").replace("»", ""), span: { start, end } };
}

export interface Parsed {
  readonly scope: ModelScope;
  readonly diagnostics: readonly Diagnostic[];
  model(name: string): Model;
  type(name: string): Type;
}

export async function parse(text: string): Promise<Parsed> {
  const list = new DiagnosticList();
  const scope = await parseModels(text, sameSpans, list.report);
  const model = (name: string) => {
    const found = scope.models.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no model ${name}; ${list.sorted().map((d) => d.message)}`);
    return found;
  };
  return { scope, diagnostics: list.sorted(), model, type: (name) => model(name).type };
}

/** Parses, and expects no errors and no warnings. */
export async function parseClean(text: string): Promise<Parsed> {
  const parsed = await parse(text);
  const found = parsed.diagnostics.filter((diagnostic) => diagnostic.severity !== "info");
  if (found.length > 0) throw new Error(found.map((d) => `${d.code}: ${d.message}`).join("\n"));
  return parsed;
}

/** A type expression over some models, with what was reported about it. */
export async function express(
  expression: string,
  models = "",
): Promise<{ type: Type | undefined; diagnostics: readonly Diagnostic[]; scope: ModelScope }> {
  const { scope } = await parse(models);
  const list = new DiagnosticList();
  const type = scope.resolveType(expression, sameSpans, list.report);
  return { type, diagnostics: list.sorted(), scope };
}

export function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((diagnostic) => diagnostic.code);
}
