import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { OnResolveResult, PluginBuild } from "esbuild";
import type { GenerateOptions, OutputFile } from "../../src/model/output.js";

/** The namespace of files that this build holds in memory. */
const builtNamespace = "built";

/**
 * The files of a build, in memory, as esbuild sees them: nothing of it is read from the output folder. They have a
 * namespace of their own, and the filters name what can be ours: each call of a resolver costs a message to esbuild's
 * process and back, and the runtime alone has hundreds of imports.
 */
export class BuiltFiles {
  /** Absolute path → text. */
  #texts: ReadonlyMap<string, string> = new Map();

  constructor(private readonly options: GenerateOptions) {}

  /** @param files everything that this build writes: `gateway/*.ts`, `handlers/*.ts` and the seeds */
  hold(files: readonly OutputFile[]): void {
    this.#texts = textsOf(files, this.options);
  }

  /** Makes a module of the generated gateway an entry point by its name, and has it and what it imports found. */
  install(build: PluginBuild, entry: EntryName): void {
    const { outDir, projectDir } = this.options;
    build.onResolve({ filter: new RegExp(`^${entry}$`) }, () =>
      this.#inMemory(join(outDir, `gateway/${entry.slice(entryMark.length)}.ts`)),
    );
    // Files of this build may lie in folders that are not there yet, where esbuild itself finds nothing.
    build.onResolve({ filter: /^\./, namespace: builtNamespace }, ({ path, importer }) =>
      this.#find(dirname(resolve(projectDir, importer)), path),
    );
    // A handler's own import of what is built names the output folder.
    const intoOutput = new RegExp(`^\\.\\.?/(?:.*/)?${escapeRegExp(basename(outDir))}/`);
    build.onResolve({ filter: intoOutput, namespace: "file" }, ({ path, resolveDir }) => this.#find(resolveDir, path));
    build.onLoad({ filter: /.*/, namespace: builtNamespace }, ({ path }) => {
      const file = resolve(projectDir, path);
      const contents = this.#texts.get(file);
      if (contents === undefined) return undefined;
      return { contents, loader: path.endsWith("ts") ? "ts" : "js", resolveDir: dirname(file) };
    });
  }

  #find(folder: string, path: string): OnResolveResult | undefined {
    const names = candidates(resolve(folder, path));
    const built = names.find((name) => this.#texts.has(name));
    if (built !== undefined) return this.#inMemory(built);
    const found = names.find((name) => existsSync(name));
    return found === undefined ? undefined : { path: found };
  }

  #inMemory(file: string): OnResolveResult {
    return { path: relative(this.options.projectDir, file), namespace: builtNamespace };
  }
}

const entryMark = "gateway:";
type EntryName = `${typeof entryMark}${string}`;

/** esbuild names each module by its path, in comments and as keys; ours are named as if they lay on the disk. */
export function withoutNamespace(bundle: string): string {
  return bundle.replaceAll(`\n// ${builtNamespace}:`, "\n// ").replaceAll(`\n  "${builtNamespace}:`, '\n  "');
}

/** A seed counts only where the user has no file of that name. */
function textsOf(files: readonly OutputFile[], { outDir, projectDir }: GenerateOptions): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { path, content, kind } of files) {
    const absolute = resolve(kind === "seed" ? projectDir : outDir, path);
    if (typeof content !== "string" || (kind === "seed" && existsSync(absolute))) continue;
    texts.set(absolute, content);
  }
  return texts;
}

/** `./x.js` in TypeScript means `x.ts`. */
function candidates(file: string): readonly string[] {
  return [file, file.replace(/\.js$/, ".ts"), file.replace(/\.mjs$/, ".mts"), `${file}.ts`, `${file}.js`];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
