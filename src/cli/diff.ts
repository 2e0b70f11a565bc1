import process from "node:process";
import { type Command, Option } from "commander";
import { exitCode } from "./exit-codes.js";
import type { CommandContext } from "./main.js";

interface DiffFlags {
  readonly format: "text" | "json" | "markdown";
  readonly failOn: "breaking" | "wire" | "any" | "none";
}

export function addDiffCommand(program: Command, context: CommandContext): void {
  program
    .command("diff")
    .description("Tells what changed for clients from one contract to another")
    .argument(
      "<old>",
      "a gateway.yaml, its folder, a build folder, an OpenAPI document, or what git has: v1.2.0:gateway.yaml",
    )
    .argument("[new]", "the same, newer", "gateway.yaml")
    .addOption(
      new Option("--format <format>", "how changes are shown").choices(["text", "json", "markdown"]).default("text"),
    )
    .addOption(
      new Option("--fail-on <kind>", "which changes make the exit code 1; wire: breaking ones but those of SDKs alone")
        .choices(["breaking", "wire", "any", "none"])
        .default("breaking"),
    )
    .addHelpText("after", "\nExample:\n  gateway diff main:gateway.yaml --format markdown\n")
    .action((older: string, newer: string, flags: DiffFlags) => diff(older, newer, flags, context));
}

async function diff(
  older: string,
  newer: string,
  { format, failOn }: DiffFlags,
  context: CommandContext,
): Promise<void> {
  const { readContractOrRevision } = await import("../contract/read-contract.js");
  const { compareContracts } = await import("../contract/compare-contracts.js");
  const render = await import("../contract/render-changes.js");
  const before = await readContractOrRevision(older, process.cwd());
  const now = await readContractOrRevision(newer, process.cwd());
  const changes = compareContracts(before, now);
  const { terminal } = context;
  if (format === "json") terminal.out(render.renderChangesJson(changes, before, now));
  else terminal.out(format === "text" ? render.renderChangesText(changes) : render.renderChangesMarkdown(changes));
  const fails = {
    any: changes.length > 0,
    breaking: changes.some(({ kind }) => kind === "breaking"),
    wire: changes.some(render.isBreakingOnWire),
    none: false,
  }[failOn];
  context.finish(fails ? exitCode.diagnostics : exitCode.ok);
}
