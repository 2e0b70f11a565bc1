import type { SourceFile, Span } from "../source.js";
import { catalogue } from "./catalogue.js";
import type { Diagnostic, Fix } from "./diagnostic.js";
import type { Rule, Severity } from "./rule.js";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/**
 * Diagnostics as SARIF 2.1.0, which code hosts and editors show beside the source. Paths are relative to where the
 * command ran; columns count UTF-16 units.
 *
 * @see OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.14 (run) and 3.27 (result)
 */
export function renderSarif(source: SourceFile, diagnostics: readonly Diagnostic[]): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "gatewayc", rules: codes.map((code) => ruleOf(code, catalogue[code])) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => resultOf(source, diagnostic, codes.indexOf(diagnostic.code))),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(id: string, { severity, explain }: Rule) {
  const [first = ""] = explain.split(/(?<=\.)\s/);
  return {
    id,
    shortDescription: { text: first },
    fullDescription: { text: explain },
    defaultConfiguration: { level: levels[severity] },
  };
}

function resultOf(
  source: SourceFile,
  { code, severity, message, help, span, notes, fix }: Diagnostic,
  ruleIndex: number,
) {
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: help ? `${message} (${help})` : message },
    locations: [{ physicalLocation: physicalLocation(source, span) }],
    ...(notes.length > 0 ? { relatedLocations: notes.map((note, id) => ({ id, ...related(source, note) })) } : {}),
    ...(fix ? { fixes: [fixOf(source, fix, help ?? message)] } : {}),
  };
}

function related(source: SourceFile, { span, message }: Diagnostic["notes"][number]) {
  return { physicalLocation: physicalLocation(source, span), message: { text: message } };
}

function fixOf(source: SourceFile, { span, text }: Fix, description: string) {
  const replacement = { deletedRegion: regionOf(source, span), insertedContent: { text } };
  return {
    description: { text: description },
    artifactChanges: [{ artifactLocation: { uri: uriOf(source) }, replacements: [replacement] }],
  };
}

function physicalLocation(source: SourceFile, span: Span) {
  return { artifactLocation: { uri: uriOf(source) }, region: regionOf(source, span) };
}

function regionOf(source: SourceFile, { start, end }: Span) {
  const from = source.position(start);
  const to = source.position(Math.max(start, end));
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

/** A relative URI reference: slashes, and everything escaped that a path may hold. */
function uriOf({ path }: SourceFile): string {
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
  const escaped = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return isAbsolute ? `file://${escaped.startsWith("/") ? "" : "/"}${escaped}` : escaped;
}
