import { posix } from "node:path";
import type { Command } from "commander";
import { targetsOf } from "../build.js";
import { compile } from "../compile.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { OutputFile } from "../model/output.js";
import { nearest } from "../nearest.js";
import { writeOutputs } from "../write/write-outputs.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { outputFolder, parseOutputs } from "./options.js";
import { findProject, readSource } from "./project.js";
import { countDiagnostics, showDiagnostics } from "./report.js";

interface ScaffoldFlags {
  readonly file: string;
  readonly out?: string;
}

export function addScaffoldCommand(program: Command, context: CommandContext): void {
  program
    .command("scaffold")
    .description("Writes the stub of a handler that is not there any more; never one over what is there")
    .argument("<names...>", "functions, operations or files")
    .option("-f, --file <file>", "the file that declares them", "gateway.yaml")
    .option("-o, --out <folder>", "output folder (default: build/ beside the file)")
    .addHelpText("after", "\nExample:\n  gateway scaffold getOrder\n")
    .action((names: readonly string[], flags: ScaffoldFlags) => scaffold(names, flags, context));
}

async function scaffold(names: readonly string[], flags: ScaffoldFlags, context: CommandContext): Promise<void> {
  const project = findProject(flags.file);
  const source = readSource(project);
  const target = { outDir: outputFolder(project.projectDir, flags.out), projectDir: project.projectDir };
  const outputs = parseOutputs("handlers");
  const load = () => Promise.all(outputs.map((output) => output.load()));
  const { diagnostics, files, model } = await compile(source, load, { ...target, targets: targetsOf(outputs) });
  if (model === undefined) {
    await showDiagnostics(source, diagnostics, "text", context);
    context.terminal.error(`nothing was written: ${countDiagnostics(diagnostics)}\n`);
    return context.finish(exitCode.diagnostics);
  }
  const seeds = files.filter(({ kind }) => kind === "seed");
  const wanted = new Set(names.flatMap((name) => stubsOf(name, seeds, model)));
  const { seeded } = writeOutputs([...wanted], { ...target, only: [], force: true });
  for (const { path } of wanted)
    context.terminal.out(seeded.includes(path) ? `new       ${path}\n` : `kept      ${path}: it is there already\n`);
}

/** Stubs that a name means: of a function, of the function that an operation calls, or of a file. */
function stubsOf(name: string, seeds: readonly OutputFile[], model: GatewayModel): readonly OutputFile[] {
  const path = posix.normalize(name);
  const byFile = seeds.filter((seed) => seed.path === path);
  if (byFile.length > 0) return byFile;
  const route = model.routes.find(({ operation, key }) => operation === name || key === name);
  const called = route?.integration.kind === "lambda" ? route.integration.function : name;
  const code = model.functions.find((fn) => fn.name === called)?.code;
  const own =
    code === undefined || code.kind === "arn"
      ? []
      : code.kind === "module"
        ? [code.file]
        : code.files.map(({ file }) => file);
  const found = seeds.filter((seed) => own.some((file) => posix.normalize(file) === seed.path));
  if (found.length > 0) return found;
  const near = nearest(name, [...model.functions.map((fn) => fn.name), ...seeds.map((seed) => seed.path)]);
  throw new UsageError(`no handler is called "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
}
