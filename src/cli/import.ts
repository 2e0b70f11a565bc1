import { existsSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import process from "node:process";
import { type Command, Option } from "commander";
import { renderText } from "../diagnostics/render.js";
import type { ImportOptions } from "../import/import-gateway.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { countDiagnostics } from "./report.js";

interface ImportFlags {
  readonly out: string;
  readonly force?: true;
  readonly folder?: readonly string[];
  readonly basePath: "ignore" | "prepend" | "split";
  readonly kind?: "rest" | "http";
  readonly verbose?: true;
}

export function addImportCommand(program: Command, context: CommandContext): void {
  program
    .command("import")
    .description("Makes gateway.yaml of OpenAPI 3.0/3.1, Swagger 2.0, or a CloudFormation or SAM template")
    .argument("<file>", "the document; nothing is fetched from the network")
    .option("--out <file>", "what is written; - is standard output", "gateway.yaml")
    .option("--force", "overwrite the file")
    .option("--folder <dirs...>", "further folders that references may lead to")
    .addOption(
      new Option("--base-path <mode>", "what becomes of the path in the document's address, as AWS's basepath")
        .choices(["ignore", "prepend", "split"])
        .default("ignore"),
    )
    .addOption(
      new Option("--kind <kind>", "kind of API, where the document does not show it").choices(["rest", "http"]),
    )
    .option("--verbose", "all that is told, renamed names too")
    .addHelpText("after", "\nExample:\n  gateway import openapi.yaml && gateway check\n")
    .action((file: string, flags: ImportFlags) => importFile(file, flags, context));
}

/** As many mistakes as can be read; --verbose shows them all. */
const mostShown = 25;

async function importFile(file: string, flags: ImportFlags, { terminal, finish }: CommandContext): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const target = resolve(flags.out);
  if (flags.out !== "-" && existsSync(target) && !flags.force)
    throw new UsageError(`${flags.out} is there already; --force overwrites it`);
  const { importGateway } = await import("../import/import-gateway.js");
  const options: ImportOptions = { basePath: flags.basePath, kind: flags.kind, folders: flags.folder ?? [] };
  const { text, found, rest } = await importGateway(file, options);
  const all = found
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ severity }) => severity !== "info" || flags.verbose);
  for (const { source, diagnostics } of found) {
    const shown = diagnostics.filter(({ severity }) => severity !== "info" || flags.verbose);
    const listed = flags.verbose ? shown : shown.slice(0, mostShown);
    if (listed.length > 0) terminal.error(renderText(source, listed, { color: terminal.color }));
    if (listed.length < shown.length)
      terminal.error(`… and ${shown.length - listed.length} more in ${source.path} (--verbose shows them)\n`);
  }
  if (text === undefined) {
    finish(exitCode.diagnostics);
    return;
  }
  if (flags.out === "-") terminal.out(text);
  else {
    writeFileSync(target, text);
    const told = countDiagnostics(all);
    terminal.out(`wrote     ${relative(process.cwd(), target)}${told === "" ? "" : ` (${told} in ${file})`}\n`);
    terminal.out("next      gateway check\n");
  }
  const isBroken = rest.length > 0 || all.some(({ severity }) => severity === "error");
  finish(isBroken ? exitCode.diagnostics : exitCode.ok);
}
