import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readContract } from "./contract/read-contract.js";
import type { Contract } from "./model/contract.js";
import type { GatewayModel } from "./model/gateway-model.js";
import { type GenerateOptions, OutputError } from "./model/output.js";

/** Together, the files of a folder of templates. */
const maxTemplateBytes = 8 * 1024 * 1024;

/**
 * What `sdk:` names on the disk: the templates, and older contracts.
 *
 * @throws OutputError when a contract has mistakes or the templates are too large to be meant; Node's errors when something is
 * not there
 */
export async function readSdkInputs(
  { sdk }: GatewayModel,
  projectDir: string,
): Promise<Pick<GenerateOptions, "templates" | "history">> {
  const history: Contract[] = [];
  for (const path of sdk.history) history.push(await readContract(path, projectDir));
  return { templates: sdk.templates === undefined ? new Map() : readTemplates(projectDir, sdk.templates), history };
}

/** Files below a folder, by path with `/`, in one order on all machines. */
function readTemplates(projectDir: string, folder: string): ReadonlyMap<string, string> {
  const root = join(projectDir, folder);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
  let bytes = 0;
  return new Map(
    paths.map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      bytes += text.length;
      if (bytes > maxTemplateBytes) throw new OutputError(`the files in ${folder} are too large to be templates`);
      return [path, text];
    }),
  );
}
