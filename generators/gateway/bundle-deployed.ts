import { join } from "node:path";
import type { BuildOptions, BuildResult } from "esbuild";
import type { GenerateOptions, OutputFile } from "../../src/model/output.js";
import { BuiltFiles, withoutNamespace } from "./built-files.js";
import { bundleOptions, requireBanner, runtimeFile, runtimePrefix, runtimeRoot } from "./bundle-options.js";

/** What a host loads of a deployment. */
export interface DeployedModules {
  /** The Program with its handlers; it imports the engine from `engineAt`. */
  readonly program: string;
  /** The part of the runtime that the Program uses. */
  readonly engine: string;
}

/** What stands for the engine's modules until its file has a name. */
const enginePrefix = "gateway-engine:";

/**
 * A gateway as a host takes it into service, in two modules. Deployments that use the same parts of the runtime have the
 * same engine, letter by letter: a process that follows them loads and warms it once, and each deployment after that
 * is its routes and handlers alone.
 *
 * @param files     everything of the build
 * @param engineAt  where the engine is, as the Program sees it
 * @returns undefined where a handler takes the runtime in some other way than by names
 */
export async function bundleDeployed(
  files: readonly OutputFile[],
  options: GenerateOptions,
  engineAt: (engine: string) => string,
): Promise<DeployedModules | undefined> {
  const program = await bundleProgram(files, options);
  const names = engineNames(program);
  const engine = await bundleEngine(names);
  const named = program.replace(engineImports, (_, list: string, path: string) => {
    const taken = importsIn(list).map(({ name, as }) => `${exportName(name, path)} as ${as}`);
    return `import { ${taken.join(", ")} } from ${JSON.stringify(engineAt(engine))};`;
  });
  const text = named.replace(unusedImports, "");
  return text.includes(`"${enginePrefix}`) ? undefined : { program: text, engine };
}

async function bundleProgram(files: readonly OutputFile[], options: GenerateOptions): Promise<string> {
  const built = new BuiltFiles(options);
  built.hold(files);
  const text = await bundle({
    entryPoints: ["gateway:program"],
    outfile: join(options.outDir, "gateway/part.mjs"),
    absWorkingDir: options.projectDir,
    plugins: [
      {
        name: "gateway-program",
        setup: (build) => {
          built.install(build, "gateway:program");
          build.onResolve({ filter: new RegExp(`^${runtimePrefix}`) }, ({ path }) => ({
            path: enginePrefix + path.slice(runtimePrefix.length),
            external: true,
          }));
        },
      },
    ],
  });
  return withoutNamespace(text);
}

/** Named by their place in the package, wherever that lies: the same names make the same bytes. */
function bundleEngine(names: ReadonlyMap<string, ReadonlySet<string>>): Promise<string> {
  const lines = [...names].toSorted(byName).flatMap(([path, taken]) => {
    const list = [...taken].toSorted().map((name) => `${name} as ${exportName(name, path)}`);
    return `export { ${list.join(", ")} } from ${JSON.stringify(runtimePrefix + path)};\n`;
  });
  return bundle({
    stdin: { contents: lines.join(""), resolveDir: runtimeRoot, sourcefile: "names-of-the-engine.js", loader: "js" },
    absWorkingDir: runtimeRoot,
    plugins: [
      {
        name: "gateway-engine",
        setup: (build) => {
          build.onResolve({ filter: new RegExp(`^${runtimePrefix}`) }, ({ path }) => ({
            path: runtimeFile(path.slice(runtimePrefix.length)),
          }));
        },
      },
    ],
  });
}

async function bundle(options: BuildOptions): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles }: BuildResult = await build({ ...bundleOptions, banner: { js: requireBanner }, ...options });
  const [file] = outputFiles ?? [];
  if (file === undefined) throw new Error("esbuild gave no output file");
  return file.text;
}

const engineImports = new RegExp(`^import \\{([^}]*)\\} from "${enginePrefix}([^"]+)";$`, "gm");

/** What is left of an import whose names turned out to be unused; no module of the runtime does anything by being loaded. */
const unusedImports = new RegExp(`^import "${enginePrefix}[^"]+";\n`, "gm");

/** Names that the Program takes of each module of the runtime. */
function engineNames(program: string): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const [, list = "", path = ""] of program.matchAll(engineImports)) {
    const taken = names.get(path) ?? new Set();
    for (const { name } of importsIn(list)) taken.add(name);
    names.set(path, taken);
  }
  return names;
}

/** `a, b as c`, as esbuild writes it. */
function importsIn(list: string): readonly { readonly name: string; readonly as: string }[] {
  return list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", as = name] = part.split(" as ");
      return { name, as };
    });
}

/** Modules may export the same name: that of the module is in it. */
function exportName(name: string, path: string): string {
  return `${name}$${path.replace(/\.js$/, "").replace(/\W/g, "_")}`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
