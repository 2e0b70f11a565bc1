import type { CanaryEntry } from "../program.js";
import { DeployError } from "./deploy-error.js";
import { type CanaryRecord, type StageOverrides, type StageRecord, withHistory } from "./stage-record.js";

/**
 * What can be done with a stage, as pure steps from one record to the next (aws-behaviour.md section 19). The store
 * writes them; the command line and the admin port call them through it.
 */

export interface DeployStep {
  readonly stage: string;
  readonly api: string;
  readonly deployment: string;
  readonly at: string;
  readonly description?: string | undefined;
}

/** Points the stage at a build, with the settings that the build has for it. */
export function deploy(record: StageRecord | undefined, step: DeployStep): StageRecord {
  const { stage, api, deployment, at, description } = step;
  if (record !== undefined && record.api !== api) {
    throw new DeployError(`the stage "${stage}" of this folder belongs to "${record.api}", not to "${api}"`);
  }
  if (record?.canary) throw withCanary(record);
  return withHistory(
    { format: 1, stage, api, deployment, settings: deployment, overrides: {}, ...ownOf(record) },
    record?.history ?? [],
    { at, action: "deploy", description },
  );
}

/**
 * Back to what was deployed before, or to a deployment of the stage's history, with the settings that held then.
 * Several rollbacks in a row go further back.
 */
export function rollback(
  record: StageRecord,
  step: { readonly at: string; readonly to?: string | undefined },
): StageRecord {
  const { history, deployment } = record;
  const { at, to } = step;
  if (record.canary) throw withCanary(record);
  const last = history.at(-1);
  const position = last?.to ?? last?.number ?? 0;
  const earlier = history.filter((entry) => entry.number <= position && entry.deployment !== deployment);
  const target = to === undefined ? earlier.at(-1) : history.findLast((entry) => entry.deployment === to);
  if (target === undefined) {
    throw new DeployError(
      to === undefined
        ? `nothing was deployed to "${record.stage}" before`
        : `${to} was never deployed to "${record.stage}"`,
    );
  }
  const { stage, api } = record;
  return withHistory(
    {
      ...{ format: 1 as const, stage, api, deployment: target.deployment, settings: target.settings, overrides: {} },
      ...ownOf(record),
    },
    history,
    { at, action: "rollback", to: target.number },
  );
}

/** Other settings without a deployment: those of a build, or some set by hand over them. */
export function changeSettings(
  record: StageRecord,
  step: { readonly at: string; readonly settings?: string; readonly overrides?: StageOverrides },
): StageRecord {
  const { history, ...rest } = record;
  const overrides = step.overrides === undefined ? {} : mergedOverrides(record.overrides, step.overrides);
  return withHistory({ ...rest, settings: step.settings ?? record.settings, overrides }, history, {
    at: step.at,
    action: "settings",
  });
}

/** What is of the stage itself: no deployment and no rollback changes it. */
function ownOf(record: StageRecord | undefined): Pick<StageRecord, "description" | "tags"> {
  const { description, tags } = record ?? {};
  return { ...(description !== undefined && { description }), ...(tags !== undefined && { tags }) };
}

/** Another text for people; it is no step of the history. */
export function describeStage(record: StageRecord, description: string): StageRecord {
  return { ...record, description };
}

function mergedOverrides(before: StageOverrides, more: StageOverrides): StageOverrides {
  const variables = { ...before.variables, ...more.variables };
  const methods = { ...before.methods };
  for (const [key, own] of Object.entries(more.methods ?? {})) methods[key] = own && { ...methods[key], ...own };
  return {
    ...before,
    ...more,
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(Object.keys(methods).length > 0 && { methods }),
  };
}

export function startCanary(
  record: StageRecord,
  step: { readonly at: string; readonly canary: CanaryRecord; readonly description?: string | undefined },
): StageRecord {
  if (record.canary) throw withCanary(record);
  const { history, ...rest } = record;
  const { at, canary, description } = step;
  return withHistory({ ...rest, canary }, history, { at, action: "canary-start", ...(description && { description }) });
}

/** Another share, other variables. */
export function updateCanary(
  record: StageRecord,
  step: { readonly at: string; readonly change: Partial<CanaryEntry> },
): StageRecord {
  const { history, ...rest } = record;
  return withHistory({ ...rest, canary: { ...canaryOf(record), ...step.change } }, history, {
    at: step.at,
    action: "canary-update",
  });
}

/** The canary's deployment and variables become the stage's, and the canary is gone (recorded on AWS). */
export function promoteCanary(record: StageRecord, step: { readonly at: string }): StageRecord {
  const { history, ...rest } = record;
  const { deployment, variables } = canaryOf(record);
  const promoted = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  const overrides = mergedOverrides(record.overrides, { variables: promoted });
  return withHistory({ ...rest, deployment, overrides, canary: null }, history, {
    at: step.at,
    action: "canary-promote",
  });
}

export function stopCanary(record: StageRecord, step: { readonly at: string }): StageRecord {
  const { history, ...rest } = record;
  canaryOf(record);
  return withHistory({ ...rest, canary: null }, history, { at: step.at, action: "canary-stop" });
}

function canaryOf({ canary, stage }: StageRecord): CanaryRecord {
  if (canary) return canary;
  throw new DeployError(`the stage "${stage}" has no canary; gateway canary start --stage ${stage} makes one`);
}

function withCanary({ stage, canary }: StageRecord): DeployError {
  return new DeployError(
    `the stage "${stage}" has a canary (${canary?.percent} % to ${canary?.deployment}): promote or stop it first`,
  );
}
