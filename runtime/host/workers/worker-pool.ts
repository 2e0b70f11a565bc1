import cluster, { type Worker } from "node:cluster";
import type { AdminFleet } from "../../admin/fleet/admin-fleet.js";
import { isFleetMessage } from "../../admin/fleet/messages.js";
import type { Logger } from "../../observe/logger.js";
import { isWrapped } from "./messages.js";
import type { StateHub } from "./state-hub.js";

/** What a serving process tells the primary one, besides what it asks of the state. */
export type FromPoolWorker =
  | { readonly kind: "listening"; readonly line: string }
  /** It cannot be served at all: told in one line. */
  | { readonly kind: "failed"; readonly message: string };

/** A process that ends by itself is started again after this, and twice as long each time until it serves for a while. */
const firstDelayMs = 100;
const longestDelayMs = 10_000;
const healthyMs = 30_000;

export interface PoolOptions {
  readonly workers: number;
  readonly hub: StateHub;
  /** What administers them; undefined: nobody does. */
  readonly fleet: AdminFleet | undefined;
  readonly logger: Logger;
  /** How long requests under way may take at the end, ms. */
  readonly drainMs: number;
  /** Told once, when all processes listen. */
  readonly onListening: (line: string) => void;
}

/** Serving processes on one port. One that dies is replaced; requests in the others go on unharmed. */
export class WorkerPool {
  readonly #workers = new Map<Worker, { readonly startedAt: number; readonly delayMs: number }>();
  #isClosing = false;
  #hasListened = false;
  #listening = 0;
  #end: (problem: string | undefined) => void = () => undefined;

  constructor(private readonly options: PoolOptions) {}

  /** @returns when all have ended: why nothing could be served, undefined after `close` */
  run(): Promise<string | undefined> {
    const ended = new Promise<string | undefined>((resolve) => {
      this.#end = resolve;
    });
    for (let count = 0; count < this.options.workers; count++) this.#start(firstDelayMs);
    return ended;
  }

  /** Lets every process finish what it has. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#workers.size === 0) this.#end(undefined);
    for (const worker of this.#workers.keys()) {
      worker.process.kill("SIGTERM");
      setTimeout(() => worker.process.kill("SIGKILL"), this.options.drainMs + 2000).unref();
    }
  }

  #start(delayMs: number): void {
    const worker = cluster.fork();
    this.#workers.set(worker, { startedAt: performance.now(), delayMs });
    this.options.hub.attach(worker);
    this.options.fleet?.attach(worker);
    worker.on("message", (message: unknown) => {
      if (!isWrapped(message) && !isFleetMessage(message)) this.#onMessage(worker, message as FromPoolWorker);
    });
    worker.on("error", () => undefined);
    worker.once("exit", (code, signal) => this.#onExit(worker, signal ?? String(code)));
  }

  #onMessage(worker: Worker, message: FromPoolWorker): void {
    if (message.kind === "listening") {
      this.options.fleet?.serves(worker);
      this.#listening++;
      if (this.#listening < this.options.workers || this.#hasListened) return;
      this.#hasListened = true;
      this.options.onListening(message.line);
    } else if (!this.#hasListened && !this.#isClosing) {
      this.close();
      this.#end(message.message);
    }
  }

  #onExit(worker: Worker, how: string): void {
    const slot = this.#workers.get(worker);
    this.#workers.delete(worker);
    if (this.#isClosing) {
      if (this.#workers.size === 0) this.#end(undefined);
      return;
    }
    const wasHealthy = slot !== undefined && performance.now() - slot.startedAt > healthyMs;
    const delayMs = wasHealthy ? firstDelayMs : (slot?.delayMs ?? firstDelayMs);
    const detail = `${how}, again in ${delayMs} ms`;
    this.options.logger.write({ level: "error", message: "a serving process ended; another takes its place", detail });
    setTimeout(() => {
      if (!this.#isClosing) this.#start(Math.min(2 * delayMs, longestDelayMs));
    }, delayMs);
  }
}
