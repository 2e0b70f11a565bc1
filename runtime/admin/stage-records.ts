import type { StageOverrides, StageRecord } from "../deploy/stage-record.js";
import type { CanaryEntry } from "../program.js";

/** What a stage points to, wherever that is kept: in a project's folder, or in this process alone. */
export interface StageRecords {
  /** @returns undefined: nobody keeps a record of it */
  record(apiName: string, stage: string): StageRecord | undefined;
  /**
   * Changes it; what it says is served when this resolves.
   *
   * @throws what `change` throws, and Error in words for people when it cannot be served; nothing has changed then
   */
  update(apiName: string, stage: string, change: (record: StageRecord) => StageRecord): Promise<StageRecord>;
  /** The canary that the file behind the stage declares; undefined: it declares none. */
  declaredCanary(apiName: string, stage: string): Promise<CanaryEntry | undefined>;
  /** Newest first. */
  deployments(apiName: string): readonly DeploymentFacts[];
  /** Freezes what is built now. Undefined: nothing is kept here that could be deployed. */
  readonly createDeployment?: ((apiName: string, wish: DeploymentWish) => Promise<DeploymentFacts>) | undefined;
  /** What differs for a stage between two deployments; undefined: all stages have the same. @throws Error in words for people */
  readonly differences?:
    | ((apiName: string, stage: string, before: StagePointer, after: StagePointer) => Promise<StageDifferences>)
    | undefined;
  /** Points a stage to a deployment for the first time; it is served when this resolves. @throws as `update` */
  readonly createStage?: ((apiName: string, wish: StageWish) => Promise<void>) | undefined;
  /** Takes a stage out of service. @throws Error in words for people; it is served on then */
  readonly removeStage?: ((apiName: string, stage: string) => Promise<void>) | undefined;
  /** Another text for people; empty: none. @throws Error in words for people */
  readonly describeDeployment?: ((apiName: string, id: string, description: string) => Promise<void>) | undefined;
  /** Removes a deployment that no stage points to. @throws Error in words for people */
  readonly removeDeployment?: ((apiName: string, id: string) => Promise<void>) | undefined;
}

/** Ids of deployments: the one whose routes answer, the one whose settings hold. */
export type StagePointer = Pick<StageRecord, "deployment" | "settings">;

export interface StageDifferences {
  readonly changes: readonly StageDifference[];
  /** False: only what is told of both deployments without their files. */
  readonly isWhole: boolean;
}

export interface StageDifference {
  readonly change: "added" | "removed" | "changed";
  /** `route`, `model`, `setting` … */
  readonly what: string;
  readonly name: string;
  /** What of it. */
  readonly members: readonly string[];
}

export interface DeploymentFacts {
  readonly id: string;
  readonly description: string | undefined;
  /** Milliseconds. */
  readonly createdAt: number;
}

export interface StageWish {
  readonly stage: string;
  readonly deployment: string;
  readonly description: string | undefined;
  /** Over the settings that the deployment has for the stage. */
  readonly overrides: StageOverrides;
}

export interface DeploymentWish {
  readonly description: string | undefined;
  /** Stage that is to point to it. */
  readonly stage: string | undefined;
  /** It becomes the stage's canary and not its deployment. */
  readonly canary:
    | {
        readonly percent: number;
        readonly variables: Readonly<Record<string, string>>;
        readonly useStageCache: boolean;
      }
    | undefined;
}
