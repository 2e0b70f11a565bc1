import { existsSync, readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { InvariantError } from "../invariant.js";
import { addBuildCommand } from "./build.js";
import { addCanaryCommand } from "./canary.js";
import { addCheckCommand } from "./check.js";
import { addDeployCommand } from "./deploy.js";
import { addDevCommand } from "./dev.js";
import { addDiffCommand } from "./diff.js";
import { type ExitCode, exitCode } from "./exit-codes.js";
import { addExplainCommand } from "./explain.js";
import { addExportCommand } from "./export.js";
import { addImportCommand } from "./import.js";
import { addInitCommand } from "./init.js";
import { addInvokeCommand } from "./invoke.js";
import { addKeysCommand } from "./keys.js";
import { worldlyProblem } from "./problems.js";
import { addRenderCommand } from "./render.js";
import { addRollbackCommand } from "./rollback.js";
import { addServeCommand } from "./serve.js";
import { addStagesCommand } from "./stages.js";
import { processTerminal, type Terminal } from "./terminal.js";
import { addTokenCommand } from "./token.js";
import { addUsageCommand } from "./usage.js";

/** What every command gets. `finish` sets the exit code of the run. */
export interface CommandContext {
  readonly terminal: Terminal;
  finish(code: ExitCode): void;
}

/** Runs one command line, without the program's name, and yields the exit code. */
export async function run(args: readonly string[], terminal: Terminal = processTerminal): Promise<ExitCode> {
  let code: ExitCode = exitCode.ok;
  const context: CommandContext = { terminal, finish: (finished) => (code = finished) };
  try {
    await createProgram(context).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return explainFailure(error, terminal);
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command("gateway");
  program
    .description("Compiles gateway.yaml into OpenAPI, SDKs, handlers and a gateway that behaves as AWS API Gateway")
    .version(packageVersion(), "-V, --version")
    .showHelpAfterError("(gateway --help lists the commands)")
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.error });
  addInitCommand(program, context);
  addCheckCommand(program, context);
  addBuildCommand(program, context);
  addDevCommand(program, context);
  addImportCommand(program, context);
  addExportCommand(program, context);
  addServeCommand(program, context);
  addDeployCommand(program, context);
  addStagesCommand(program, context);
  addRollbackCommand(program, context);
  addCanaryCommand(program, context);
  addTokenCommand(program, context);
  addRenderCommand(program, context);
  addInvokeCommand(program, context);
  addDiffCommand(program, context);
  addKeysCommand(program, context);
  addUsageCommand(program, context);
  addExplainCommand(program, context);
  for (const command of program.commands) {
    command.exitOverride().copyInheritedSettings(program);
    for (const below of command.commands) below.exitOverride().copyInheritedSettings(program);
  }
  return program;
}

/** From package.json, which is two folders up from the source and three from what is compiled. */
function packageVersion(): string {
  const near = new URL("../../package.json", import.meta.url);
  const file = existsSync(near) ? near : new URL("../../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version;
}

function explainFailure(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  const problem = worldlyProblem(error);
  if (problem !== undefined) {
    terminal.error(`gateway: ${problem}\n`);
    return exitCode.usage;
  }
  const what = error instanceof InvariantError ? "this should hold and does not" : "unexpected failure";
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.error(`gateway: a bug of ours, please report it: ${what}\n${details}\n`);
  return exitCode.bug;
}
