import type { GatewayBundler } from "../generators/gateway/bundle.js";
import type { BundleProblem } from "../generators/gateway/bundle-problem.js";
import type { Output } from "../generators/index.js";
import type { Target } from "./checks/checking.js";
import { compile } from "./compile.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { GatewayModel } from "./model/gateway-model.js";
import type { GenerateOptions, OutputFile } from "./model/output.js";
import { readSdkInputs } from "./sdk-inputs.js";
import type { SourceFile } from "./source.js";

export interface BuildRequest extends GenerateOptions {
  readonly source: SourceFile;
  readonly outputs: readonly Output[];
  /** What the file must work on; default: what the outputs are for. */
  readonly targets?: ReadonlySet<Target>;
  /** Kept by the caller between builds, so that a rebuild compiles only what changed. */
  readonly bundler: () => Promise<GatewayBundler>;
}

export interface Build {
  readonly diagnostics: readonly Diagnostic[];
  /** Mistakes in handlers, found when the gateway was bundled. */
  readonly problems: readonly BundleProblem[];
  readonly model: GatewayModel | undefined;
  /** Empty when there are errors or problems. */
  readonly files: readonly OutputFile[];
}

/** All outputs of one file, in memory: what the generators yield, and the gateway bundled into one file. */
export async function build(request: BuildRequest): Promise<Build> {
  const { source, outputs, projectDir, outDir } = request;
  const targets = request.targets ?? targetsOf(outputs);
  const load = () => Promise.all(outputs.map((output) => output.load()));
  const { diagnostics, files, model } = await compile(source, load, {
    projectDir,
    outDir,
    targets,
    inputs: outputs.some(({ name }) => name === "sdk") ? (model) => readSdkInputs(model, projectDir) : undefined,
  });
  if (model === undefined || files.length === 0 || !outputs.some((output) => output.target === "node"))
    return { diagnostics, problems: [], model, files };
  const bundler = await request.bundler();
  const bundled = await bundler.bundle(files);
  if (!bundled.ok) return { diagnostics, problems: bundled.problems, model, files: [] };
  return { diagnostics, problems: [], model, files: [...files, bundled.file] };
}

/** What a file must work on for some outputs to be made. */
export function targetsOf(outputs: readonly Output[]): ReadonlySet<Target> {
  return new Set(outputs.flatMap(({ target }) => (target === "any" ? [] : [target])));
}
