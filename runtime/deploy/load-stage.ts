import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { StageDeployment } from "../host/deployments.js";
import type { Program, StageEntry } from "../program.js";
import { DeployError } from "./deploy-error.js";
import type { StageOverrides, StageRecord } from "./stage-record.js";
import type { DeploymentStore } from "./store.js";

/**
 * What a stage's record points to, ready to be served. Each bundle is compared with its hash before it is loaded; Node
 * keeps loaded ones for as long as the process lives, so that going back costs nothing.
 *
 * @throws DeployError when something is missing or damaged
 */
export async function loadStage(store: DeploymentStore, record: StageRecord): Promise<StageDeployment> {
  const { stage, deployment, settings, overrides, canary } = record;
  const program = await loadProgramOf(store, deployment);
  const from = settings === deployment ? program : await loadProgramOf(store, settings);
  const entry = from.stages.find(({ name }) => name === stage);
  if (entry === undefined) throw new DeployError(`the deployment ${settings} has no stage "${stage}"`);
  return {
    stage,
    program,
    deploymentId: deployment,
    domains: from.domains?.list ?? [],
    folder: dirname(store.folder),
    settings: {
      ...withOverrides(entry, overrides),
      canary: canary === undefined ? entry.canary : (canary ?? undefined),
    },
    canary: canary
      ? { program: await loadProgramOf(store, canary.deployment), deploymentId: canary.deployment }
      : undefined,
  };
}

/** In slices: requests that have come are served between reading, compiling and taking it into service. */
async function loadProgramOf(store: DeploymentStore, id: string): Promise<Program> {
  const deployment = store.find(id);
  if (deployment === undefined) throw new DeployError(`the deployment ${id} is not in ${store.folder}`);
  if (!(await store.isWholeLater(deployment))) {
    throw new DeployError(`${store.pathOf(id)} is not what was deployed: its hash differs`);
  }
  await setImmediate();
  const path = store.moduleOf(deployment);
  const module = (await import(pathToFileURL(path).href)) as { readonly program?: Program };
  await setImmediate();
  if (module.program === undefined) throw new DeployError(`${path} exports no program`);
  return module.program;
}

/** A stage's settings with those that were set by hand over them. */
export function withOverrides(entry: StageEntry, overrides: StageOverrides): StageEntry {
  const { variables, methods, cache = entry.cache, accessLog = entry.accessLog, ...more } = overrides;
  const { socketAccessLog = entry.socketAccessLog, ...others } = more;
  const taken = new Set(Object.keys(variables ?? {}));
  const kept = entry.variables.filter(({ name }) => !taken.has(name));
  const set = Object.entries(variables ?? {}).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const ofMethods = methodsOf(entry.methods, methods);
  return {
    ...entry,
    ...others,
    variables: [...kept, ...set],
    cache: cache ?? undefined,
    accessLog: accessLog ?? undefined,
    socketAccessLog: socketAccessLog ?? undefined,
    methods: ofMethods,
  };
}

/** Those of the file with those that were set by hand over them; null takes away what the file says too. */
function methodsOf(ofFile: StageEntry["methods"] = {}, byHand: StageOverrides["methods"] = {}): StageEntry["methods"] {
  const all = new Map(Object.entries(ofFile));
  for (const [key, own] of Object.entries(byHand)) {
    if (own === null) all.delete(key);
    else all.set(key, { ...all.get(key), ...own });
  }
  return all.size > 0 ? Object.fromEntries(all) : undefined;
}
