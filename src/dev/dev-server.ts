import cluster, { type Worker } from "node:cluster";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../../runtime/clock.js";
import { isWrapped } from "../../runtime/host/workers/messages.js";
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
 * Serves bundles in a process of their own and swaps them without losing a request: a new bundle goes to the running
 * process; after some swaps, or a crash, a new process takes over the port while the old one finishes what it has.
 */
export class DevServer {
  #worker: Worker | undefined;
  #swaps = 0;
  #latest: ToServer | undefined;
  #lastUrl: string | undefined;
  #isReady = false;
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

  /** Serves a bundle, `bundle` being a file that stays as it is while it is in use. */
  load(bundle: string, number: number): void {
    this.#latest = { kind: "load", bundle, number };
    if (this.#worker === undefined || this.#swaps >= swapsPerWorker) this.#start();
    else if (this.#isReady) {
      this.#swaps++;
      this.#worker.send(this.#latest);
    }
  }

  /** The clock is so far ahead of the system's now, in processes to come too. */
  moveClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    if (this.#isReady) this.#worker?.send({ kind: "clock", offsetMs } satisfies ToServer);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#endWorker();
    await this.#hub.close();
  }

  async #endWorker(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined || worker.isDead()) return;
    const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.process.kill("SIGTERM");
    const timer = setTimeout(() => worker.process.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(timer);
  }

  /** With port 0 a process that replaces a dead one would get another free port; it is to get the same. */
  #keepPort(): void {
    if (this.#lastUrl !== undefined) {
      const { host, stages } = this.options;
      cluster.setupPrimary({ args: [host, new URL(this.#lastUrl).port || "80", ...stages] });
    }
  }

  #keepAdminPort(url: string | undefined): void {
    const setup = this.environment[adminVariable];
    if (url === undefined || setup === undefined) return;
    const kept = { ...JSON.parse(setup), port: Number(new URL(url).port || "80") };
    this.environment = { ...this.environment, [adminVariable]: JSON.stringify(kept) };
  }

  #start(): void {
    const old = this.#worker;
    const worker = cluster.fork(this.environment);
    this.#worker = worker;
    this.#swaps = 0;
    this.#isReady = false;
    this.#hub.attach(worker);
    worker.on("message", (received: unknown) => {
      if (isWrapped(received)) return;
      const message = received as FromServer;
      if (message.kind === "ready") {
        this.#isReady = true;
        if (this.#offsetMs > 0) this.moveClock(this.#offsetMs);
        if (this.#latest) worker.send(this.#latest);
        return;
      }
      if (message.kind === "listening") {
        if (old?.isConnected()) old.send({ kind: "retire" } satisfies ToServer);
        this.#lastUrl = message.url;
        this.#keepAdminPort(message.adminUrl);
      }
      this.options.onMessage(message);
    });
    worker.on("exit", (code) => {
      if (this.#isClosing || this.#worker !== worker) return;
      this.#worker = undefined;
      this.#keepPort();
      this.options.onCrash(code);
      setTimeout(() => {
        if (!this.#isClosing && this.#worker === undefined) this.#start();
      }, restartDelayMs);
    });
  }
}
