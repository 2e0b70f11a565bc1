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
  /** While a build writes: what its files were before. Whoever is killed then leaves some of either. */
  readonly previous?: ReadonlyMap<string, string> | undefined;
}

const emptyManifest: Manifest = { files: new Map(), seeds: new Set() };

/** Whether a file is as a build has written it; one that no build has written is not. */
export function isAsWritten(path: string, content: string | Uint8Array, { files, previous }: Manifest): boolean {
  const hash = contentHash(content);
  return files.get(path) === hash || previous?.get(path) === hash;
}

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
    const hashes = (name: "files" | "previous") => {
      const found =
        parsed !== null && typeof parsed === "object" ? (parsed as Record<string, unknown>)[name] : undefined;
      const entries = found !== null && typeof found === "object" ? Object.entries(found) : [];
      return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
    };
    return { files: hashes("files"), previous: hashes("previous"), seeds: new Set(seedsIn(parsed)) };
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
  const sorted = (hashes: ReadonlyMap<string, string>) =>
    Object.fromEntries([...hashes].sort(([a], [b]) => (a < b ? -1 : 1)));
  const note = "Written by gateway build: the files it owns, and their SHA-256.";
  const { files, previous } = manifest;
  const seeds = [...manifest.seeds].sort();
  const parts = {
    note,
    files: sorted(files),
    ...(seeds.length > 0 && { seeds }),
    ...(previous && previous.size > 0 && { previous: sorted(previous) }),
  };
  return `${JSON.stringify(parts, undefined, 2)}\n`;
}
