import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type ZipEntry, zip } from "./zip.js";

/** Name of an SDK in the folder of a deployment. */
export function sdkArchiveName(language: string): string {
  return `sdk-${language}.zip`;
}

/** The SDK that was frozen with a deployment; undefined: there is none. */
export function sdkOfDeployment(folder: string, language: string): Uint8Array | undefined {
  try {
    return readFileSync(join(folder, sdkArchiveName(language)));
  } catch {
    return undefined;
  }
}

/** The SDK of a build as an archive. @param folder  of the build's SDKs @returns undefined: there is none of the language */
export function sdkOfBuild(folder: string, language: string): Uint8Array | undefined {
  const root = join(folder, language);
  let files: readonly string[];
  try {
    files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return undefined;
  }
  return sdkArchive(
    language,
    files.map((path) => ({ path: relative(root, path).replaceAll(sep, "/"), content: readFileSync(path) })),
  );
}

/** Files of one SDK, in a folder of its own. */
export function sdkArchive(language: string, files: readonly ZipEntry[]): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return zip(sorted.map(({ path, content }) => ({ path: `${language}/${path}`, content })));
}
