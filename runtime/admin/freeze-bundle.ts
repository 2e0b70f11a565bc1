import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Deployment, idOf } from "../deploy/artefact.js";
import { DeployError } from "../deploy/deploy-error.js";
import type { DeploymentStore } from "../deploy/store.js";
import type { Program } from "../program.js";
import { exportsName } from "./export-from-file.js";

/**
 * Freezes the bundle that `gateway build` has left in a project. It has its runtime inside, so that a process that follows it loads
 * that too. A module is known by its path for as long as the process lives: the bundle is read under a name of its content.
 *
 * @throws DeployError
 */
export async function freezeBundle(store: DeploymentStore, apiName: string): Promise<Deployment> {
  const project = dirname(store.folder);
  const bundle = join(project, "build", "gateway", "gateway.mjs");
  if (!existsSync(bundle)) throw new DeployError(`${bundle} is not there: gateway build makes it`);
  const bytes = readFileSync(bundle);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const known = store.find(idOf(sha256));
  if (known !== undefined) return known;
  const incoming = join(store.folder, "incoming");
  const copy = join(incoming, `${sha256}.mjs`);
  mkdirSync(incoming, { recursive: true });
  copyFileSync(bundle, copy);
  try {
    const { program } = (await import(pathToFileURL(copy).href)) as { readonly program?: Program };
    if (program === undefined) throw new DeployError(`${bundle} is no bundle of gateway build`);
    const { name, version, kind, apiId } = program.api;
    if (name !== apiName) throw new DeployError(`${bundle} is of "${name}", not of "${apiName}"`);
    const facts = {
      api: { name, version, kind, apiId },
      stages: program.stages.map((stage) => stage.name),
      routes: program.routes.map(({ key }) => key),
    };
    const beside = join(dirname(bundle), exportsName);
    const exports = existsSync(beside) ? readFileSync(beside, "utf8") : undefined;
    return store.freeze({ bundle: bytes, exports, facts, outputs: "build" }, new Date());
  } finally {
    rmSync(copy, { force: true });
  }
}
