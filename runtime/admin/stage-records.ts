import type { StageRecord } from "../deploy/stage-record.js";

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
  /** Newest first. */
  deployments(apiName: string): readonly DeploymentFacts[];
  /** Freezes what is built now. Undefined: nothing is kept here that could be deployed. */
  readonly createDeployment?: ((apiName: string, wish: DeploymentWish) => Promise<DeploymentFacts>) | undefined;
}

export interface DeploymentFacts {
  readonly id: string;
  readonly description: string | undefined;
  /** Milliseconds. */
  readonly createdAt: number;
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
