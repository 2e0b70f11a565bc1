import cluster, { type Worker } from "node:cluster";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../../runtime/clock.js";
import { isWrapped } from "../../runtime/host/workers/messages.js";
import { sendToWorker } from "../../runtime/host/workers/send-to-worker.js";
import { StateHub } from "../../runtime/host/workers/state-hub.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import { durableState } from "../../runtime/state/durable/durable-state.js";
import { adminVariable, type FromServer, type ToServer } from "./messages.js";

/** ES modules never unload: after this many swaps the serving process is replaced. */
const swapsPerWorker = 40;
/** A handler that ends the process at once would otherwise be started again without end. */
const restartDelayMs = 300;

export interface DevServerOptions {
  readonly port: number;
  readonly host: string;
  /** Names of the stages to serve; empty: all. */
  readonly stages: readonly string[];
  /** Where quotas, keys and usage are kept: over changes, and over restarts. */
  readonly stateFolder: string;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  onProblem(message: string): void;
  onMessage(message: FromServer): void;
  /** The serving process has ended by itself; a new one is on its way. */
  onCrash(code: number | null): void;
}

/**
 * Serves Programs in a process of their own and swaps them without losing a request: a new one goes to the running
 * process; after some swaps, or a crash, a new process takes over the port while the old one finishes what it has.
 */
export class DevServer {
  /** The one that serves, or is about to. */
  #newest: Worker | undefined;
  /** All that take messages: besides the newest those that it replaces, as long as clients keep connections to them. */
  readonly #workers = new Set<Worker>();
  /** Of these, who has yet to say that the latest Program is live in it. */
  readonly #waiting = new Set<Worker>();
  #swaps = 0;
  #latest: Load | undefined;
  #lastUrl: string | undefined;
  #lastAdminUrl: string | undefined;
  #isClosing = false;
  #offsetMs = 0;
  readonly #hub: StateHub;
  /** What processes are started with, besides the environment of this one. */
  environment: Readonly<Record<string, string>> = {};

  constructor(private readonly options: DevServerOptions) {
    const { stateFolder, clock = systemClock, onProblem } = options;
    const logger = {
      write: ({ level, message, detail = "" }: LogRecord) => {
        if (level === "error") onProblem(`${message}: ${detail}`);
      },
    };
    this.#hub = new StateHub(() => durableState({ folder: stateFolder, isRequired: false, clock, logger }));
    cluster.setupPrimary({
      exec: fileURLToPath(new URL("./dev-worker.js", import.meta.url)),
      args: [options.host, String(options.port), ...options.stages],
      silent: false,
    });
  }

  /** Serves a Program, `module` being a file that exports it and stays as it is while it is in use. */
  load(module: string, number: number): void {
    this.#latest = { kind: "load", module, number };
    this.#waiting.clear();
    for (const worker of this.#workers) this.#load(worker, this.#latest);
    if (this.#newest === undefined || ++this.#swaps > swapsPerWorker) this.#start();
  }

  /** The clock is so far ahead of the system's now, in processes to come too. */
  moveClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    for (const worker of this.#workers) send(worker, { kind: "clock", offsetMs });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#endWorker();
    await this.#hub.close();
  }

  async #endWorker(): Promise<void> {
    const worker = this.#newest;
    if (worker === undefined || worker.isDead()) return;
    const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.process.kill("SIGTERM");
    const timer = setTimeout(() => worker.process.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(timer);
  }

  /**
   * With port 0 a process that comes after a dead one would get other free ports; it is to get the same. One that takes
   * over from a live one shares its sockets, by the port that was asked for: 0.
   */
  #keepPorts(): void {
    if (this.#lastUrl === undefined) return;
    const { host, stages } = this.options;
    cluster.setupPrimary({ args: [host, new URL(this.#lastUrl).port || "80", ...stages] });
    const setup = this.environment[adminVariable];
    if (this.#lastAdminUrl === undefined || setup === undefined) return;
    const kept = { ...JSON.parse(setup), port: Number(new URL(this.#lastAdminUrl).port || "80") };
    this.environment = { ...this.environment, [adminVariable]: JSON.stringify(kept) };
  }

  #load(worker: Worker, load: Load): void {
    this.#waiting.add(worker);
    send(worker, load);
  }

  #start(): void {
    const worker = cluster.fork(this.environment);
    this.#newest = worker;
    this.#swaps = 0;
    this.#hub.attach(worker);
    worker.on("message", (received: unknown) => {
      if (!isWrapped(received)) this.#onMessage(worker, received as FromServer);
    });
    worker.on("exit", (code) => this.#onExit(worker, code));
  }

  #onMessage(worker: Worker, message: FromServer): void {
    switch (message.kind) {
      case "ready":
        this.#workers.add(worker);
        if (this.#offsetMs > 0) send(worker, { kind: "clock", offsetMs: this.#offsetMs });
        if (this.#latest) this.#load(worker, this.#latest);
        return;
      case "listening":
        for (const other of this.#workers) if (other !== worker) send(other, { kind: "retire" });
        this.#lastUrl = message.url;
        this.#lastAdminUrl = message.adminUrl;
        if (message.number === this.#latest?.number) this.#waiting.delete(worker);
        break;
      case "failed":
        if (!this.#waiting.has(worker)) return;
        this.#waiting.clear();
        break;
      case "swapped":
        if (message.number !== this.#latest?.number || !this.#waiting.delete(worker) || this.#waiting.size > 0) return;
    }
    this.options.onMessage(message);
  }

  #onExit(worker: Worker, code: number | null): void {
    this.#workers.delete(worker);
    this.#waiting.delete(worker);
    if (this.#isClosing || this.#newest !== worker) return;
    this.#newest = undefined;
    this.#keepPorts();
    this.options.onCrash(code);
    setTimeout(() => {
      if (!this.#isClosing && this.#newest === undefined) this.#start();
    }, restartDelayMs);
  }
}

type Load = Extract<ToServer, { readonly kind: "load" }>;

function send(worker: Worker, message: ToServer): void {
  sendToWorker(worker, message);
}
