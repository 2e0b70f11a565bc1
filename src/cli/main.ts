import { existsSync, readFileSync } from "node:fs";
import { Command, CommanderError, Help, type Option } from "commander";
import { InvariantError } from "../invariant.js";
import { type ExitCode, exitCode } from "./exit-codes.js";
import { worldlyProblem } from "./problems.js";
import { processTerminal, type Terminal } from "./terminal.js";

/** What every command gets. `finish` sets the exit code of the run. */
export interface CommandContext {
  readonly terminal: Terminal;
  finish(code: ExitCode): void;
}

type AddCommand = (program: Command, context: CommandContext) => void;

/** In the order of the help. A command's module is loaded when it is called: those of servers have half of the runtime behind them. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  init: async () => (await import("./init.js")).addInitCommand,
  check: async () => (await import("./check.js")).addCheckCommand,
  build: async () => (await import("./build.js")).addBuildCommand,
  scaffold: async () => (await import("./scaffold.js")).addScaffoldCommand,
  dev: async () => (await import("./dev.js")).addDevCommand,
  import: async () => (await import("./import.js")).addImportCommand,
  export: async () => (await import("./export.js")).addExportCommand,
  serve: async () => (await import("./serve.js")).addServeCommand,
  deploy: async () => (await import("./deploy.js")).addDeployCommand,
  stages: async () => (await import("./stages.js")).addStagesCommand,
  rollback: async () => (await import("./rollback.js")).addRollbackCommand,
  canary: async () => (await import("./canary.js")).addCanaryCommand,
  token: async () => (await import("./token.js")).addTokenCommand,
  render: async () => (await import("./render.js")).addRenderCommand,
  invoke: async () => (await import("./invoke.js")).addInvokeCommand,
  diff: async () => (await import("./diff.js")).addDiffCommand,
  keys: async () => (await import("./keys.js")).addKeysCommand,
  usage: async () => (await import("./usage.js")).addUsageCommand,
  explain: async () => (await import("./explain.js")).addExplainCommand,
};

/** Runs one command line, without the program's name, and yields the exit code. */
export async function run(args: readonly string[], terminal: Terminal = processTerminal): Promise<ExitCode> {
  let code: ExitCode = exitCode.ok;
  const context: CommandContext = { terminal, finish: (finished) => (code = finished) };
  try {
    const [name] = args;
    const wanted = name !== undefined && Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
    await (await createProgram(wanted, context)).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return explainFailure(error, terminal);
  }
}

async function createProgram(names: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command("gateway");
  program
    .description("Compiles gateway.yaml into OpenAPI, SDKs, handlers and a gateway that behaves as AWS API Gateway")
    .version(packageVersion(), "-V, --version")
    .showHelpAfterError("(gateway --help lists the commands)")
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.error });
  for (const name of names) (await commands[name]?.())?.(program, context);
  for (const command of program.commands) {
    settle(command, program);
    for (const below of command.commands) settle(below, program);
  }
  return program;
}

/** What holds for all commands; after a mistake, each points at its own help. */
function settle(command: Command, program: Command): void {
  command.exitOverride().copyInheritedSettings(program);
  const name = command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`;
  const what = command.commands.length > 0 ? "commands" : "options";
  command.showHelpAfterError(`(gateway ${name} --help lists its ${what})`);
}

/** An option that may be repeated begins with an empty list, which says nothing to a reader. */
function describeOption(option: Option): string {
  const isEmptyList = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
  return isEmptyList ? option.description : new Help().optionDescription(option);
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
