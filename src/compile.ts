import { type CheckOptions, checkGateway } from "./checks/index.js";
import { checkOutputLimits } from "./checks/output-limits.js";
import { type Diagnostic, DiagnosticList } from "./diagnostics/diagnostic.js";
import type { GatewayModel } from "./model/gateway-model.js";
import type { GenerateOptions, Generator, OutputFile } from "./model/output.js";
import type { SourceFile, Span } from "./source.js";
import { parseGateway } from "./syntax/parse-gateway.js";

export interface CompileOptions extends GenerateOptions {
  readonly targets: CheckOptions["targets"];
}

export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined when there are errors. */
  readonly model: GatewayModel | undefined;
  /** Generated files with their generator's folder before them; seeds with their own path. Empty when there are errors. */
  readonly files: readonly OutputFile[];
}

/** What is known of a file before anything is made of it. */
export interface Checked {
  readonly found: DiagnosticList;
  /** Undefined when there are errors. */
  readonly model: GatewayModel | undefined;
  /** Where the gateway has its name: the place of what concerns all of it. */
  readonly place: Span;
}

export async function checkSource(source: SourceFile, targets: CheckOptions["targets"]): Promise<Checked> {
  const found = new DiagnosticList();
  const syntax = parseGateway(source, found.report);
  const model = syntax && (await checkGateway(syntax, found.report, { source, targets }));
  const place = syntax?.gateway?.span ?? { start: 0, end: 1 };
  return { found, model: found.hasErrors ? undefined : model, place };
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
  const { found, model, place } = await checkSource(source, options.targets);
  if (model === undefined) return { diagnostics: found.sorted(), model: undefined, files: [] };
  const files = load ? await generateAll(model, await load(), options) : [];
  checkOutputLimits(files, place, found.report);
  return { diagnostics: found.sorted(), model, files };
}

/** The files of some generators, each below its generator's folder. */
export async function generateAll(
  model: GatewayModel,
  generators: readonly Generator[],
  options: GenerateOptions,
): Promise<readonly OutputFile[]> {
  const outputs = await Promise.all(
    generators.map(async (generator) => inFolder(generator.name, await generator.generate(model, options))),
  );
  return outputs.flat();
}

/** Files of a generator by their place in the output folder. */
export function inFolder(name: string, files: readonly OutputFile[]): readonly OutputFile[] {
  return files.map((file) => (file.kind === "seed" ? file : { ...file, path: `${name}/${file.path}` }));
}
