import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildContext, BuildOptions, BuildResult, PluginBuild } from "esbuild";
import type { GenerateOptions, OutputFile } from "../../src/model/output.js";
import { BuiltFiles, withoutNamespace } from "./built-files.js";
import { BundleContext } from "./bundle-context.js";
import { bundleOptions, requireBanner, runtimeFile, runtimePrefix } from "./bundle-options.js";
import { type BundleProblem, problemsOf } from "./bundle-problem.js";

export type PartResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly BundleProblem[] };

type Context = BuildContext<{ metafile: true }>;

/**
 * The module of a gateway's functions, for `gateway dev`: the handlers, their binders, and all that they import, without
 * the runtime. Unlike the whole bundle it is made of what lies on the disk: esbuild then reads what has changed by
 * itself, in half of the time that asking us for each file takes.
 */
export class FunctionsBundler {
  readonly #context = new BundleContext(() => this.#createContext());
  #last: { readonly text: string; readonly versions: ReadonlyMap<string, string | undefined> } | undefined;

  constructor(private readonly options: GenerateOptions) {}

  /**
   * `gateway/functions.ts` and the binders have to be written.
   *
   * @param isFileOnly  nothing but gateway.yaml has been changed, added or removed in the project since the last time
   */
  async bundle(isFileOnly: boolean): Promise<PartResult> {
    if (isFileOnly && this.#last && this.#isUnchanged(this.#last.versions)) return { ok: true, text: this.#last.text };
    this.#last = undefined;
    try {
      const result = await this.#context.rebuild();
      const text = textOf(result);
      const inputs = Object.keys(result.metafile.inputs);
      this.#last = { text, versions: new Map(inputs.map((path) => [path, this.#version(path)])) };
      return { ok: true, text };
    } catch (error) {
      return { ok: false, problems: problemsOf(error) };
    }
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  #isUnchanged(versions: ReadonlyMap<string, string | undefined>): boolean {
    return [...versions].every(([path, version]) => version !== undefined && this.#version(path) === version);
  }

  /** What changes when a file does, as the file system sees it; undefined: there is no such file. */
  #version(path: string): string | undefined {
    const stats = statSync(resolve(this.options.projectDir, path), { throwIfNoEntry: false });
    return stats && `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
  }

  #createContext(): Promise<Context> {
    const entry = join(this.options.outDir, "gateway/functions.ts");
    return createContext(entry, this.options, leaveRuntimeOut, requireBanner);
  }
}

/** The module that exports a gateway's `program`, for `gateway dev`, without the runtime and the functions. */
export class ProgramBundler {
  readonly #context = new BundleContext(() => this.#createContext());
  #functionsAt = "";
  readonly #built: BuiltFiles;

  constructor(private readonly options: GenerateOptions) {
    this.#built = new BuiltFiles(options);
  }

  /** @param functionsAt  what it imports the functions from */
  async bundle(files: readonly OutputFile[], functionsAt: string): Promise<string> {
    this.#built.hold(files);
    this.#functionsAt = functionsAt;
    return withoutNamespace(textOf(await this.#context.rebuild()));
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  #createContext(): Promise<Context> {
    return createContext("gateway:program", this.options, (build) => {
      build.onResolve({ filter: /^\.\/functions\.js$/ }, () => ({ path: this.#functionsAt, external: true }));
      this.#built.install(build, "gateway:program");
      leaveRuntimeOut(build);
    });
  }
}

async function createContext(
  entry: string,
  { projectDir, outDir }: GenerateOptions,
  setup: (build: PluginBuild) => void,
  banner = "",
): Promise<Context> {
  const { context } = await import("esbuild");
  return context({
    ...bundleOptions,
    metafile: true,
    entryPoints: [entry],
    outfile: join(outDir, "gateway/part.mjs"),
    absWorkingDir: projectDir,
    banner: { js: banner },
    plugins: [{ name: "gateway-part", setup }],
  } satisfies BuildOptions);
}

/** The serving process has the runtime: each of its modules is loaded once, for all builds. */
function leaveRuntimeOut(build: PluginBuild): void {
  build.onResolve({ filter: new RegExp(`^${runtimePrefix}`) }, ({ path }) => ({
    path: pathToFileURL(runtimeFile(path.slice(runtimePrefix.length))).href,
    external: true,
  }));
}

function textOf({ outputFiles }: BuildResult): string {
  const [file] = outputFiles ?? [];
  if (file === undefined) throw new Error("esbuild gave no output file");
  return file.text;
}
