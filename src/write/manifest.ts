import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Name of the manifest in the output folder. */
export const manifestName = "gateway.lock.json";

/** What a build has written. */
export interface Manifest {
  /** Files that it owns: path below the output folder (with `/`) → SHA-256 of what it wrote, in hex. */
  readonly files: ReadonlyMap<string, string>;
  /** Files of the user's that its routes call: paths beside gateway.yaml. One that is gone is not written a second time. */
  readonly seeds: ReadonlySet<string>;
}

export const emptyManifest: Manifest = { files: new Map(), seeds: new Set() };

/** SHA-256 of a file's bytes, in hex. */
export function contentHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The manifest of the last build; empty when there is none or it cannot be read as one. */
export function readManifest(outDir: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(outDir, manifestName), "utf8");
  } catch {
    return emptyManifest;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    const files = parsed !== null && typeof parsed === "object" && "files" in parsed ? parsed.files : undefined;
    if (files === null || typeof files !== "object") return emptyManifest;
    const entries = Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return { files: new Map(entries), seeds: new Set(seedsIn(parsed)) };
  } catch {
    return emptyManifest;
  }
}

/** Of a manifest of before there were any: none. */
function seedsIn(parsed: unknown): readonly string[] {
  const seeds = parsed !== null && typeof parsed === "object" && "seeds" in parsed ? parsed.seeds : undefined;
  return Array.isArray(seeds) ? seeds.filter((path): path is string => typeof path === "string") : [];
}

/** The manifest's text: sorted by path, one file a line. */
export function printManifest(manifest: Manifest): string {
  const sorted = [...manifest.files].sort(([a], [b]) => (a < b ? -1 : 1));
  const note = "Written by gateway build: the files it owns, and their SHA-256.";
  const seeds = [...manifest.seeds].sort();
  return `${JSON.stringify({ note, files: Object.fromEntries(sorted), ...(seeds.length > 0 && { seeds }) }, undefined, 2)}\n`;
}
