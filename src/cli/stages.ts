import type { Command } from "commander";
import { changeSettings } from "../../runtime/deploy/stage-actions.js";
import type { StageOverrides, StageRecord } from "../../runtime/deploy/stage-record.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";
import { UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { fileArgument } from "./options.js";
import { findProject } from "./project.js";
import { collect, now, readVariables, recordOf, storeOf } from "./stage-options.js";

interface StagesFlags {
  readonly stage?: string;
  readonly format: "text" | "json";
  readonly set: readonly string[];
  readonly log?: string;
  readonly remove?: true;
}

export function addStagesCommand(program: Command, context: CommandContext): void {
  program
    .command("stages")
    .description("Shows what each stage points to and how it came there, or changes a stage's settings")
    .addArgument(fileArgument())
    .option("-s, --stage <name>", "only this stage, with all of its history")
    .option("--format <format>", "text or json", "text")
    .option("--set <name=value>", "set a variable of the stage, without a deployment; may be repeated", collect, [])
    .option("--log <level>", "set the stage's log level: off, error, info or debug")
    .option("--remove", "take the stage out of service; what was deployed to it stays on the disk")
    .addHelpText("after", "\nExamples:\n  gateway stages\n  gateway stages --stage prod --set color=green\n")
    .action((file: string, flags: StagesFlags) => showStages(file, flags, context));
}

function showStages(file: string, flags: StagesFlags, { terminal }: CommandContext): void {
  if (flags.format !== "text" && flags.format !== "json") throw new UsageError("--format is text or json");
  const store = storeOf(findProject(file));
  if (flags.remove) {
    if (flags.stage === undefined) throw new UsageError("--remove needs --stage");
    recordOf(store, flags.stage);
    store.removeStage(flags.stage);
    terminal.out(`removed   ${flags.stage}\n`);
    return;
  }
  if (flags.set.length > 0 || flags.log !== undefined) changeStage(store, flags);
  const records = flags.stage === undefined ? store.stages() : [recordOf(store, flags.stage)];
  if (flags.format === "json") {
    terminal.out(`${JSON.stringify({ stages: records, deployments: store.deployments() }, undefined, 2)}\n`);
    return;
  }
  if (records.length === 0) terminal.out("nothing is deployed; gateway deploy --stage NAME does it\n");
  for (const record of records)
    terminal.out(describe(record, flags.stage === undefined ? 5 : Number.POSITIVE_INFINITY));
}

function changeStage(store: DeploymentStore, { stage, set, log }: StagesFlags): void {
  if (stage === undefined) throw new UsageError("--set and --log need --stage");
  recordOf(store, stage);
  const overrides: StageOverrides = {
    ...(set.length > 0 && { variables: readVariables(set) }),
    ...(log !== undefined && { log: readLevel(log) }),
  };
  store.update(stage, (record) => changeSettings(record ?? recordOf(store, stage), { at: now(), overrides }));
}

function readLevel(text: string): NonNullable<StageOverrides["log"]> {
  if (text === "off" || text === "error" || text === "info" || text === "debug") return text;
  throw new UsageError(`"${text}" is no log level: off, error, info or debug`);
}

function describe(record: StageRecord, most: number): string {
  const { stage, deployment, settings, canary, overrides, history } = record;
  const lines = [`${stage}  ${deployment}`];
  if (settings !== deployment) lines.push(`  settings of ${settings}`);
  if (canary) lines.push(`  canary ${canary.deployment}, ${canary.percent} %`);
  const byHand = [
    ...Object.entries(overrides.variables ?? {}).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(overrides).flatMap(([name, value]) =>
      name === "variables" ? [] : [`${name}=${JSON.stringify(value)}`],
    ),
  ];
  if (byHand.length > 0) lines.push(`  set by hand: ${byHand.join(", ")}`);
  for (const entry of history.slice(-Math.min(most, history.length)).reverse()) {
    const words = [
      String(entry.number).padStart(4),
      entry.at.slice(0, 19).replace("T", " "),
      entry.action.padEnd(14),
      entry.deployment,
    ];
    if (entry.to !== undefined) words.push(`(as in ${entry.to})`);
    if (entry.description !== undefined) words.push(entry.description);
    lines.push(words.join("  "));
  }
  return `${lines.join("\n")}\n`;
}
