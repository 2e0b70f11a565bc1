import { isDeepStrictEqual } from "node:util";
import type { CanaryEntry } from "../program.js";
import { loadStage } from "./load-stage.js";
import type { StageRecord } from "./stage-record.js";
import type { DeploymentStore } from "./store.js";

/** A canary's settings as a build declares them; `percent` is undefined where its stage has no canary. */
export type DeclaredCanary = Omit<CanaryEntry, "percent"> & { readonly percent: number | undefined };

/**
 * The settings of a canary that serves a build beside a stage: those of the build's own `canary:`, and the stage
 * variables that the build has and the stage has not, or has otherwise: its routes may need them.
 */
export async function canaryFor(store: DeploymentStore, record: StageRecord, id: string): Promise<DeclaredCanary> {
  const current = (await loadStage(store, { ...record, canary: null })).settings;
  const own = (await loadStage(store, { ...record, deployment: id, settings: id, overrides: {}, canary: null }))
    .program;
  const entry = own.stages.find(({ name }) => name === record.stage);
  const declared = entry?.canary;
  const overridden = new Set(declared?.variables.map(({ name }) => name));
  const other = (entry?.variables ?? []).filter(
    ({ name, value }) =>
      !overridden.has(name) &&
      !current?.variables.some((variable) => variable.name === name && isDeepStrictEqual(variable.value, value)),
  );
  return {
    useStageCache: false,
    ...declared,
    percent: declared?.percent,
    variables: [...other, ...(declared?.variables ?? [])],
  };
}
