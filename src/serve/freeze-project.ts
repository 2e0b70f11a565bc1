import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freezeBundle } from "../../runtime/admin/freeze-bundle.js";
import type { Deployment } from "../../runtime/deploy/artefact.js";
import { DeployError } from "../../runtime/deploy/deploy-error.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";

/** A build that is not made by then is none. */
const buildMs = 60_000;

/**
 * Freezes what a project is now: its gateway.yaml as `gateway deploy` builds it, in a process of its own while this one serves. Where the
 * file has been left behind, the build that lies there.
 *
 * @throws DeployError
 */
export async function freezeProject(store: DeploymentStore, apiName: string): Promise<Deployment> {
  const folder = dirname(store.folder);
  if (!existsSync(join(folder, "gateway.yaml"))) return freezeBundle(store, apiName);
  const deployment = store.find(await builtId(folder));
  if (deployment === undefined) throw new DeployError("the build has not been frozen");
  const { name } = deployment.api;
  if (name !== apiName) throw new DeployError(`${join(folder, "gateway.yaml")} is of "${name}", not of "${apiName}"`);
  return deployment;
}

/** As `src/cli/freeze-process.ts` tells it. */
type Told = { readonly id: string } | { readonly problem: string };

function builtId(folder: string): Promise<string> {
  const child = fork(fileURLToPath(new URL("../cli/freeze-process.js", import.meta.url)), [folder], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    timeout: buildMs,
  });
  return new Promise((resolve, reject) => {
    child.once("message", (told: Told) => {
      if ("id" in told) resolve(told.id);
      else reject(new DeployError(told.problem));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new DeployError(`the build ended early (${signal ?? code})`)));
  });
}
