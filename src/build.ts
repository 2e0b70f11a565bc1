import { setImmediate } from "node:timers/promises";
import type { BundleResult, GatewayBundler } from "../generators/gateway/bundle.js";
import type { BundleProblem } from "../generators/gateway/bundle-problem.js";
import type { Output } from "../generators/index.js";
import type { Target } from "./checks/checking.js";
import { checkOutputLimits } from "./checks/output-limits.js";
import { checkSource, generateAll, inFolder } from "./compile.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { GatewayModel } from "./model/gateway-model.js";
import type { GenerateOptions, OutputFile } from "./model/output.js";
import { readSdkInputs } from "./sdk-inputs.js";
import type { SourceFile } from "./source.js";
import type { GeneratorThread } from "./threads/generator-thread.js";

/** Outputs whose files go into the bundle. */
const bundledOutputs: ReadonlySet<string> = new Set(["handlers", "gateway"]);

export interface BuildRequest extends GenerateOptions {
  readonly source: SourceFile;
  readonly outputs: readonly Output[];
  /** What the file must work on; default: what the outputs are for. */
  readonly targets?: ReadonlySet<Target>;
  /** Kept by the caller between builds, so that a rebuild compiles only what changed. */
  readonly bundler: () => Promise<GatewayBundler>;
  /** Makes some of the outputs beside this thread. */
  readonly thread?: GeneratorThread | undefined;
}

export interface Build {
  readonly diagnostics: readonly Diagnostic[];
  /** Mistakes in handlers, found when the gateway was bundled. */
  readonly problems: readonly BundleProblem[];
  readonly model: GatewayModel | undefined;
  /** Empty when there are errors or problems. */
  readonly files: readonly OutputFile[];
}

/**
 * All outputs of one file, in memory: what the generators yield, and the gateway bundled into one file. The bundler, a
 * process of its own, and the thread work while the other outputs are made here.
 */
export async function build(request: BuildRequest): Promise<Build> {
  const { source, outputs, projectDir, outDir, thread } = request;
  const targets = request.targets ?? targetsOf(outputs);
  const { found, model, place } = await checkSource(source, targets);
  const failed = (problems: readonly BundleProblem[]) => ({ diagnostics: found.sorted(), problems, model, files: [] });
  if (model === undefined) return failed([]);
  const inputs = outputs.some(({ name }) => name === "sdk") ? await readSdkInputs(model, projectDir) : {};
  const options = { projectDir, outDir, ...inputs };
  thread?.begin(model, options);
  const made = new Map<string, readonly OutputFile[]>();
  const bundling = await beginBundle(request, async (output) => {
    const files = await generate(output, model, options);
    made.set(output.name, files);
    return files;
  });
  for (const output of outputs) {
    if (made.has(output.name) || thread?.names.includes(output.name)) continue;
    made.set(output.name, await generate(output, model, options));
    // Meanwhile the bundler has asked for files.
    await setImmediate();
  }
  for (const output of outputs) {
    if (made.has(output.name)) continue;
    const files = await thread?.filesOf(output.name);
    made.set(output.name, files ? inFolder(output.name, files) : await generate(output, model, options));
  }
  const bundled = await bundling?.result;
  if (bundled?.ok === false) return failed(bundled.problems);
  const files = outputs.flatMap(({ name }) => made.get(name) ?? []);
  if (bundled !== undefined) files.push(bundled.file);
  checkOutputLimits(files, place, found.report);
  return { diagnostics: found.sorted(), problems: [], model, files };
}

async function generate(output: Output, model: GatewayModel, options: GenerateOptions) {
  return generateAll(model, [await output.load()], options);
}

/** What is bundled is made first. The result stands in an object, as a promise returned would be waited for. */
async function beginBundle(
  { outputs, bundler }: BuildRequest,
  make: (output: Output) => Promise<readonly OutputFile[]>,
): Promise<{ readonly result: Promise<BundleResult> } | undefined> {
  if (!outputs.some(({ name }) => name === "gateway")) return undefined;
  const files: OutputFile[] = [];
  for (const output of outputs) if (bundledOutputs.has(output.name)) files.push(...(await make(output)));
  return { result: (await bundler()).bundle(files) };
}

/** What a file must work on for some outputs to be made. */
export function targetsOf(outputs: readonly Output[]): ReadonlySet<Target> {
  return new Set(outputs.flatMap(({ target }) => (target === "any" ? [] : [target])));
}
