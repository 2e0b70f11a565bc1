import { relative } from "node:path";
import { GatewayBundler } from "../../generators/gateway/bundle.js";
import { bundleDeployed } from "../../generators/gateway/bundle-deployed.js";
import { apiIdOf } from "../../generators/gateway/ids.js";
import { outputs } from "../../generators/index.js";
import { printExports } from "../../generators/openapi/export/all-exports.js";
import { sdkArchive, sdkArchiveName } from "../../runtime/admin/sdk-archive.js";
import { type Deployment, enginePath } from "../../runtime/deploy/artefact.js";
import { DeployError } from "../../runtime/deploy/deploy-error.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";
import { type Build, build } from "../build.js";
import { compile } from "../compile.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { OutputFile } from "../model/output.js";
import type { SourceFile } from "../source.js";

/** What a deployment is made of, the gateway and the handlers' binders, and the SDKs that are kept with it. */
const needed = outputs.filter(({ name }) => name === "handlers" || name === "gateway" || name === "sdk");
const sdkFolder = "sdk/";

export interface ProjectFolders {
  readonly projectDir: string;
  readonly outDir: string;
}

/** Builds what would be deployed, in memory. */
export async function buildForDeployment(source: SourceFile, folders: ProjectFolders): Promise<Build> {
  const bundler = new GatewayBundler(folders);
  const request = { source, outputs: needed, ...folders, bundler: async () => bundler };
  return build(request).finally(() => bundler.close());
}

export function bundleOf({ files }: Build): string {
  const bundle = files.find(({ path }) => path === "gateway/gateway.mjs")?.content;
  if (typeof bundle !== "string") throw new DeployError("the build has no gateway");
  return bundle;
}

/** Freezes a build under its content. */
export async function freeze(
  built: Build & { readonly model: GatewayModel },
  store: DeploymentStore,
  { source, folders, now }: { readonly source: SourceFile; readonly folders: ProjectFolders; readonly now: Date },
): Promise<Deployment> {
  const { model } = built;
  const facts = {
    api: { name: model.name, version: model.version, kind: model.kind, apiId: apiIdOf(model.name) },
    stages: model.stages.map(({ name }) => name),
    routes: model.routes.map(({ key }) => key),
  };
  const generated = relative(folders.projectDir, folders.outDir).replaceAll("\\", "/") || ".";
  const bundle = bundleOf(built);
  const bundled = built.files.filter(({ path }) => !path.startsWith(sdkFolder));
  const modules = await bundleDeployed(bundled, folders, (engine) => `../../${enginePath(engine)}`);
  const exports = printExports(model, await isForAws(source, folders));
  return store.freeze(
    { bundle, ...modules, exports, others: sdksOf(built), facts, source: source.text, outputs: generated },
    now,
  );
}

/** GetSdk answers them. */
function sdksOf({ files }: Build): Readonly<Record<string, Uint8Array>> {
  const languages = new Map<string, OutputFile[]>();
  for (const file of files) {
    const [, language, path] = /^sdk\/(\w+)\/(.+)$/.exec(file.path) ?? [];
    if (language === undefined || path === undefined) continue;
    const known = languages.get(language) ?? [];
    languages.set(language, [...known, { ...file, path }]);
  }
  return Object.fromEntries([...languages].map(([name, list]) => [sdkArchiveName(name), sdkArchive(name, list)]));
}

/** Whether the file is right for API Gateway too: it need not be, to be deployed here. */
async function isForAws(source: SourceFile, folders: ProjectFolders): Promise<boolean> {
  const { model } = await compile(source, undefined, { ...folders, targets: new Set(["aws"]) });
  return model !== undefined;
}
