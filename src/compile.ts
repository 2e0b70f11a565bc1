import { type CheckOptions, checkGateway } from "./checks/index.js";
import { checkOutputLimits } from "./checks/output-limits.js";
import { type Diagnostic, DiagnosticList } from "./diagnostics/diagnostic.js";
import type { GatewayModel } from "./model/gateway-model.js";
import type { GenerateOptions, Generator, OutputFile } from "./model/output.js";
import type { SourceFile } from "./source.js";
import { parseGateway } from "./syntax/parse-gateway.js";

export interface CompileOptions extends GenerateOptions {
  readonly targets: CheckOptions["targets"];
  /** Reads what the file names besides, once the file is known to be right. */
  readonly inputs?: ((model: GatewayModel) => Promise<Pick<GenerateOptions, "templates" | "history">>) | undefined;
}

export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined when there are errors. */
  readonly model: GatewayModel | undefined;
  /** Generated files with their generator's folder before them; seeds with their own path. Empty when there are errors. */
  readonly files: readonly OutputFile[];
}

/**
 * Turns one DSL file into output files. Touches no clock and no environment, and writes nothing.
 *
 * @param load  yields the generators, whose code is loaded only when the file is right; undefined: check only
 */
export async function compile(
  source: SourceFile,
  load: (() => Promise<readonly Generator[]>) | undefined,
  options: CompileOptions,
): Promise<Compilation> {
  const found = new DiagnosticList();
  const syntax = parseGateway(source, found.report);
  const model = syntax && (await checkGateway(syntax, found.report, { source, targets: options.targets }));
  if (model === undefined || found.hasErrors) return { diagnostics: found.sorted(), model: undefined, files: [] };
  const files = load ? await generateAll(model, await load(), options) : [];
  checkOutputLimits(files, syntax?.gateway?.span ?? { start: 0, end: 1 }, found.report);
  return { diagnostics: found.sorted(), model, files };
}

/** The files of some generators, each below its generator's folder. */
export async function generateAll(
  model: GatewayModel,
  generators: readonly Generator[],
  options: Omit<CompileOptions, "targets">,
): Promise<readonly OutputFile[]> {
  const all = { ...options, ...(await options.inputs?.(model)) };
  const outputs = await Promise.all(generators.map((generator) => generate(generator, model, all)));
  return outputs.flat();
}

async function generate(
  generator: Generator,
  model: GatewayModel,
  options: GenerateOptions,
): Promise<readonly OutputFile[]> {
  const files = await generator.generate(model, options);
  return files.map((file) => (file.kind === "seed" ? file : { ...file, path: `${generator.name}/${file.path}` }));
}
