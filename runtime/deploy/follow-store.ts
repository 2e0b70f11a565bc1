import { type FSWatcher, mkdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import type { StageDeployment } from "../host/deployments.js";
import { loadStage } from "./load-stage.js";
import { parseRecord, type StageRecord } from "./stage-record.js";
import type { DeploymentStore } from "./store.js";

/** Who follows: usually a gateway. */
export interface StoreWatcher {
  /** Serves it from the next request on, or throws: then what was served goes on. */
  deploy(deployment: StageDeployment, record: StageRecord): void;
  undeploy(record: StageRecord): void;
  /** A pointer that could not be followed, and why. */
  onProblem(stage: string, error: unknown): void;
}

/** How soon a change is seen where the file system does not tell. */
const pollMs = 1000;

/** Follows the pointers of a project: what another process deploys, rolls back or changes is served at once. */
export class StoreFollower {
  /** Text of each stage's record that has been taken up, or refused. */
  readonly #seen = new Map<string, { readonly text: string; readonly record: StageRecord | undefined }>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  /**
   * @param isWanted  which stages are followed
   * @param delayMs   how long after a change it is taken up: loading a build takes a process some milliseconds, and
   *                  processes that serve together do it one after the other
   */
  constructor(
    private readonly store: DeploymentStore,
    private readonly target: StoreWatcher,
    private readonly isWanted: (stage: string) => boolean = () => true,
    private readonly delayMs = 0,
  ) {}

  /** Takes up what is there, then follows. */
  async start(): Promise<void> {
    const folder = join(this.store.folder, "stages");
    mkdirSync(folder, { recursive: true });
    await this.check();
    let pending: NodeJS.Timeout | undefined;
    const again = () => {
      if (pending !== undefined) return;
      pending = setTimeout(() => {
        pending = undefined;
        void this.check();
      }, this.delayMs);
      pending.unref();
    };
    try {
      this.#watcher = watch(folder, again);
      this.#watcher.on("error", () => undefined);
      this.#watcher.unref();
    } catch {
      // Polling is enough where folders cannot be watched.
    }
    this.#timer = setInterval(again, pollMs);
    this.#timer.unref();
  }

  stop(): void {
    this.#watcher?.close();
    clearInterval(this.#timer);
  }

  /** One look at all pointers; looks come one after the other. */
  check(): Promise<void> {
    this.#work = this.#work.then(() => this.#check()).catch((error) => this.target.onProblem("", error));
    return this.#work;
  }

  async #check(): Promise<void> {
    const names = new Set(this.store.stageNames().filter(this.isWanted));
    for (const name of names) await this.#checkStage(name);
    for (const [name, { record }] of this.#seen) {
      if (names.has(name)) continue;
      this.#seen.delete(name);
      if (record !== undefined) this.#attempt(name, () => this.target.undeploy(record));
    }
  }

  async #checkStage(name: string): Promise<void> {
    const path = this.store.stagePath(name);
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return;
    }
    const before = this.#seen.get(name);
    if (before?.text === text) return;
    let taken = before?.record;
    try {
      const record = parseRecord(text, path);
      const deployment = await loadStage(this.store, record);
      this.target.deploy(deployment, record);
      taken = record;
    } catch (error) {
      this.target.onProblem(name, error);
    }
    this.#seen.set(name, { text, record: taken });
  }

  #attempt(name: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.target.onProblem(name, error);
    }
  }
}
