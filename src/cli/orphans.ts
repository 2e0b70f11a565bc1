import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { OutputFile } from "../model/output.js";

/** Larger files are no handlers. */
const maxHandlerBytes = 1024 * 1024;

/**
 * Handlers of the user's that nothing calls any more: files beside gateway.yaml, below `handlers/`, that import a binder which
 * this build does not make. They are told of and left as they are.
 *
 * @returns paths relative to the project, with `/`
 */
export function findOrphans(
  files: readonly OutputFile[],
  { projectDir, outDir }: { readonly projectDir: string; readonly outDir: string },
): readonly string[] {
  const folder = join(projectDir, "handlers");
  const binders = resolve(outDir, "handlers");
  if (!existsSync(folder) || !files.some(({ path }) => path.startsWith("handlers/"))) return [];
  const made = new Set(files.map(({ path }) => resolve(outDir, path)));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !path.split(sep).includes("node_modules"))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= maxHandlerBytes)
    .filter((path) =>
      importsOf(path).some((target) => dirname(target) === binders && !made.has(target.replace(/js$/, "ts"))),
    )
    .map((path) => relative(projectDir, path).split(sep).join("/"))
    .sort();
}

function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/\bfrom\s*["'](\.[^"'\n]+\.js)["']/g)].map((match) =>
    resolve(dirname(path), match[1] ?? ""),
  );
}
