import type { Deployment } from "../deploy/artefact.js";
import { canaryFor } from "../deploy/canary-for.js";
import { DeployError } from "../deploy/deploy-error.js";
import type { StoreFollower } from "../deploy/follow-store.js";
import { loadStage } from "../deploy/load-stage.js";
import { deploy, startCanary } from "../deploy/stage-actions.js";
import type { StageRecord } from "../deploy/stage-record.js";
import type { DeploymentStore } from "../deploy/store.js";
import { verifyArtefact } from "../deploy/verify-artefact.js";
import type { Gateway } from "../host/gateway.js";
import type { CanaryEntry } from "../program.js";
import { MemoryStages } from "./memory-stages.js";
import type {
  DeploymentFacts,
  DeploymentWish,
  StageDifferences,
  StagePointer,
  StageRecords,
  StageWish,
} from "./stage-records.js";

export interface FollowedProject {
  readonly store: DeploymentStore;
  readonly follower: StoreFollower;
}

/** What is done with a project that takes the compiler. */
export interface ProjectTools {
  /** Freezes what it is now. @throws DeployError */
  freeze(store: DeploymentStore, apiName: string): Promise<Deployment>;
  /** Between two deployments of a stage. @throws DeployError */
  differences(
    store: DeploymentStore,
    stage: string,
    before: StagePointer,
    after: StagePointer,
  ): Promise<StageDifferences>;
}

/** Stages of projects, as `gateway serve` follows them: a change is written to the project's folder and outlives the process. */
export class StoreStages implements StageRecords {
  /** Stages of bundles without a project. */
  readonly others: MemoryStages;

  /**
   * @param projects  may grow while the process starts
   * @param onChange  of stages that no project keeps
   * @param tools     what needs more than a gateway has
   */
  constructor(
    private readonly projects: readonly FollowedProject[],
    private readonly gateway: () => Gateway | undefined,
    onChange: ((record: StageRecord) => void) | undefined,
    private readonly tools: ProjectTools,
  ) {
    this.others = new MemoryStages(gateway, onChange);
  }

  record(apiName: string, stage: string): StageRecord | undefined {
    const project = this.#project(apiName, stage);
    return project === undefined ? this.others.record(apiName, stage) : project.store.stage(stage);
  }

  async declaredCanary(apiName: string, stage: string): Promise<CanaryEntry | undefined> {
    const project = this.#project(apiName, stage);
    const record = project?.store.stage(stage);
    if (project === undefined || record === undefined) return this.others.declaredCanary(apiName, stage);
    const { canary: _, ...declared } = record;
    return (await loadStage(project.store, declared)).settings?.canary;
  }

  async update(apiName: string, stage: string, change: (record: StageRecord) => StageRecord): Promise<StageRecord> {
    const project = this.#project(apiName, stage);
    const before = project?.store.stage(stage);
    if (project === undefined || before === undefined) return this.others.update(apiName, stage, change);
    // What cannot be loaded is never written.
    await loadStage(project.store, change(before));
    const record = project.store.update(stage, (current) => change(current ?? before));
    await project.follower.check();
    return record;
  }

  deployments(apiName: string): readonly DeploymentFacts[] {
    const projects = this.#of(apiName);
    if (projects.length === 0) return this.others.deployments(apiName);
    return projects
      .flatMap(({ store }) => {
        const described = new Map(
          store
            .stages()
            .flatMap(({ history }) => history)
            .filter(({ action, description }) => action === "deploy" && description !== undefined)
            .map((entry) => [entry.deployment, entry.description] as const),
        );
        return store
          .deployments()
          .filter(({ api }) => api.name === apiName)
          .map(({ id, createdAt }) => ({
            id,
            description: (store.description(id) ?? described.get(id)) || undefined,
            createdAt: Date.parse(createdAt),
          }));
      })
      .reverse();
  }

  /** Freezes what the project is now, and points the stage to it once it has been tried. */
  readonly createDeployment = async (apiName: string, wish: DeploymentWish): Promise<DeploymentFacts> => {
    const project = this.#of(apiName)[0];
    if (project === undefined) throw new DeployError(`"${apiName}" is not served from a project`);
    const { store, follower } = project;
    const deployment = await this.tools.freeze(store, apiName);
    const { id, createdAt } = deployment;
    const { stage, description, canary } = wish;
    const { problem } = await verifyArtefact(
      store.bundleOf(id),
      stage === undefined ? undefined : [stage],
      store.moduleOf(deployment),
    );
    if (problem !== undefined) throw new DeployError(`the build does not run: ${problem}`);
    if (description !== undefined) store.describe(id, description);
    if (stage !== undefined) {
      const at = new Date().toISOString();
      const before = canary === undefined ? undefined : store.stage(stage);
      const declared = before === undefined ? undefined : await canaryFor(store, before, id);
      store.update(stage, (record) => {
        if (canary === undefined) return deploy(record, { stage, api: apiName, deployment: id, at, description });
        if (record === undefined) throw new DeployError(`nothing is deployed to the stage "${stage}" yet`);
        const set = Object.entries(canary.variables).map(([name, value]) => ({ name, value }));
        const others = declared?.variables.filter(({ name }) => !Object.hasOwn(canary.variables, name)) ?? [];
        const { percent, useStageCache } = canary;
        const started = { ...declared, deployment: id, percent, variables: [...others, ...set], useStageCache };
        return startCanary(record, { at, canary: started, description });
      });
      await follower.check();
    }
    return { id, description, createdAt: Date.parse(createdAt) };
  };

  readonly differences: NonNullable<StageRecords["differences"]> = async (apiName, stage, before, after) => {
    const project = this.#project(apiName, stage);
    if (project === undefined) return { changes: [], isWhole: false };
    return this.tools.differences(project.store, stage, before, after);
  };

  readonly createStage = async (apiName: string, wish: StageWish): Promise<void> => {
    const project = this.#holding(apiName, wish.deployment);
    if (project === undefined) throw new DeployError(`"${apiName}" has no deployment ${wish.deployment}`);
    const { store, follower } = project;
    const { stage, deployment, description, overrides } = wish;
    const first = (): StageRecord => {
      const step = { stage, api: apiName, deployment, at: new Date().toISOString(), description };
      return { ...deploy(undefined, step), overrides };
    };
    const { problem } = await verifyArtefact(store.bundleOf(deployment), [stage]);
    if (problem !== undefined) throw new DeployError(`the deployment does not run: ${problem}`);
    await loadStage(store, first());
    store.update(stage, (current) => {
      if (current !== undefined) throw new DeployError(`the stage "${stage}" is there already`);
      return first();
    });
    await follower.check();
  };

  readonly removeStage = async (apiName: string, stage: string): Promise<void> => {
    const project = this.#project(apiName, stage);
    if (project === undefined) throw new DeployError(`the stage "${stage}" is of a build without a project`);
    const served = this.gateway()?.apis.flatMap(({ slots }) => slots) ?? [];
    if (served.length === 1)
      throw new DeployError(
        `"${stage}" is the last stage that is served: a gateway without stages has nothing to serve`,
      );
    project.store.removeStage(stage);
    await project.follower.check();
  };

  readonly describeDeployment = async (apiName: string, id: string, description: string): Promise<void> => {
    const project = this.#holding(apiName, id);
    if (project === undefined) throw new DeployError(`the deployment ${id} is of a build without a project`);
    project.store.describe(id, description);
  };

  readonly removeDeployment = async (apiName: string, id: string): Promise<void> => {
    const project = this.#holding(apiName, id);
    if (project === undefined) throw new DeployError(`the deployment ${id} is of a build without a project`);
    project.store.removeDeployment(id);
  };

  #holding(apiName: string, id: string): FollowedProject | undefined {
    return this.projects.find(({ store }) => store.find(id)?.api.name === apiName);
  }

  #project(apiName: string, stage: string): FollowedProject | undefined {
    return this.projects.find(({ store }) => store.stage(stage)?.api === apiName);
  }

  #of(apiName: string): readonly FollowedProject[] {
    return this.projects.filter(({ store }) => store.stages().some(({ api }) => api === apiName));
  }
}
