import { withOverrides } from "../deploy/load-stage.js";
import type { StageRecord } from "../deploy/stage-record.js";
import type { StageDeployment } from "../host/deployments.js";
import type { Gateway } from "../host/gateway.js";
import type { StageSlot } from "../host/host-table.js";
import type { CanaryEntry, Program, StageEntry } from "../program.js";
import type { DeploymentFacts, StageRecords } from "./stage-records.js";

interface Kept {
  /** As the build has it, canary and all. */
  readonly entry: StageEntry;
  readonly program: Program;
  record: StageRecord;
}

/** Stages of one build, as `node gateway.mjs` and `gateway dev` serve them: what is changed lasts as long as the build is served. */
export class MemoryStages implements StageRecords {
  readonly #kept = new Map<string, Kept>();
  readonly #startedAt = Date.now();

  /** @param onChange  told of what others that serve the same build have to adopt */
  constructor(
    private readonly gateway: () => Gateway | undefined,
    private readonly onChange: (record: StageRecord) => void = () => undefined,
  ) {}

  record(apiName: string, stage: string): StageRecord | undefined {
    return this.#find(apiName, stage)?.record;
  }

  async declaredCanary(apiName: string, stage: string): Promise<CanaryEntry | undefined> {
    return this.#find(apiName, stage)?.entry.canary;
  }

  async update(apiName: string, stage: string, change: (record: StageRecord) => StageRecord): Promise<StageRecord> {
    const gateway = this.gateway();
    const kept = this.#find(apiName, stage);
    if (gateway === undefined || kept === undefined) throw new Error(`"${stage}" is not served`);
    const record = change(kept.record);
    gateway.deploy([deploymentOf(kept, record)]);
    kept.record = record;
    this.onChange(record);
    return record;
  }

  /** Takes over what another process has changed. @throws LoadError */
  adopt(record: StageRecord): void {
    const kept = this.#find(record.api, record.stage);
    if (kept === undefined) return;
    this.gateway()?.deploy([deploymentOf(kept, record)]);
    kept.record = record;
  }

  deployments(apiName: string): readonly DeploymentFacts[] {
    const slots = this.gateway()?.apis.find(({ name }) => name === apiName)?.slots ?? [];
    const ids = new Set(slots.map(({ live }) => live.deploymentId));
    return [...ids].map((id) => ({ id, description: undefined, createdAt: this.#startedAt }));
  }

  /** A build that has been swapped in begins anew. */
  #find(apiName: string, stage: string): Kept | undefined {
    const slots = this.gateway()?.apis.find(({ name }) => name === apiName)?.slots;
    const slot = slots?.find(({ live }) => live.name === stage);
    if (slot === undefined) return undefined;
    const key = `${apiName}\n${stage}`;
    const known = this.#kept.get(key);
    // Routes are others where settings of single methods have been set by hand.
    if (known?.program.api === slot.live.program.program.api) return known;
    const kept = keptOf(apiName, slot, this.#startedAt);
    this.#kept.set(key, kept);
    return kept;
  }
}

function keptOf(apiName: string, { live, canary }: StageSlot, startedAt: number): Kept {
  const { name: stage, deploymentId: deployment, entry } = live;
  const at = new Date(startedAt).toISOString();
  const history = [{ number: 1, at, action: "deploy" as const, deployment, settings: deployment }];
  const record: StageRecord = {
    format: 1,
    stage,
    api: apiName,
    deployment,
    settings: deployment,
    overrides: {},
    history,
  };
  return { entry: { ...entry, canary: canary?.entry }, program: live.program.program, record };
}

function deploymentOf(
  { entry, program }: Kept,
  { stage, deployment, overrides, canary }: StageRecord,
): StageDeployment {
  const settings = {
    ...withOverrides(entry, overrides),
    canary: canary === undefined ? entry.canary : (canary ?? undefined),
  };
  return { stage, program, deploymentId: deployment, settings };
}
