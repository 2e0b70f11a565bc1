import type { Command } from "commander";
import { rollbackOnAws } from "../../generators/cloudformation/rollback-text.js";
import { rollback } from "../../runtime/deploy/stage-actions.js";
import { verifyArtefact } from "../../runtime/deploy/verify-artefact.js";
import { exitCode } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { fileArgument } from "./options.js";
import { findProject } from "./project.js";
import { now, recordOf, storeOf } from "./stage-options.js";

export function addRollbackCommand(program: Command, context: CommandContext): void {
  program
    .command("rollback")
    .description("Points a stage at what was deployed before, with the settings of then")
    .addArgument(fileArgument())
    .requiredOption("-s, --stage <name>", "the stage")
    .option("--to <id>", "a deployment of the stage's history, or the beginning of its id (default: the one before)")
    .addHelpText("after", "\nExample:\n  gateway rollback --stage prod\n")
    .action((file: string, flags: { readonly stage: string; readonly to?: string }) =>
      rollbackStage(file, flags, context),
    );
}

async function rollbackStage(
  file: string,
  { stage, to }: { readonly stage: string; readonly to?: string },
  context: CommandContext,
): Promise<void> {
  const store = storeOf(findProject(file));
  const before = recordOf(store, stage);
  const step = { at: now(), to: to === undefined ? undefined : store.get(to).id };
  const target = rollback(before, step).deployment;
  const { problem } = await verifyArtefact(store.bundleOf(target), [stage], store.moduleOf(store.get(target)));
  if (problem !== undefined || !store.isWhole(store.get(target))) {
    context.terminal.error(`nothing was changed: ${target} does not run: ${problem ?? "its bundle is damaged"}\n`);
    return context.finish(exitCode.diagnostics);
  }
  store.update(stage, (record) => rollback(record ?? before, step));
  context.terminal.out(`back to   ${target} on ${stage} (was ${before.deployment})\n`);
  context.terminal.out(rollbackOnAws(stage));
}
