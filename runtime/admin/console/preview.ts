import { promoteCanary, rollback, stopCanary } from "../../deploy/stage-actions.js";
import type { StageOverrides, StageRecord } from "../../deploy/stage-record.js";
import type { CanaryEntry } from "../../program.js";
import { type AdminAnswer, type AdminRequest, badRequest, bodyObject, jsonAnswer, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { gatewayOf } from "../control/served.js";
import { shown } from "../control/stages.js";
import type { StageDifference } from "../stage-records.js";

/** What a button of a stage would do, told before it is done. */
interface Preview {
  /** Number of the stage's last step: another by then, and what is told here no longer holds. */
  readonly step: number;
  /** Sentences. */
  readonly facts: readonly string[];
  readonly changes: readonly StageDifference[];
}

/** POST /console/preview. @throws AdminProblem where the button could do nothing */
export async function previewStage(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> {
  const body = bodyObject(request);
  const [api = "", stage = "", action = ""] = ["api", "stage", "action"].map((name) => textOf(body, name));
  const slot = gatewayOf(target)
    .apis.find(({ name }) => name === api)
    ?.slots.find(({ live }) => live.name === stage);
  const kept = target.stages.record(api, stage);
  if (slot === undefined || kept === undefined) throw badRequest(`"${stage}" is not served`);
  const record = withDeclaredCanary(kept, slot.canary?.entry);
  try {
    return jsonAnswer(await previewOf(target, record, action));
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

/** A canary of the file is one of the same deployment. */
function withDeclaredCanary(record: StageRecord, declared: CanaryEntry | undefined): StageRecord {
  if (record.canary !== undefined || declared === undefined) return record;
  return { ...record, canary: { ...declared, deployment: record.deployment } };
}

async function previewOf(target: AdminTarget, record: StageRecord, action: string): Promise<Preview> {
  const at = new Date().toISOString();
  const { api, stage, canary, history } = record;
  const step = history.at(-1)?.number ?? 0;
  switch (action) {
    case "rollback": {
      const next = rollback(record, { at });
      const { changes, isWhole } = await differences(target, record, next);
      const gone = namesOf(record.overrides);
      return {
        step,
        facts: [
          pointing(record.deployment, next.deployment),
          ...described(history, next.deployment),
          ...(gone.length > 0 ? [`Set by hand, and gone with it: ${gone.join(", ")}.`] : []),
          ...notWhole(isWhole),
        ],
        changes,
      };
    }
    case "promote": {
      const next = promoteCanary(record, { at });
      const { changes, isWhole } = await differences(target, record, next);
      return {
        step,
        facts: [
          pointing(record.deployment, next.deployment),
          `Of the requests ${canary?.percent} % have it now; all will.`,
          ...variablesOf(canary, "Stage variables that become the stage's"),
          ...notWhole(isWhole),
        ],
        changes,
      };
    }
    case "stop": {
      stopCanary(record, { at });
      const before = { ...record, deployment: canary?.deployment ?? record.deployment };
      const { changes, isWhole } = await differences(target, before, record);
      return {
        step,
        facts: [
          `The ${canary?.percent} % of the requests that the canary answers go back to deployment ${record.deployment}.`,
          ...variablesOf(canary, "Stage variables that are gone with it"),
          ...notWhole(isWhole),
        ],
        changes,
      };
    }
    case "canary": {
      const what = canary
        ? `The canary has ${canary.percent} % of the requests of ${stage} now.`
        : "There is no canary.";
      const deployment = canary?.deployment ?? record.deployment;
      const { changes } = await differences(target, record, { ...record, deployment });
      return { step, facts: [what, `It answers with deployment ${deployment}.`], changes };
    }
    default:
      throw badRequest(`no action of ${api} ${stage}: ${action}`);
  }
}

function pointing(before: string, after: string): string {
  return before === after ? `The deployment stays ${after}.` : `The stage points to ${after}, no longer to ${before}.`;
}

function described(history: StageRecord["history"], deployment: string): readonly string[] {
  const step = history.findLast((entry) => entry.deployment === deployment && entry.action === "deploy");
  if (step === undefined) return [];
  return [`It was deployed at ${step.at}${step.description ? `: ${step.description}` : ""}.`];
}

function notWhole(isWhole: boolean): readonly string[] {
  return isWhole ? [] : ["What changes inside of routes is not known: a file of the two is not there."];
}

function variablesOf(canary: StageRecord["canary"], what: string): readonly string[] {
  const list = canary?.variables ?? [];
  return list.length === 0 ? [] : [`${what}: ${list.map(({ name, value }) => `${name}=${shown(value)}`).join(", ")}.`];
}

/** `variable colour`, `log`, `GET /pets`. */
function namesOf({ variables, methods, ...others }: StageOverrides): readonly string[] {
  return [
    ...Object.keys(variables ?? {}).map((name) => `variable ${name}`),
    ...Object.keys(others),
    ...Object.keys(methods ?? {}).map((key) => (key === "*" ? "settings of all routes" : `settings of ${key}`)),
  ];
}

async function differences({ stages }: AdminTarget, before: StageRecord, after: StageRecord) {
  const isSame = before.deployment === after.deployment && before.settings === after.settings;
  if (isSame || stages.differences === undefined) return { changes: [], isWhole: true };
  return stages.differences(before.api, before.stage, pointerOf(before), pointerOf(after));
}

function pointerOf({ deployment, settings }: StageRecord) {
  return { deployment, settings };
}
