import { type Diagnostic, DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { SourceFile, type Span } from "../../src/source.js";
import type { GatewaySyntax, Node } from "../../src/syntax/gateway-syntax.js";
import { parseGateway } from "../../src/syntax/parse-gateway.js";
import { readYaml } from "../../src/syntax/yaml/read-yaml.js";

/** A text with «marks» around the place that a diagnostic should point at. */
export function marked(text: string): { readonly text: string; readonly span: Span } {
  const start = text.indexOf("«");
  const end = text.indexOf("»") - 1;
  return { text: text.replace("«", "").replace("»", ""), span: { start, end } };
}

export interface Parsed {
  readonly syntax: GatewaySyntax | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  /** Text of a span. */
  at(span: Span): string;
}

export function parse(text: string): Parsed {
  const list = new DiagnosticList();
  const syntax = parseGateway(new SourceFile("gateway.yaml", text), list.report);
  return { syntax, diagnostics: list.sorted(), text, at: ({ start, end }) => text.slice(start, end) };
}

/** Parses, and expects that nothing is reported. */
export function parseClean(text: string): GatewaySyntax {
  const { syntax, diagnostics } = parse(text);
  if (diagnostics.length > 0 || !syntax) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join("\n"));
  return syntax;
}

export function read(text: string): { readonly node: Node | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const list = new DiagnosticList();
  const node = readYaml(new SourceFile("gateway.yaml", text), list.report);
  return { node, diagnostics: list.sorted() };
}

/** A node as plain data; maps as objects without a prototype. */
export function plain(node: Node | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  const out: Record<string, unknown> = Object.create(null);
  for (const { name, value } of node.entries) out[name.text] = plain(value);
  return out;
}

/** A whole file around the lines of one route. */
export function withRoute(lines: string): string {
  return `gateway: a\nroutes:\n  GET /x:\n${lines.replace(/^/gm, "    ")}\n`;
}

/** What a person would do: put the fix in place. */
export function applyFixes(text: string, diagnostics: readonly Diagnostic[]): string {
  const fixes = diagnostics.flatMap(({ fix }) => fix ?? []).sort((a, b) => b.span.start - a.span.start);
  return fixes.reduce(
    (mended, { span, text: fix }) => mended.slice(0, span.start) + fix + mended.slice(span.end),
    text,
  );
}
