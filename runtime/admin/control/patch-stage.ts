import { withOverrides } from "../../deploy/load-stage.js";
import {
  changeSettings,
  describeStage,
  promoteCanary,
  startCanary,
  stopCanary,
  updateCanary,
} from "../../deploy/stage-actions.js";
import { type StageRecord, withHistory } from "../../deploy/stage-record.js";
import type { CanaryEntry } from "../../program.js";
import { badRequest } from "../admin-message.js";
import { checkStagePatch } from "../design/stage-patch-rules.js";
import { settingChange } from "./patch-settings.js";
import type { PatchedStage, PatchOperation } from "./stage-patch.js";

/**
 * The record after UpdateStage's operations; all of them or none.
 *
 * @throws AdminProblem, DeployError
 */
export function patchStage(
  record: StageRecord,
  operations: readonly PatchOperation[],
  stage: PatchedStage,
  at: string,
): StageRecord {
  const declared = stage.canary;
  const isDeclared = record.canary === undefined && declared !== undefined;
  let next: StageRecord = isDeclared ? { ...record, canary: { ...declared, deployment: record.deployment } } : record;
  checkStagePatch(operations, { hasCanary: next.canary !== undefined });
  if (isPromotion(operations)) return promoteCanary(next, { at });
  let { entry } = stage;
  for (const operation of operations) {
    const { op, path, value, from } = operation;
    if (path === "/canarySettings" || path.startsWith("/canarySettings/"))
      next = patchCanary(next, operation, stage, at);
    else if (path === "/deploymentId" && op === "replace") next = withDeployment(next, known(value, stage), at);
    else if (path.startsWith("/variables/"))
      next = changeSettings(next, { at, overrides: { variables: variable(operation) } });
    else if (path === "/description" && op !== "copy")
      next = describeStage(next, op === "remove" ? "" : description(value));
    else if (op === "copy") throw badRequest(`Invalid patch path ${from ?? ""}`);
    else {
      const change = settingChange(operation, entry, stage);
      next = changeSettings(next, { at, overrides: change });
      entry = withOverrides(entry, next.overrides);
    }
  }
  return next;
}

function description(value = ""): string {
  if (value.length <= 1024) return value;
  throw badRequest("a description has at most 1,024 characters");
}

/** As AWS's guide promotes: the canary's deployment and variables are copied, the canary is removed, in whatever order. */
function isPromotion(operations: readonly PatchOperation[]): boolean {
  const copies = operations.some(
    ({ op, path, from }) => op === "copy" && path === "/deploymentId" && from === "/canarySettings/deploymentId",
  );
  if (!copies) return false;
  const isPart = ({ op, path, from }: PatchOperation) =>
    (op === "copy" && path === "/deploymentId" && from === "/canarySettings/deploymentId") ||
    (op === "copy" && path === "/variables" && from === "/canarySettings/stageVariableOverrides") ||
    (op === "remove" && path === "/canarySettings") ||
    (op === "remove" && path === "/canarySettings/stageVariableOverrides");
  const wrong = operations.find((operation) => !isPart(operation));
  if (wrong !== undefined) throw badRequest(`a promotion does nothing else: ${wrong.op} ${wrong.path}`);
  return true;
}

function patchCanary(record: StageRecord, operation: PatchOperation, stage: PatchedStage, at: string): StageRecord {
  if (operation.path === "/canarySettings") return stopCanary(record, { at });
  const { sticky, header } = stage.declared ?? {};
  const canary = record.canary ?? {
    ...{ deployment: record.deployment, percent: 0, variables: [], useStageCache: false },
    ...(sticky && { sticky }),
    ...(header && { header }),
  };
  const change = canaryChange(operation, canary, () => known(operation.value, stage));
  return record.canary
    ? updateCanary(record, { at, change })
    : startCanary(record, { at, canary: { ...canary, ...change } });
}

function canaryChange(
  { op, path, value = "" }: PatchOperation,
  { variables }: Pick<CanaryEntry, "variables">,
  deployment: () => string,
): Partial<CanaryEntry> & { readonly deployment?: string } {
  const override = /^\/canarySettings\/stageVariableOverrides\/([A-Za-z0-9_]{1,64})$/.exec(path)?.[1];
  if (override !== undefined) {
    const others = variables.filter(({ name }) => name !== override);
    return { variables: op === "remove" ? others : [...others, { name: override, value: variableValue(value) }] };
  }
  switch (path) {
    case "/canarySettings/percentTraffic": {
      const percent = Number(value);
      if (value === "" || !(percent >= 0 && percent <= 100))
        throw badRequest("Invalid canary percentTraffic: 0 to 100");
      return { percent };
    }
    case "/canarySettings/deploymentId":
      return { deployment: deployment() };
    case "/canarySettings/useStageCache":
      return { useStageCache: value === "true" };
    default:
      throw badRequest(`Invalid method setting path: ${path}`);
  }
}

function known(id: string | undefined, { deployments }: PatchedStage): string {
  if (id !== undefined && deployments.includes(id)) return id;
  throw badRequest("Deployment id does not exist");
}

function withDeployment(record: StageRecord, deployment: string, at: string): StageRecord {
  const { history, ...rest } = record;
  return withHistory({ ...rest, deployment }, history, { at, action: "deploy" });
}

function variable({ op, path, value = "" }: PatchOperation): Readonly<Record<string, string | null>> {
  const name = path.slice("/variables/".length);
  if (!/^[A-Za-z0-9_]{1,64}$/.test(name)) throw badRequest(`Invalid stage variable name: ${name}`);
  return { [name]: op === "remove" ? null : variableValue(value) };
}

function variableValue(value: string): string {
  if (/^[A-Za-z0-9\-._~:/?#&=,]{1,512}$/.test(value)) return value;
  throw badRequest("Invalid stage variable value: 1 to 512 of A-Z a-z 0-9 - . _ ~ : / ? # & = ,");
}
