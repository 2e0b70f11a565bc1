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

/** The checked model of a deployment, by today's checks; undefined when its file is not there or no longer right. */
async function modelOf(store: DeploymentStore, id: string): Promise<GatewayModel | undefined> {
  const path = join(store.pathOf(id), "gateway.yaml");
  if (!existsSync(path)) return undefined;
  const source = new SourceFile(path, readFileSync(path, "utf8"));
  const folders = { projectDir: store.pathOf(id), outDir: store.pathOf(id) };
  return (await compile(source, undefined, { ...folders, targets: new Set(["node"]) })).model;
}
