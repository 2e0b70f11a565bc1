import type { CanaryEntry, DomainEntry } from "../program.js";
import { type DomainTable, domainTable } from "./domain-table.js";
import type { LiveProgram, LiveStage } from "./live-program.js";

/**
 * Which stage a request finds, for all APIs of a host. Immutable: a deployment, a rollback or another setting makes a
 * new table, which holds from the next request on. What is not changed keeps its LiveStage.
 */
export interface HostTable {
  /** Stages by name, for requests that say no more than a path: those of the only API, or those that one API alone has. */
  readonly front: ApiTable;
  /** With several APIs: each by its name and by its id. */
  readonly apis: ReadonlyMap<string, ApiTable> | undefined;
  /** Undefined: no stage has a custom domain. */
  readonly domains: DomainTable | undefined;
}

export interface ApiTable {
  readonly stages: ReadonlyMap<string, StageSlot>;
  /** HTTP APIs: the stage without a name in the URL. */
  readonly defaultStage: StageSlot | undefined;
  /** A Program of the API: what is said where no stage is found depends on its kind. */
  readonly fallback: LiveProgram;
}

/** A stage and the canary beside it. */
export interface StageSlot {
  readonly live: LiveStage;
  readonly canary: LiveCanary | undefined;
  /** Custom domains as the stage's settings have them; only their paths to this stage count. */
  readonly domains: readonly DomainEntry[];
  /** Where relative paths of certificates begin. */
  readonly folder: string;
}

export interface LiveCanary {
  readonly live: LiveStage;
  readonly entry: CanaryEntry;
}

/** One API as the host serves it. */
export interface ServedApi {
  readonly name: string;
  readonly apiId: string;
  readonly slots: readonly StageSlot[];
}

/** @param apis  at least one, each with at least one stage */
export function hostTable(apis: readonly ServedApi[]): HostTable {
  const all = apis.flatMap(({ slots }) => slots);
  const tables = apis.map(({ slots }) => apiTable(slots));
  const domains = domainTable(all);
  const [only] = tables;
  if (only !== undefined && tables.length === 1) return { front: only, apis: undefined, domains };
  const counts = new Map<string, number>();
  for (const { live } of all) counts.set(live.name, (counts.get(live.name) ?? 0) + 1);
  const front = apiTable(
    all.filter(({ live }) => counts.get(live.name) === 1),
    all[0],
  );
  const byName = new Map<string, ApiTable>();
  apis.forEach(({ name, apiId }, at) => {
    byName.set(apiId, tables[at] as ApiTable);
    byName.set(name.toLowerCase(), tables[at] as ApiTable);
  });
  return { front, apis: byName, domains };
}

/** Stages whose API has no endpoint of its own are found by their domains only. */
function apiTable(slots: readonly StageSlot[], some = slots[0]): ApiTable {
  if (some === undefined) throw new Error("an API without stages cannot be served");
  const open = slots.filter(({ live }) => live.program.program.api.disableExecuteApiEndpoint !== true);
  const stages = new Map(open.map((slot) => [slot.live.name, slot]));
  const defaultStage = stages.get("$default");
  const isHttp = defaultStage?.live.program.program.api.kind === "http";
  return { stages, defaultStage: isHttp ? defaultStage : undefined, fallback: some.live.program };
}

/** Every LiveProgram of a table: what is in the old one and not in the new may be closed. */
export function programsOf(apis: readonly ServedApi[]): ReadonlySet<LiveProgram> {
  const slots = apis.flatMap((api) => api.slots);
  return new Set(slots.flatMap(({ live, canary }) => (canary ? [live.program, canary.live.program] : [live.program])));
}

/** The slot of a stage by the names of its API and its own, whether it has an endpoint or domains only; undefined: it is not served. */
export function slotOfStage(apis: readonly ServedApi[], apiName: string, stage: string): StageSlot | undefined {
  return apis.find(({ name }) => name === apiName)?.slots.find(({ live }) => live.name === stage);
}
