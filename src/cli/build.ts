import { relative } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import type { Output } from "../../generators/index.js";
import { type Build, build, targetsOf } from "../build.js";
import type { OutputFile } from "../model/output.js";
import { GeneratorThread } from "../threads/generator-thread.js";
import { EditedError } from "../write/write-error.js";
import { compareOutputs, goneText, missingSeeds, type WriteResult, writeOutputs } from "../write/write-outputs.js";
import { attributesOf } from "./attributes.js";
import { exitCode } from "./exit-codes.js";
import { handlerDiagnostics } from "./handler-diagnostics.js";
import type { CommandContext } from "./main.js";
import { fileArgument, formatOption, outputFolder, parseOutputs } from "./options.js";
import { findOrphans } from "./orphans.js";
import { findProject, readSource } from "./project.js";
import { renderEdits } from "./render-edits.js";
import { countDiagnostics, type DiagnosticFormat, renderProblems, showDiagnostics } from "./report.js";

interface BuildFlags {
  readonly format: DiagnosticFormat;
  readonly out?: string;
  readonly only?: string;
  readonly check?: true;
  readonly force?: true;
}

export function addBuildCommand(program: Command, context: CommandContext): void {
  program
    .command("build")
    .description("Writes OpenAPI, SDK, handlers and the gateway")
    .addArgument(fileArgument())
    .option("-o, --out <folder>", "output folder (default: build/ beside the file)")
    .option("--only <outputs>", "some of the outputs, such as openapi,sdk; what is left out keeps its files")
    .option("--check", "write nothing; exit 1 when the outputs on disk differ (for CI)")
    .option(
      "--force",
      "take over files in the output folder that gateway did not write, and discard changes made by hand",
    )
    .addOption(formatOption())
    .addHelpText("after", "\nExample:\n  gateway build && node build/gateway/gateway.mjs --port 8080\n")
    .action((file: string, flags: BuildFlags) => buildFile(file, flags, context));
}

async function buildFile(file: string, flags: BuildFlags, context: CommandContext): Promise<void> {
  const started = performance.now();
  const { GatewayBundler } = await import("../../generators/gateway/bundle.js");
  const project = findProject(file);
  const source = readSource(project);
  const outputs = parseOutputs(flags.only);
  const target = { outDir: outputFolder(project.projectDir, flags.out), projectDir: project.projectDir };
  const bundler = new GatewayBundler(target);
  const thread = GeneratorThread.start(outputs, source.text.length);
  const result = await build({ source, outputs, ...target, thread, bundler: async () => bundler }).finally(() =>
    Promise.all([bundler.close(), thread?.close()]),
  );
  const ofHandlers = await handlerDiagnostics(source, result.model, project.projectDir);
  const shown = [...result.diagnostics.filter(({ severity }) => severity !== "info"), ...ofHandlers];
  await showDiagnostics(source, shown, flags.format, context);
  if (result.problems.length > 0) context.terminal.error(renderProblems(result.problems));
  if (result.files.length === 0) {
    const found = [countDiagnostics(shown), result.problems.length > 0 ? "the gateway could not be bundled" : ""];
    context.terminal.error(`nothing was written: ${found.filter((text) => text !== "").join("; ")}\n`);
    return context.finish(exitCode.diagnostics);
  }
  const partial = outputs.map((output) => output.name);
  const files = [...result.files, ...(await exportsOf(result, outputs)), ...attributesOf(target.outDir)];
  if (flags.check) return checkOutputs(files, target, partial, flags, context);
  const written = write(files, { ...target, force: flags.force === true, only: foldersOf(partial, flags) }, context);
  if (written === undefined) return;
  if (written.kept.length > 0) context.finish(exitCode.diagnostics);
  for (const path of findOrphans(files, target))
    context.terminal.error(`orphan    ${path}: no route calls it any more; it is yours, and stays\n`);
  if (flags.format === "text") tell(written, target.outDir, performance.now() - started, context);
}

/** What the gateway's admin port exports, beside the gateway. */
async function exportsOf({ model }: Build, outputs: readonly Output[]): Promise<readonly OutputFile[]> {
  if (model === undefined || !outputs.some(({ name }) => name === "gateway")) return [];
  const { exportsFile } = await import("../../generators/openapi/export/all-exports.js");
  return [exportsFile(model, targetsOf(outputs).has("aws"))];
}

/** Nothing is written over what somebody has changed by hand: the changes are shown. */
function write(
  files: Parameters<typeof writeOutputs>[0],
  target: Parameters<typeof writeOutputs>[1],
  { terminal, finish }: CommandContext,
): WriteResult | undefined {
  try {
    return writeOutputs(files, target);
  } catch (error) {
    if (!(error instanceof EditedError)) throw error;
    terminal.error(renderEdits(error.edits));
    terminal.error(`nothing was written: ${error.message}\n`);
    finish(exitCode.diagnostics);
    return undefined;
  }
}

/** With `--only`, files of other outputs are neither stale nor ours to remove. */
function foldersOf(names: readonly string[], flags: BuildFlags): readonly string[] | undefined {
  return flags.only === undefined ? undefined : names;
}

function checkOutputs(
  files: Parameters<typeof compareOutputs>[0],
  target: { readonly outDir: string; readonly projectDir: string },
  names: readonly string[],
  flags: BuildFlags,
  context: CommandContext,
): void {
  const differing = compareOutputs(files, { ...target, only: foldersOf(names, flags) });
  for (const path of differing) context.terminal.error(`differs: ${path}\n`);
  const missing = missingSeeds(files, target);
  for (const path of missing) context.terminal.error(`${goneText(path)}\n`);
  if (differing.length + missing.length === 0) {
    context.terminal.out("outputs are up to date\n");
    return;
  }
  if (differing.length > 0) context.terminal.error(`${differing.length} of the outputs differ; run gateway build\n`);
  context.finish(exitCode.diagnostics);
}

function tell(result: WriteResult, outDir: string, elapsedMs: number, { terminal }: CommandContext): void {
  const folder = relative(process.cwd(), outDir) || ".";
  for (const path of result.seeded) terminal.out(`new       ${path} (yours: it is never written again)\n`);
  for (const path of result.kept)
    terminal.error(`kept      ${path}: no longer made, but changed by hand; --force removes it\n`);
  const counts = `${result.written.length} written, ${result.unchanged} unchanged, ${result.removed.length} removed`;
  terminal.out(`${folder}: ${counts} in ${Math.round(elapsedMs)} ms\n`);
}
