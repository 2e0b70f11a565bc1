import cluster, { type Worker } from "node:cluster";
import { fileURLToPath } from "node:url";
import type { AdminFleet } from "../../runtime/admin/fleet/admin-fleet.js";
import { sendToWorker } from "../../runtime/host/workers/send-to-worker.js";
import type { StateHub } from "../../runtime/host/workers/state-hub.js";
import { type FromWorker, type ServeSetup, setupVariable, type ToWorker } from "./messages.js";

/**
 * ES modules never unload: each deployment that a process has followed stays in its memory. After this many it is
 * replaced by a fresh one, and retires.
 */
const followsPerWorker = 50;
/** A process that ends by itself is started again after this, and twice as long each time until it serves for a while. */
const firstDelayMs = 200;
const longestDelayMs = 10_000;
/** One that served for so long counts as healthy again. */
const healthyMs = 30_000;

export interface SupervisorOptions {
  readonly setup: ServeSetup;
  /** Keeps counts and keys for all serving processes. */
  readonly hub: StateHub;
  /** What administers them; undefined: nobody does. */
  readonly fleet: AdminFleet | undefined;
  /** Serving processes. */
  readonly workers: number;
  onMessage(message: FromWorker): void;
  onCrash(code: number | null, signal: string | null): void;
  /** Nothing could be served from the beginning. */
  onFailure(message: string): void;
}

interface Slot {
  worker: Worker;
  follows: number;
  startedAt: number;
  delayMs: number;
  /** It has told that it ends: another is on its way already. */
  isEnding: boolean;
}

/** Keeps some serving processes alive, replaces those that have followed many deployments, and ends them together. */
export class Supervisor {
  readonly #slots: Slot[] = [];
  readonly #retired = new Set<Worker>();
  #isClosing = false;
  #hasListened = false;

  constructor(private readonly options: SupervisorOptions) {}

  start(): void {
    cluster.setupPrimary({
      exec: fileURLToPath(new URL("./serve-worker.js", import.meta.url)),
      args: [],
      silent: false,
    });
    for (let at = 0; at < this.options.workers; at++) this.#fill(at, firstDelayMs);
  }

  /** Lets every process finish what it has. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const workers = [...this.#slots.map(({ worker }) => worker), ...this.#retired].filter((worker) => !worker.isDead());
    await Promise.all(workers.map((worker) => this.#end(worker)));
  }

  /** To every serving process. */
  signal(name: NodeJS.Signals): void {
    for (const { worker } of this.#slots) if (!worker.isDead()) worker.process.kill(name);
  }

  #end(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => worker.process.kill("SIGKILL"), this.options.setup.drainMs + 2000);
      worker.once("exit", () => {
        clearTimeout(timer);
        resolve();
      });
      worker.process.kill("SIGTERM");
    });
  }

  /** @param old  what retires when the new process listens */
  #fill(at: number, delayMs: number, old?: Worker): void {
    const worker = cluster.fork({ [setupVariable]: JSON.stringify({ ...this.options.setup, index: at }) });
    this.#slots[at] = { worker, follows: 0, startedAt: performance.now(), delayMs, isEnding: false };
    this.options.hub.attach(worker);
    this.options.fleet?.attach(worker);
    worker.on("message", (message: FromWorker | object) => {
      if ("kind" in message) this.#onMessage(at, worker, message, old);
    });
    // It may end in the very moment that the cluster answers it: without a listener that would end this process too.
    worker.on("error", () => undefined);
    worker.on("exit", (code, signal) => {
      this.#retired.delete(worker);
      const slot = this.#slots[at];
      if (!this.#isClosing && slot?.worker === worker && !slot.isEnding) this.#restart(at, code, signal);
    });
  }

  #onMessage(at: number, worker: Worker, message: FromWorker, old: Worker | undefined): void {
    const slot = this.#slots[at];
    switch (message.kind) {
      case "listening":
        this.#hasListened = true;
        this.options.fleet?.serves(worker);
        if (old?.isConnected()) {
          this.options.fleet?.retires(old);
          sendToWorker(old, { kind: "retire" } satisfies ToWorker);
        }
        break;
      case "followed":
        if (slot?.worker !== worker) return;
        slot.follows++;
        if (slot.follows >= followsPerWorker + this.options.setup.sources.length * 10) this.#replace(at, slot);
        break;
      case "ends":
        if (slot?.worker !== worker || slot.isEnding || this.#isClosing) return;
        // Not when it has gone: what it has under way may take as long as the drain.
        slot.isEnding = true;
        this.#retired.add(worker);
        this.options.fleet?.retires(worker);
        this.#restart(at, 1, null);
        return;
      case "failed":
        if (this.#hasListened) break;
        this.#isClosing = true;
        this.options.onFailure(message.message);
        return;
    }
    if (at === 0 || message.kind === "failed") this.options.onMessage(message);
  }

  #replace(at: number, slot: Slot): void {
    this.#retired.add(slot.worker);
    this.#fill(at, slot.delayMs, slot.worker);
  }

  #restart(at: number, code: number | null, signal: string | null): void {
    this.options.onCrash(code, signal);
    const slot = this.#slots[at];
    const wasHealthy = slot !== undefined && performance.now() - slot.startedAt > healthyMs;
    const delayMs = wasHealthy ? firstDelayMs : (slot?.delayMs ?? firstDelayMs);
    setTimeout(() => {
      if (!this.#isClosing) this.#fill(at, Math.min(delayMs * 2, longestDelayMs));
    }, delayMs);
  }
}
