import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ExportWish } from "../../generators/openapi/export/export-document.js";
import { type ExtensionLevel, extensionLevels } from "../../runtime/admin/extension-level.js";
import { compile } from "../compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { fileArgument, type Target } from "./options.js";
import { findProject, readSource } from "./project.js";
import { showDiagnostics } from "./report.js";

interface ExportFlags {
  readonly stage?: string;
  readonly format: string;
  readonly extensions: string;
  readonly apiId?: string;
  readonly out?: string;
  readonly as?: string;
}

export function addExportCommand(program: Command, context: CommandContext): void {
  program
    .command("export")
    .description(
      "Writes the OpenAPI document of one stage as API Gateway's GetExport does, or its requests for Postman",
    )
    .addArgument(fileArgument())
    .option("-s, --stage <name>", "the stage whose address the document has (default: the only one)")
    .option("--format <format>", "oas30, swagger (2.0) or postman (a collection, 2.1)", "oas30")
    .option(
      "--extensions <levels>",
      "none, integrations, authorizers (or both, with a comma), or apigateway: all of AWS's; postman, as GetExport has it, adds nothing",
      "none",
    )
    .option("--api-id <id>", "the API's id on AWS (default: a variable, in Swagger api-id)")
    .option("--out <file>", "what is written (default: standard output)")
    .option("--as <notation>", "json or yaml (default: by --out's name, else json)")
    .addHelpText("after", "\nExample:\n  gateway export --stage prod --format swagger --extensions integrations\n")
    .action((file: string, flags: ExportFlags) => exportStage(file, flags, context));
}

async function exportStage(file: string, flags: ExportFlags, context: CommandContext): Promise<void> {
  const format = oneOf("--format", flags.format, ["oas30", "swagger", "postman"] as const);
  const levels = levelsOf(flags.extensions);
  if (format === "postman" && levels.size > 0)
    throw new UsageError("a collection of Postman has no extensions of API Gateway: --extensions none");
  const notation = oneOf("--as", flags.as ?? (/\.ya?ml$/i.test(flags.out ?? "") ? "yaml" : "json"), ["json", "yaml"]);
  if (flags.apiId !== undefined && !/^[a-z0-9]{1,64}$/.test(flags.apiId))
    throw new UsageError(`"${flags.apiId}" is no API id: lower-case letters and digits`);
  const project = findProject(file);
  const source = readSource(project);
  const { projectDir } = project;
  const targets: ReadonlySet<Target> = new Set(levels.size > 0 ? ["aws"] : []);
  const { diagnostics, model } = await compile(source, undefined, { projectDir, outDir: projectDir, targets });
  const show = (shown: readonly Diagnostic[]) => showDiagnostics(source, shown, "text", context);
  if (model === undefined) {
    await show(diagnostics);
    return context.finish(exitCode.diagnostics);
  }
  const stage = stageOf(model, flags.stage, project.file);
  const wish: ExportWish = { stage, format, levels, apiId: flags.apiId };
  if (model.kind === "http" && format === "swagger" && levels.size > 0)
    throw new UsageError("API Gateway has HTTP APIs in OpenAPI 3.0 only: --format oas30, or --extensions none");
  // Notes are of what AWS's flavour rewrites.
  await show(levels.size > 0 ? diagnostics : diagnostics.filter(({ severity }) => severity !== "info"));
  const text = await printed(model, wish, notation);
  if (flags.out === undefined || flags.out === "-") context.terminal.out(text);
  else {
    writeFileSync(resolve(flags.out), text);
    context.terminal.out(`wrote     ${flags.out}\n`);
  }
}

/** The code of the generators is loaded only for a file that is right. */
async function printed(model: GatewayModel, wish: ExportWish, notation: "json" | "yaml"): Promise<string> {
  const { exportDocument } = await import("../../generators/openapi/export/export-document.js");
  const document = exportDocument(model, wish);
  if (notation === "yaml") return (await import("../../generators/emit/stable-yaml.js")).printYaml(document);
  return (await import("../../generators/emit/stable-json.js")).printJson(document);
}

/** @throws UsageError when the file has no such stage */
function stageOf({ stages }: GatewayModel, asked: string | undefined, file: string): string {
  const names = stages.map(({ name }) => name);
  const [only, ...others] = names;
  if (asked === undefined && only !== undefined && others.length === 0) return only;
  if (asked === undefined) throw new UsageError(`which stage? --stage ${names.join(" | ")}`);
  if (names.includes(asked)) return asked;
  const near = nearest(asked, names);
  throw new UsageError(
    `${file} has no stage "${asked}"${near ? `; did you mean "${near}"?` : `; there are ${names.join(", ") || "none"}`}`,
  );
}

/** `none` is no level, nor is AWS's `postman`: Postman reads the document as it is. @throws UsageError for an unknown name */
function levelsOf(text: string): ReadonlySet<ExtensionLevel> {
  const known = ["none", "postman", ...extensionLevels] as const;
  const names = text.split(",").map((name) => oneOf("--extensions", name.trim(), known));
  if (names.includes("none") && names.length > 1) throw new UsageError("--extensions none stands alone");
  return new Set(names.filter((name) => name !== "none" && name !== "postman"));
}

/** @throws UsageError */
function oneOf<const T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  const near = nearest(given, known);
  throw new UsageError(
    `${option} ${given} is not known${near ? `; did you mean "${near}"?` : `; there are ${known.join(", ")}`}`,
  );
}
