import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { freezeBundle } from "../../runtime/admin/freeze-bundle.js";
import type { ProjectTools } from "../../runtime/admin/store-stages.js";
import { DeployError } from "../../runtime/deploy/deploy-error.js";
import { askProcess } from "./ask-process.js";

/**
 * What needs the compiler, in processes of their own while this one serves. What is frozen is the project's gateway.yaml as `gateway
 * deploy` builds it; where the file has been left behind, the build that lies there.
 */
export const projectTools: ProjectTools = {
  freeze: async (store, apiName) => {
    const folder = dirname(store.folder);
    if (!existsSync(join(folder, "gateway.yaml"))) return freezeBundle(store, apiName);
    const told = (await askProcess("../cli/freeze-process.js", folder)) as Told;
    if ("problem" in told) throw new DeployError(told.problem);
    const deployment = store.find(told.id);
    if (deployment === undefined) throw new DeployError("the build has not been frozen");
    const { name } = deployment.api;
    if (name !== apiName) throw new DeployError(`${join(folder, "gateway.yaml")} is of "${name}", not of "${apiName}"`);
    return deployment;
  },
  differences: async ({ folder }, stage, before, after) => {
    const task = JSON.stringify({ folder, stage, before, after });
    return (await askProcess("../cli/compare-process.js", task)) as Awaited<ReturnType<ProjectTools["differences"]>>;
  },
};

/** As `src/cli/freeze-process.ts` tells it. */
type Told = { readonly id: string } | { readonly problem: string };
