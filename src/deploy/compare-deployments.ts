import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "../../runtime/deploy/artefact.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";
import { compile } from "../compile.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { SourceFile } from "../source.js";
import { type Difference, differencesOf, moduleDifferences } from "./differences.js";

export interface Comparison {
  /** Id of what the stage points to; undefined: nothing yet. */
  readonly before: string | undefined;
  /** Id of the deployment whose settings hold. */
  readonly settings: string | undefined;
  readonly after: Deployment;
  readonly model: GatewayModel;
  readonly stage: string;
}

/** What a deployment would change on a stage: by the file that each was made of, and the modules in the bundles. */
export async function differencesBetween(
  store: DeploymentStore,
  { before, settings, after, model, stage }: Comparison,
): Promise<readonly Difference[]> {
  const old = before === undefined ? undefined : await modelOf(store, before);
  if (old === undefined) {
    return after.routes.map((name) => ({ change: "added", what: "route", name, members: [] }));
  }
  const holding = settings === undefined || settings === before ? old : await modelOf(store, settings);
  const stages = holding?.stages ?? old.stages;
  const modules = moduleDifferences(store.find(before ?? "")?.modules ?? {}, after.modules);
  return [...differencesOf({ ...old, stages }, model, stage), ...modules];
}

/** What a stage points to: the deployment whose routes answer, and the one whose settings hold. */
export interface FrozenStage {
  readonly deployment: string;
  readonly settings: string;
}

/**
 * What is different on a stage when it points to another deployment, both of them frozen.
 *
 * @returns without `isWhole` what the lists of routes and modules say: one of the files is not there, or no longer right
 */
export async function differencesOfFrozen(
  store: DeploymentStore,
  stage: string,
  before: FrozenStage,
  after: FrozenStage,
): Promise<{ readonly changes: readonly Difference[]; readonly isWhole: boolean }> {
  const [had, has] = [store.find(before.deployment), store.find(after.deployment)];
  const modules = moduleDifferences(had?.modules ?? {}, has?.modules ?? {});
  const [old, now] = [await frozenModel(store, before), await frozenModel(store, after)];
  if (old !== undefined && now !== undefined) {
    return { changes: [...differencesOf(old, now, stage), ...modules], isWhole: true };
  }
  const [oldRoutes, newRoutes] = [new Set(had?.routes), new Set(has?.routes)];
  const listed = (change: "added" | "removed", names: readonly string[]) =>
    names.map((name): Difference => ({ change, what: "route", name, members: [] }));
  const added = listed(
    "added",
    [...newRoutes].filter((name) => !oldRoutes.has(name)),
  );
  const removed = listed(
    "removed",
    [...oldRoutes].filter((name) => !newRoutes.has(name)),
  );
  return { changes: [...added, ...removed, ...modules], isWhole: false };
}

/** Routes of one deployment with the stages of another. */
async function frozenModel(
  store: DeploymentStore,
  { deployment, settings }: FrozenStage,
): Promise<GatewayModel | undefined> {
  const model = await modelOf(store, deployment);
  const holding = settings === deployment ? model : await modelOf(store, settings);
  return model && holding && { ...model, stages: holding.stages };
}

/** The checked model of a deployment, by today's checks; undefined when its file is not there or no longer right. */
async function modelOf(store: DeploymentStore, id: string): Promise<GatewayModel | undefined> {
  const path = join(store.pathOf(id), "gateway.yaml");
  if (!existsSync(path)) return undefined;
  const source = new SourceFile(path, readFileSync(path, "utf8"));
  const folders = { projectDir: store.pathOf(id), outDir: store.pathOf(id) };
  return (await compile(source, undefined, { ...folders, targets: new Set(["node"]) })).model;
}
