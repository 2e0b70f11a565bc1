import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { bundleName, type Deployment, enginePathOf, idOf, modulesOf, programName, sha256Of } from "./artefact.js";
import { DeployError } from "./deploy-error.js";
import { syncFolder, writeDurably } from "./durable-write.js";
import { isId, parseRecord, type StageRecord } from "./stage-record.js";

/** What a build to be frozen is made of. */
export interface Build {
  readonly bundle: string | Uint8Array;
  /** What a host loads of it; undefined: all. */
  readonly program?: string | undefined;
  /** What the Program imports from `enginePath`. */
  readonly engine?: string | undefined;
  readonly facts: Pick<Deployment, "api" | "stages" | "routes">;
  /** What GetExport answers, as `exports.json`; no part of what the id is made of. */
  readonly exports?: string | undefined;
  /** Further files to be kept beside, by name; no part of what the id is made of. */
  readonly others?: Readonly<Record<string, Uint8Array>> | undefined;
  /** gateway.yaml, kept beside for differences; no part of what the id is made of. */
  readonly source?: string | undefined;
  /** Folder of the build's outputs, relative to the project. */
  readonly outputs: string;
}

/**
 * The folder `.gateway` of a project: frozen builds by their content, and a pointer a stage. A build that is frozen
 * never changes; a pointer is one small file that a rename replaces.
 */
export class DeploymentStore {
  constructor(readonly folder: string) {}

  /** Where a deployment's files are. */
  pathOf(id: string): string {
    return join(this.folder, "deployments", id);
  }

  bundleOf(id: string): string {
    return join(this.pathOf(id), bundleName);
  }

  /** Freezes a build; one that is there already is left as it is. @throws DeployError */
  freeze({ bundle, program, engine, exports, others, facts, source, outputs }: Build, now: Date): Deployment {
    const bytes = typeof bundle === "string" ? Buffer.from(bundle) : bundle;
    const sha256 = sha256Of(bytes);
    const id = idOf(sha256);
    const known = this.find(id);
    if (known !== undefined) {
      if (known.sha256 !== sha256 || !this.isWhole(known)) {
        throw new DeployError(`${this.pathOf(id)} is damaged; remove it and deploy again`);
      }
      return known;
    }
    const modules = modulesOf(Buffer.from(bytes).toString("utf8"), outputs);
    const createdAt = now.toISOString();
    const deployment: Deployment = { format: 1, id, sha256, bytes: bytes.length, ...facts, modules, createdAt };
    const whole = {
      ...deployment,
      ...(program !== undefined && { programSha256: sha256Of(program) }),
      ...(engine !== undefined && { engineSha256: this.#writeEngine(engine) }),
    };
    this.#write(whole, { bundle: bytes, program, exports, others, source });
    return whole;
  }

  /** One that is there already is left as it is, unless it is damaged. @returns its hash */
  #writeEngine(engine: string): string {
    const sha256 = sha256Of(engine);
    const path = join(this.folder, enginePathOf(sha256));
    if (!isSame(path, sha256)) writeDurably(path, engine);
    return sha256;
  }

  /** A folder beside, renamed when it is whole; nothing is left of one that cannot be written. */
  #write(deployment: Deployment, { bundle, program, exports, others, source }: Omit<Build, "facts" | "outputs">): void {
    const folder = this.pathOf(deployment.id);
    const temporary = `${folder}.tmp-${process.pid}`;
    rmSync(temporary, { recursive: true, force: true });
    try {
      mkdirSync(temporary, { recursive: true });
      writeDurably(join(temporary, bundleName), bundle);
      if (program !== undefined) writeDurably(join(temporary, programName), program);
      if (exports !== undefined) writeDurably(join(temporary, "exports.json"), exports);
      for (const [name, content] of Object.entries(others ?? {})) writeDurably(join(temporary, name), content);
      if (source !== undefined) writeDurably(join(temporary, "gateway.yaml"), source);
      writeDurably(join(temporary, "deployment.json"), `${JSON.stringify(deployment, undefined, 2)}\n`);
      renameSync(temporary, folder);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      // Somebody else has frozen the same content at the same time.
      if (this.find(deployment.id)?.sha256 !== deployment.sha256) throw error;
    }
    syncFolder(join(this.folder, "deployments"));
  }

  /** Whether bundle, Program and engine are those that were frozen, byte for byte. */
  isWhole(deployment: Deployment): boolean {
    return this.#filesOf(deployment).every(({ path, sha256 }) => isSame(path, sha256));
  }

  /** The same, without holding up the process: it serves requests between the files. */
  async isWholeLater(deployment: Deployment): Promise<boolean> {
    for (const { path, sha256 } of this.#filesOf(deployment)) {
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes === undefined || sha256Of(bytes) !== sha256) return false;
    }
    return true;
  }

  /** The engine is not in the deployment's folder: others import it too. */
  #filesOf({ id, sha256, programSha256, engineSha256 }: Deployment): readonly KnownFile[] {
    const folder = this.pathOf(id);
    return [
      { path: join(folder, bundleName), sha256 },
      ...(programSha256 === undefined ? [] : [{ path: join(folder, programName), sha256: programSha256 }]),
      ...(engineSha256 === undefined
        ? []
        : [{ path: join(this.folder, enginePathOf(engineSha256)), sha256: engineSha256 }]),
    ];
  }

  /** The module that a host loads. */
  moduleOf({ id, programSha256 }: Deployment): string {
    return programSha256 === undefined ? this.bundleOf(id) : join(this.pathOf(id), programName);
  }

  find(id: string): Deployment | undefined {
    if (!isId(id)) return undefined;
    let text: string;
    try {
      text = readFileSync(join(this.pathOf(id), "deployment.json"), "utf8");
    } catch {
      return undefined;
    }
    return parseDeployment(text, id);
  }

  /** By its id or the beginning of it. @throws DeployError when there is none, or more than one */
  get(idOrPrefix: string): Deployment {
    const found = this.ids().filter((id) => id.startsWith(idOrPrefix.toLowerCase()));
    const [only] = found;
    const deployment = only === undefined || found.length > 1 ? undefined : this.find(only);
    if (deployment !== undefined) return deployment;
    if (found.length > 1) throw new DeployError(`"${idOrPrefix}" begins several deployments: ${found.join(", ")}`);
    throw new DeployError(`there is no deployment "${idOrPrefix}"; gateway stages lists them`);
  }

  /** Another text for people to a deployment; empty: none. The build itself never changes. */
  describe(id: string, description: string): void {
    writeDurably(join(this.pathOf(id), notesName), `${JSON.stringify({ description })}\n`);
  }

  /** What it was described as by itself, not as a step of a stage; undefined: nobody has. */
  description(id: string): string | undefined {
    try {
      const notes = JSON.parse(readFileSync(join(this.pathOf(id), notesName), "utf8")) as { description?: unknown };
      return typeof notes.description === "string" ? notes.description : undefined;
    } catch {
      return undefined;
    }
  }

  ids(): readonly string[] {
    return namesIn(join(this.folder, "deployments")).filter(isId).sort();
  }

  /** Oldest first. */
  deployments(): readonly Deployment[] {
    const all = this.ids().flatMap((id) => this.find(id) ?? []);
    return all.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  }

  stagePath(stage: string): string {
    return join(this.folder, "stages", `${encodeURIComponent(stage)}.json`);
  }

  /** @throws DeployError when its file is damaged */
  stage(name: string): StageRecord | undefined {
    const path = this.stagePath(name);
    if (!existsSync(path)) return undefined;
    return parseRecord(readFileSync(path, "utf8"), path);
  }

  stageNames(): readonly string[] {
    const files = namesIn(join(this.folder, "stages")).filter((name) => name.endsWith(".json"));
    return files.flatMap((name) => decoded(name.slice(0, -".json".length))).sort();
  }

  /** @throws DeployError when a file is damaged */
  stages(): readonly StageRecord[] {
    return this.stageNames().flatMap((name) => this.stage(name) ?? []);
  }

  /**
   * Moves a stage's pointer. Two who do so at once come one after the other; each sees what the other left.
   *
   * @throws what `change` throws; nothing has changed then
   */
  update(stage: string, change: (record: StageRecord | undefined) => StageRecord): StageRecord {
    const path = this.stagePath(stage);
    mkdirSync(join(this.folder, "stages"), { recursive: true });
    const unlock = lock(`${path}.lock`);
    try {
      const record = change(this.stage(stage));
      writeDurably(path, `${JSON.stringify(record, undefined, 2)}\n`);
      return record;
    } finally {
      unlock();
    }
  }

  /**
   * Removes a deployment that no stage points to, neither for its routes nor for its settings nor for its canary.
   *
   * @throws DeployError in the words of API Gateway where one does; it is left as it is then
   */
  removeDeployment(id: string): void {
    const folder = this.pathOf(id);
    const leaving = `${folder}.gone-${process.pid}`;
    this.#refuseWhereUsed(id);
    renameSync(folder, leaving);
    try {
      // Somebody may have deployed it in the meantime.
      this.#refuseWhereUsed(id);
    } catch (error) {
      renameSync(leaving, folder);
      throw error;
    }
    rmSync(leaving, { recursive: true, force: true });
  }

  #refuseWhereUsed(id: string): void {
    const uses = ({ deployment, settings, canary }: StageRecord) =>
      [deployment, settings, canary?.deployment].includes(id);
    if (this.stages().some(uses)) {
      throw new DeployError("Active stages pointing to this deployment must be moved or deleted");
    }
  }

  /** Takes a stage out of service; its deployments stay. */
  removeStage(stage: string): void {
    rmSync(this.stagePath(stage), { force: true });
  }
}

/** What people say of a deployment, in its folder. */
const notesName = "notes.json";

interface KnownFile {
  readonly path: string;
  readonly sha256: string;
}

function isSame(path: string, sha256: string): boolean {
  try {
    return sha256Of(readFileSync(path)) === sha256;
  } catch {
    return false;
  }
}

/** @throws DeployError for text that is no `deployment.json` of this id */
function parseDeployment(text: string, id: string): Deployment {
  try {
    const deployment = JSON.parse(text) as Deployment;
    if (deployment.format === 1 && deployment.id === id && typeof deployment.sha256 === "string") return deployment;
  } catch {
    // Told below.
  }
  throw new DeployError(`deployment.json of ${id} is damaged`);
}

/** A file that nobody of ours wrote names no stage. */
function decoded(name: string): readonly string[] {
  try {
    return [decodeURIComponent(name)];
  } catch {
    return [];
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A lock older than this belongs to a process that died. */
const staleLockMs = 10_000;

/** @throws DeployError when somebody else has it for too long */
function lock(path: string): () => void {
  const end = performance.now() + staleLockMs;
  for (;;) {
    try {
      const descriptor = openSync(path, "wx");
      writeFileSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      if (ageOf(path) > staleLockMs) rmSync(path, { force: true });
      else if (performance.now() > end) throw new DeployError(`${path} is held by another command`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** One from the future is as old as it is far: the clock has been set back since. */
function ageOf(path: string): number {
  try {
    return Math.abs(Date.now() - statSync(path).mtimeMs);
  } catch {
    return 0;
  }
}
