import type { StageCacheEntry } from "../cache/cache-entry.js";
import type { AccessLogEntry } from "../observe/access-log-entry.js";
import type { CanaryEntry, EnvText, MethodOverride, StageEntry } from "../program.js";
import { DeployError } from "./deploy-error.js";

/** `stages/<name>.json`: what a stage points to, and how it came there. Replaced whole, by rename. */
export interface StageRecord {
  readonly format: 1;
  readonly stage: string;
  readonly api: string;
  /** Id of the deployment whose routes and handlers answer. */
  readonly deployment: string;
  /** Id of the deployment whose settings of the stage hold: they change without a deployment of routes. */
  readonly settings: string;
  /** Set by hand, over the settings of the file; a deployment takes them away. */
  readonly overrides: StageOverrides;
  /** Undefined: as the settings say. Null: none, whatever they say. */
  readonly canary?: CanaryRecord | null;
  /** Of the stage, whatever is deployed to it. */
  readonly description?: string | undefined;
  /** For people and their tools: nothing here looks at them. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** Settings of a stage by hand; `variables` are laid over the file's. A null takes away what the file has. */
export type StageOverrides = Partial<
  Omit<StageEntry, "name" | "variables" | "canary" | "cache" | "accessLog" | "socketAccessLog" | "methods">
> & {
  readonly variables?: Readonly<Record<string, EnvText | null>>;
  readonly cache?: StageCacheEntry | null;
  readonly accessLog?: AccessLogEntry | null;
  readonly socketAccessLog?: AccessLogEntry | null;
  readonly methods?: Readonly<Record<string, MethodOverride | null>>;
};

/** A canary with a deployment of its own. */
export interface CanaryRecord extends CanaryEntry {
  readonly deployment: string;
}

export type StageAction =
  | "deploy"
  | "rollback"
  | "settings"
  | "canary-start"
  | "canary-update"
  | "canary-promote"
  | "canary-stop";

export interface HistoryEntry {
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  readonly action: StageAction;
  /** What the stage pointed to afterwards. */
  readonly deployment: string;
  readonly settings: string;
  readonly description?: string | undefined;
  /** Rollbacks: the number of the entry that was gone back to. */
  readonly to?: number | undefined;
}

/** How many entries are kept. */
const historyLength = 200;

/** @throws DeployError for text that is no record: it is never taken for one */
export function parseRecord(text: string, path: string): StageRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DeployError(`${path} is not JSON`);
  }
  const record = value as StageRecord | null;
  const isRecord =
    typeof record === "object" &&
    record !== null &&
    [record.stage, record.api, record.deployment, record.settings].every((member) => typeof member === "string") &&
    isId(record.deployment) &&
    isId(record.settings) &&
    (record.canary == null || isId(record.canary.deployment)) &&
    Array.isArray(record.history) &&
    typeof record.overrides === "object";
  if (!isRecord) throw new DeployError(`${path} is no record of a stage`);
  if (record.format !== 1) throw new DeployError(`${path} was written by another version (format ${record.format})`);
  return record;
}

export function isId(id: string): boolean {
  return /^[0-9a-f]{16}$/.test(id);
}

export function withHistory(
  record: Omit<StageRecord, "history">,
  history: readonly HistoryEntry[],
  entry: Pick<HistoryEntry, "at" | "action" | "description" | "to">,
): StageRecord {
  const number = (history.at(-1)?.number ?? 0) + 1;
  const { deployment, settings } = record;
  return { ...record, history: [...history, { number, ...entry, deployment, settings }].slice(-historyLength) };
}
