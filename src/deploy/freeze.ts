import { relative } from "node:path";
import { GatewayBundler } from "../../generators/gateway/bundle.js";
import { apiIdOf } from "../../generators/gateway/ids.js";
import { outputs } from "../../generators/index.js";
import { printExports } from "../../generators/openapi/export/all-exports.js";
import type { Deployment } from "../../runtime/deploy/artefact.js";
import { DeployError } from "../../runtime/deploy/deploy-error.js";
import type { DeploymentStore } from "../../runtime/deploy/store.js";
import { type Build, build } from "../build.js";
import { compile } from "../compile.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { SourceFile } from "../source.js";

/** What a deployment is made of: the gateway and the handlers' binders. */
const needed = outputs.filter(({ name }) => name === "handlers" || name === "gateway");

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
  const program = await programOf(bundle, generated);
  const exports = printExports(model, await isForAws(source, folders));
  return store.freeze({ bundle, program, exports, facts, source: source.text, outputs: generated }, now);
}

/** Whether the file is right for API Gateway too: it need not be, to be deployed here. */
async function isForAws(source: SourceFile, folders: ProjectFolders): Promise<boolean> {
  const { model } = await compile(source, undefined, { ...folders, targets: new Set(["aws"]) });
  return model !== undefined;
}

/**
 * The Program of a bundle without the host around it, which hosts bring themselves: the same code as in the bundle, less
 * what only `main` and `createGateway` use.
 */
async function programOf(bundle: string, generated: string): Promise<string | undefined> {
  const end = bundle.lastIndexOf(`\n// ${generated}/gateway/main.ts\n`);
  if (end === -1) return undefined;
  const { build: bundleAgain } = await import("esbuild");
  const { outputFiles } = await bundleAgain({
    stdin: { contents: `${bundle.slice(0, end)}\nexport { program };\n`, loader: "js", sourcefile: "program.mjs" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    charset: "utf8",
    legalComments: "none",
    minifySyntax: true,
    logLevel: "silent",
  });
  return outputFiles[0]?.text;
}
