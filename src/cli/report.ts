import type { BundleProblem } from "../../generators/gateway/bundle-problem.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { renderText } from "../diagnostics/render.js";
import type { SourceFile } from "../source.js";
import type { CommandContext } from "./main.js";

export type DiagnosticFormat = "text" | "json" | "sarif";

/** Shows diagnostics: people's form on standard error, machines' forms on standard output. */
export async function showDiagnostics(
  source: SourceFile,
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat,
  { terminal }: CommandContext,
): Promise<void> {
  switch (format) {
    case "json": {
      const { renderJson } = await import("../diagnostics/render-json.js");
      terminal.out(renderJson(source, diagnostics));
      return;
    }
    case "sarif": {
      const { renderSarif } = await import("../diagnostics/render-sarif.js");
      terminal.out(renderSarif(source, diagnostics));
      return;
    }
    case "text":
      if (diagnostics.length > 0) terminal.error(renderText(source, diagnostics, { color: terminal.color }));
  }
}

/** `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const counted = (["error", "warning", "info"] as const).map((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? undefined : `${count} ${severity === "info" ? "note" : severity}${count === 1 ? "" : "s"}`;
  });
  return counted.filter((text) => text !== undefined).join(", ");
}

/** Mistakes in handlers, one line each. */
export function renderProblems(problems: readonly BundleProblem[]): string {
  return problems
    .map(
      ({ file, line, column, message }) =>
        `${file === undefined ? "" : `${file}:${line}:${column} `}error: ${message}\n`,
    )
    .join("");
}
