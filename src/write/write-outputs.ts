import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, extname, join, posix, resolve, sep } from "node:path";
import type { OutputFile } from "../model/output.js";
import { contentHash, isAsWritten, type Manifest, manifestName, printManifest, readManifest } from "./manifest.js";
import { type Edit, EditedError, WriteError } from "./write-error.js";

export interface WriteTarget {
  /** Output folder, absolute. Generated files go below it. */
  readonly outDir: string;
  /** Folder of gateway.yaml, absolute. Seeds go below it. */
  readonly projectDir: string;
  /** Take over files that the manifest does not list, and discard hand-made changes to stale ones. */
  readonly force?: boolean;
  /** Folders and files that this build is about; files elsewhere stay, and stay listed. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** Whether files are flushed to the disk before they are renamed into place. Default true. */
  readonly durable?: boolean;
}

export interface WriteResult {
  readonly written: readonly string[];
  readonly seeded: readonly string[];
  readonly removed: readonly string[];
  /** Stale files that were changed by hand and are therefore still there. */
  readonly kept: readonly string[];
  readonly unchanged: number;
}

interface PlannedWrite {
  readonly file: OutputFile;
  readonly path: string;
}

/**
 * Brings the disk to what a build yields. Nothing is touched before every file is known to be writable in place:
 * contents go to temporary files beside their targets, then all are renamed, the manifest last. Files of an earlier
 * build that this one no longer makes are removed, unless they were changed by hand. Files that no manifest lists are
 * never touched.
 *
 * @throws WriteError when a path leaves its folder, runs through a link, or belongs to somebody else; EditedError when what it would
 *         write over was changed by hand
 */
export function writeOutputs(files: readonly OutputFile[], target: WriteTarget): WriteResult {
  const before = readManifest(target.outDir);
  const plan = planWrites(files, target, before);
  const durable = target.durable ?? true;
  sweepTemporaryFiles(target.outDir);
  const staged = stage(plan.changed, durable);
  // Files are claimed before they change: a build that is killed in between knows both what they were and what they become.
  if (plan.written.length > 0) {
    const files = new Map([...before.files, ...plan.manifest.files]);
    writeManifest({ files, previous: plan.replaced, seeds: before.seeds }, target.outDir, durable);
  }
  for (const { temporary, path } of staged) renameSync(temporary, path);
  const { removed, kept } = removeStale(before, plan.manifest, target);
  // What was kept stays listed, so that it is told of until it is gone.
  const listed = kept.map((path): [string, string] => [path, before.files.get(path) ?? ""]);
  writeManifest({ ...plan.manifest, files: new Map([...plan.manifest.files, ...listed]) }, target.outDir, durable);
  return { written: plan.written, seeded: plan.seeded, removed, kept, unchanged: plan.unchanged };
}

function writeManifest(manifest: Manifest, outDir: string, durable: boolean): void {
  const path = join(outDir, manifestName);
  const content = printManifest(manifest);
  if (readBytes(path)?.toString("utf8") === content) return;
  for (const file of stage([{ path, content }], durable)) renameSync(file.temporary, file.path);
}

/** What a build would change on disk, without changing it: paths below the output folder, sorted. */
export function compareOutputs(files: readonly OutputFile[], target: WriteTarget): readonly string[] {
  const before = readManifest(target.outDir);
  const plan = planWrites(files, { ...target, force: true }, before);
  const stale = [...before.files.keys()].filter((path) => !plan.manifest.files.has(path));
  return [...plan.written, ...stale.filter((path) => exists(join(target.outDir, path)))].sort();
}

interface WritePlan {
  readonly changed: readonly { readonly path: string; readonly content: string | Uint8Array }[];
  readonly written: readonly string[];
  readonly seeded: readonly string[];
  readonly unchanged: number;
  readonly manifest: Manifest;
  /** Hashes of what is written over. */
  readonly replaced: ReadonlyMap<string, string>;
}

function planWrites(files: readonly OutputFile[], target: WriteTarget, before: Manifest): WritePlan {
  const changed: { path: string; content: string | Uint8Array }[] = [];
  const written: string[] = [];
  const seeded: string[] = [];
  const hashes = new Map([...before.files].filter(([path]) => !isAbout(path, target.only)));
  const seeds = new Set(target.only === undefined ? [] : before.seeds);
  const replaced = new Map<string, string>();
  const edits: Edit[] = [];
  let unchanged = 0;
  for (const { file, path } of placed(files, target)) {
    if (file.kind === "seed") {
      seeds.add(file.path);
      if (exists(path)) continue;
      refuseTwin(file.path, path);
      if (before.seeds.has(file.path) && !target.force) throw new WriteError(goneText(file.path));
      changed.push({ path, content: file.content });
      seeded.push(file.path);
      continue;
    }
    const content = bytesOf(file.content);
    hashes.set(file.path, contentHash(content));
    const onDisk = readBytes(path);
    if (onDisk?.equals(content)) {
      unchanged++;
      continue;
    }
    if (onDisk !== undefined && !before.files.has(file.path) && !target.force) {
      throw new WriteError(`${path} exists and was not written by gateway; move it away or build with --force`);
    }
    if (onDisk !== undefined) {
      replaced.set(file.path, contentHash(onDisk));
      if (!target.force && !file.path.startsWith(madeAnew) && !isAsWritten(file.path, onDisk, before))
        edits.push({ path: file.path, generated: String(file.content), edited: String(onDisk) });
    }
    changed.push({ path, content });
    written.push(file.path);
  }
  if (edits.length > 0) throw new EditedError(edits);
  return { changed, written, seeded, unchanged, manifest: { files: hashes, seeds }, replaced };
}

/** Files of the user's that were there when the last build wrote, and are gone. */
export function missingSeeds(files: readonly OutputFile[], { outDir, projectDir }: WriteTarget): readonly string[] {
  const before = readManifest(outDir);
  return files
    .filter(({ kind, path }) => kind === "seed" && before.seeds.has(path) && !exists(resolve(projectDir, path)))
    .map(({ path }) => path);
}

/** A stub in place of code that somebody has written would answer as if nothing were wrong. */
export function goneText(seed: string): string {
  return `${seed} is gone, and a route calls it: put it back, or write a new stub by \`gateway scaffold ${seed}\``;
}

/** `init` has git ignore it: where the manifest comes by git, it says nothing of the files that are here. */
const madeAnew = "gateway/";

const scripts = [".ts", ".mts", ".js", ".mjs", ".cjs"];

/** A stub beside the user's own code of that name would be called in its place. */
function refuseTwin(seed: string, path: string): void {
  const extension = extname(path);
  if (!scripts.includes(extension)) return;
  const twin = scripts.find((other) => other !== extension && exists(path.slice(0, -extension.length) + other));
  if (twin === undefined) return;
  const own = seed.slice(0, -extension.length) + twin;
  throw new WriteError(
    `${own} is there, but gateway.yaml means ${seed}: name it under "functions" (${posix.basename(own, twin)}: ${own}), or rename it`,
  );
}

function isAbout(path: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((part) => path === part || path.startsWith(`${part}/`));
}

function placed(files: readonly OutputFile[], { outDir, projectDir }: WriteTarget): PlannedWrite[] {
  const checkedFolders = new Set<string>();
  return files.map((file) => {
    const root = file.kind === "seed" ? projectDir : outDir;
    const path = resolve(root, ...file.path.split("/"));
    if (!path.startsWith(root + sep)) throw new WriteError(`output path ${file.path} leads out of ${root}`);
    refuseLinks(root, dirname(path), checkedFolders);
    return { file, path };
  });
}

/** A link below the root could lead a write anywhere. */
function refuseLinks(root: string, folder: string, checked: Set<string>): void {
  if (folder === root || checked.has(folder)) return;
  refuseLinks(root, dirname(folder), checked);
  checked.add(folder);
  let stats: ReturnType<typeof lstatSync>;
  try {
    stats = lstatSync(folder);
  } catch {
    return;
  }
  if (stats.isSymbolicLink()) throw new WriteError(`${folder} is a link; gateway writes only into real folders`);
  if (!stats.isDirectory()) throw new WriteError(`${folder} is in the way: it should be a folder`);
}

const temporaryMark = ".gateway-tmp-";

function stage(writes: readonly { path: string; content: string | Uint8Array }[], durable: boolean) {
  const staged: { temporary: string; path: string }[] = [];
  try {
    for (const { path, content } of writes) {
      mkdirSync(dirname(path), { recursive: true });
      const temporary = `${path}${temporaryMark}${process.pid}`;
      staged.push({ temporary, path });
      writeFile(temporary, content, durable);
    }
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    throw error;
  }
  return staged;
}

function writeFile(path: string, content: string | Uint8Array, durable: boolean): void {
  const bytes = bytesOf(content);
  const descriptor = openSync(path, "w");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    if (durable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content) : content;
}

/** What a build that was killed left behind. */
function sweepTemporaryFiles(outDir: string): void {
  if (!exists(outDir)) return;
  for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
    const mark = entry.isFile() ? entry.name.lastIndexOf(temporaryMark) : -1;
    if (mark === -1 || isRunning(Number(entry.name.slice(mark + temporaryMark.length)))) continue;
    rmSync(join(entry.parentPath, entry.name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function removeStale(before: Manifest, now: Manifest, { outDir, force }: WriteTarget) {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const relative of before.files.keys()) {
    if (now.files.has(relative)) continue;
    const path = resolve(outDir, ...relative.split("/"));
    if (!path.startsWith(outDir + sep) || isBehindLink(dirname(path), outDir)) continue;
    const onDisk = readBytes(path);
    if (onDisk === undefined) continue;
    if (!isAsWritten(relative, onDisk, before) && !force) {
      kept.push(relative);
      continue;
    }
    rmSync(path);
    removed.push(relative);
    removeEmptyFolders(dirname(path), outDir);
  }
  return { removed: removed.sort(), kept: kept.sort() };
}

/** Whether a folder below the root, or one above it, is a link by now: what is behind it is somebody else's. */
function isBehindLink(folder: string, root: string): boolean {
  for (let at = folder; at !== root && at.startsWith(root + sep); at = dirname(at))
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return true;
  return false;
}

function removeEmptyFolders(folder: string, root: string): void {
  for (let at = folder; at !== root && at.startsWith(root + sep); at = dirname(at)) {
    if (readdirSync(at).length > 0) return;
    rmdirSync(at);
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
