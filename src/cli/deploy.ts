import type { Command } from "commander";
import type { Deployment } from "../../runtime/deploy/artefact.js";
import { changeSettings, deploy } from "../../runtime/deploy/stage-actions.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";
import type { Difference } from "../deploy/differences.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { exitCode } from "./exit-codes.js";
import { freezeProject } from "./freeze-project.js";
import type { CommandContext } from "./main.js";
import { fileArgument, formatOption } from "./options.js";
import { findProject } from "./project.js";
import { now, recordOf, storeOf } from "./stage-options.js";

interface DeployFlags {
  readonly stage: string;
  readonly description?: string;
  readonly dryRun?: true;
  readonly diff?: true;
  readonly settingsOnly?: true;
  readonly format: "text" | "json" | "sarif";
}

export function addDeployCommand(program: Command, context: CommandContext): void {
  program
    .command("deploy")
    .description("Freezes the build under its content and points a stage at it; a running gateway follows")
    .addArgument(fileArgument())
    .requiredOption("-s, --stage <name>", "the stage")
    .option("-d, --description <text>", "what the deployment is for; gateway stages shows it")
    .option("--diff", "deploy, and show what that changes")
    .option("--dry-run", "build, try it and show what it would change; nothing is deployed")
    .option("--settings-only", "take the stage's settings from the file; its routes and handlers stay as deployed")
    .addOption(formatOption())
    .addHelpText(
      "after",
      "\nExamples:\n  gateway deploy --stage prod --description 'orders by date'\n  gateway deploy --stage prod --dry-run\n",
    )
    .action((file: string, flags: DeployFlags) => deployFile(file, flags, context));
}

async function deployFile(file: string, flags: DeployFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const project = findProject(file);
  const store = storeOf(project);
  const before = flags.settingsOnly ? recordOf(store, flags.stage) : store.stage(flags.stage);
  const frozen = await freezeProject(project, flags, context);
  if (frozen === undefined) return context.finish(exitCode.diagnostics);
  const { deployment, model } = frozen;
  if (flags.diff || flags.dryRun) {
    const changes = await changesOf(store, before?.deployment, before?.settings, deployment, model, flags);
    terminal.out(
      flags.format === "json" ? `${JSON.stringify({ deployment: deployment.id, changes })}\n` : shown(changes, flags),
    );
  }
  if (flags.dryRun) return;
  const { stage, description } = flags;
  const { id } = deployment;
  if (flags.settingsOnly) {
    store.update(stage, (record) => changeSettings(record ?? recordOf(store, stage), { at: now(), settings: id }));
    terminal.out(`settings  ${stage} as in ${project.file}; still ${before?.deployment}\n`);
    return;
  }
  if (before?.deployment === id && before.settings === id && Object.keys(before.overrides).length === 0) {
    terminal.out(`unchanged ${stage} is ${id} already\n`);
    return;
  }
  store.update(stage, (record) => deploy(record, { stage, api: model.name, deployment: id, at: now(), description }));
  terminal.out(`deployed  ${id} to ${stage}${before ? ` (was ${before.deployment})` : ""}\n`);
}

async function changesOf(
  store: DeploymentStore,
  before: string | undefined,
  settings: string | undefined,
  deployment: Deployment,
  model: GatewayModel,
  { stage, settingsOnly }: DeployFlags,
): Promise<readonly Difference[]> {
  const { differencesBetween } = await import("../deploy/compare-deployments.js");
  const all = await differencesBetween(store, { before, settings, after: deployment, model, stage });
  return settingsOnly ? all.filter(({ what }) => what === "setting" || what === "stage variable") : all;
}

const marks = { added: "+", removed: "-", changed: "~" } as const;

function shown(changes: readonly Difference[], { stage }: DeployFlags): string {
  if (changes.length === 0) return `no difference from what is deployed to ${stage}\n`;
  return changes
    .map(({ change, what, name, members }) => {
      const inner = members.length > 0 ? `: ${members.join(", ")}` : "";
      return `  ${marks[change]} ${what} ${name}${inner}\n`;
    })
    .join("");
}
