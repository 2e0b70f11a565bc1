import type { Command } from "commander";
import { compile } from "../compile.js";
import { exitCode } from "./exit-codes.js";
import { handlerDiagnostics } from "./handler-diagnostics.js";
import type { CommandContext } from "./main.js";
import { openRouteKeys, openRoutes } from "./open-routes.js";
import { fileArgument, formatOption, parseTargets } from "./options.js";
import { findProject, readSource } from "./project.js";
import { countDiagnostics, type DiagnosticFormat, showDiagnostics } from "./report.js";

interface CheckFlags {
  readonly format: DiagnosticFormat;
  readonly target: string;
  readonly strict?: true;
  readonly verbose?: true;
}

export function addCheckCommand(program: Command, context: CommandContext): void {
  program
    .command("check")
    .description("Reports every mistake in gateway.yaml; writes nothing")
    .addArgument(fileArgument())
    .addOption(formatOption())
    .option(
      "--target <names>",
      "aws, node or both: what the file must work on; one alone also tells what it does not carry out",
      "aws,node",
    )
    .option("--verbose", "also what is rewritten for AWS, what only one target carries out, and other notes")
    .option("--strict", "warnings fail too")
    .addHelpText("after", "\nExample:\n  gateway check --format sarif > gateway.sarif\n")
    .action((file: string, flags: CheckFlags) => checkFile(file, flags, context));
}

async function checkFile(file: string, flags: CheckFlags, context: CommandContext): Promise<void> {
  const project = findProject(file);
  const source = readSource(project);
  const targets = parseTargets(flags.target);
  const { diagnostics, model } = await compile(source, undefined, {
    projectDir: project.projectDir,
    outDir: project.projectDir,
    targets,
  });
  const isForPeople = flags.format === "text";
  // Who asks about one target wants to know what it does not carry out.
  const tellsNotes = flags.verbose === true || targets.size === 1 || !isForPeople;
  const ofHandlers = await handlerDiagnostics(source, model, project.projectDir);
  const told = [...diagnostics, ...ofHandlers].filter(({ severity }) => severity !== "info" || tellsNotes);
  const shown = model === undefined || isForPeople ? told : [...told, ...openRoutes(source, model)];
  await showDiagnostics(source, shown, flags.format, context);
  const fails = shown.some(({ severity }) => severity === "error" || (severity === "warning" && flags.strict));
  if (flags.format === "text") {
    const found = countDiagnostics(shown);
    const open = model === undefined ? [] : openRouteKeys(model);
    if (!fails && open.length > 0) context.terminal.out(`open to everybody: ${listed(open, flags.verbose)}\n`);
    context.terminal.out(`${project.file}: ${found === "" ? "no mistakes found" : found}\n`);
  }
  context.finish(fails ? exitCode.diagnostics : exitCode.ok);
}

const mostListed = 12;

/** All names with `--verbose`; otherwise as many as can be read. */
function listed(names: readonly string[], all: true | undefined): string {
  if (all || names.length <= mostListed) return names.join(", ");
  return `${names.slice(0, mostListed).join(", ")} and ${names.length - mostListed} more (--verbose lists them)`;
}
