import type { Command } from "commander";
import { promoteCanary, startCanary, stopCanary, updateCanary } from "../../runtime/deploy/stage-actions.js";
import type { CanaryRecord, StageRecord } from "../../runtime/deploy/stage-record.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";
import { exitCode, UsageError } from "./exit-codes.js";
import { freezeProject } from "./freeze-project.js";
import type { CommandContext } from "./main.js";
import { fileArgument } from "./options.js";
import { findProject } from "./project.js";
import { collect, now, readVariables, recordOf, storeOf } from "./stage-options.js";

interface CanaryFlags {
  readonly stage: string;
  readonly percent?: string;
  readonly set: readonly string[];
  readonly deployment?: string;
  readonly shareCache?: true;
}

export function addCanaryCommand(program: Command, context: CommandContext): void {
  const canary = program
    .command("canary")
    .description("Releases a build to a share of a stage's requests")
    .addHelpText("after", example("start --stage prod --percent 10"));
  withStage(canary.command("start").description("Builds gateway.yaml and sends a share of the requests to it"))
    .option("--percent <share>", "0 to 100 (default: as the file's canary says)")
    .option("--set <name=value>", "a stage variable that the canary has instead; may be repeated", collect, [])
    .option("--deployment <id>", "a build that was deployed before, instead of the file")
    .option("--share-cache", "the canary uses the stage's cache")
    .addHelpText("after", example("start --stage prod --percent 10"))
    .action((file: string, flags: CanaryFlags) => start(file, flags, context));
  withStage(canary.command("update").description("Changes the share or the variables of a canary"))
    .option("--percent <share>", "0 to 100")
    .option("--set <name=value>", "a stage variable that the canary has instead; may be repeated", collect, [])
    .addHelpText("after", example("update --stage prod --percent 50"))
    .action((file: string, flags: CanaryFlags) => update(file, flags, context));
  withStage(canary.command("promote").description("Makes the canary's deployment and variables those of the stage"))
    .addHelpText("after", example("promote --stage prod"))
    .action((file: string, { stage }: CanaryFlags) => {
      const record = change(file, stage, (before) => promoteCanary(before, { at: now() }));
      context.terminal.out(`promoted  ${stage} is ${record.deployment}\n`);
    });
  withStage(canary.command("stop").description("Sends all requests to the stage's own deployment again"))
    .addHelpText("after", example("stop --stage prod"))
    .action((file: string, { stage }: CanaryFlags) => {
      const record = change(file, stage, (before) => stopCanary(before, { at: now() }));
      context.terminal.out(`stopped   ${stage} is ${record.deployment} alone\n`);
    });
  for (const command of canary.commands) command.exitOverride().copyInheritedSettings(program);
}

const example = (line: string) => `\nExample:\n  gateway canary ${line}\n`;

function withStage(command: Command): Command {
  return command.addArgument(fileArgument()).requiredOption("-s, --stage <name>", "the stage");
}

function change(file: string, stage: string, step: (record: StageRecord) => StageRecord): StageRecord {
  const store = storeOf(findProject(file));
  const before = recordOf(store, stage);
  return store.update(stage, (record) => step(record ?? before));
}

async function start(file: string, flags: CanaryFlags, context: CommandContext): Promise<void> {
  const project = findProject(file);
  const { stage } = flags;
  const store = storeOf(project);
  const before = recordOf(store, stage);
  const id = await deploymentOf(file, flags, store, context);
  if (id === undefined) return context.finish(exitCode.diagnostics);
  const { canaryFor } = await import("../../runtime/deploy/canary-for.js");
  const declared = await canaryFor(store, before, id);
  const percent = flags.percent === undefined ? declared.percent : readPercent(flags.percent);
  if (percent === undefined) throw new UsageError("--percent says how many requests go to the canary, 0 to 100");
  const set = Object.entries(readVariables(flags.set)).map(([name, value]) => ({ name, value }));
  const variables = [...declared.variables.filter(({ name }) => !set.some((mine) => mine.name === name)), ...set];
  const useStageCache = flags.shareCache ?? declared.useStageCache;
  const canary: CanaryRecord = { ...declared, deployment: id, percent, variables, useStageCache };
  store.update(stage, (record) => startCanary(record ?? before, { at: now(), canary }));
  context.terminal.out(`canary    ${percent} % of ${stage} to ${id}\n`);
}

async function deploymentOf(
  file: string,
  { stage, deployment }: CanaryFlags,
  store: DeploymentStore,
  context: CommandContext,
): Promise<string | undefined> {
  if (deployment !== undefined) return store.get(deployment).id;
  return (await freezeProject(findProject(file), { stage, format: "text" }, context))?.deployment.id;
}

function update(file: string, flags: CanaryFlags, { terminal }: CommandContext): void {
  const { stage } = flags;
  const set = Object.entries(readVariables(flags.set)).map(([name, value]) => ({ name, value }));
  const record = change(file, stage, (before) => {
    const kept = (before.canary?.variables ?? []).filter(({ name }) => !set.some((mine) => mine.name === name));
    const percent = flags.percent === undefined ? {} : { percent: readPercent(flags.percent) };
    return updateCanary(before, { at: now(), change: { ...percent, variables: [...kept, ...set] } });
  });
  terminal.out(`canary    ${record.canary?.percent} % of ${stage} to ${record.canary?.deployment}\n`);
}

function readPercent(text: string): number {
  const percent = Number(text);
  if (text.trim() !== "" && percent >= 0 && percent <= 100) return percent;
  throw new UsageError(`"${text}" is no share: 0 to 100`);
}
