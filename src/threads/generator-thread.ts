import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Output } from "../../generators/index.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { GenerateOptions, OutputFile } from "../model/output.js";
import type { GeneratorReply, GeneratorWork } from "./generator-worker.js";

/** Outputs that take about half of the time of a whole build, and share their plans. */
const made: ReadonlySet<string> = new Set(["cloudformation", "sdk", "docs"]);

/** A file below some hundred routes is built before a thread has started. */
const leastBytes = 20_000;

const code = new URL("./generator-worker.js", import.meta.url);

/**
 * A thread that makes some outputs of a build while the others are made here. It loads its generators while the file is
 * being checked. Threads change no output: what one could not make is made here.
 */
export class GeneratorThread {
  readonly #worker: Worker;
  /** It has ended, or cannot go on. */
  readonly #gone: Promise<undefined>;
  readonly #files = new Map<string, Promise<readonly OutputFile[] | undefined>>();

  private constructor(readonly names: readonly string[]) {
    // Most of what generators make dies at once: with a young generation of some size it need not be copied first.
    const worker = new Worker(code, { workerData: names, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
    this.#worker = worker;
    this.#gone = new Promise((resolve) => {
      worker.once("error", () => resolve(undefined));
      worker.once("exit", () => resolve(undefined));
    });
  }

  /** Undefined where a thread would not help: for small files, few outputs, one core, or run from TypeScript. */
  static start(outputs: readonly Output[], sourceBytes: number): GeneratorThread | undefined {
    const names = outputs.map(({ name }) => name).filter((name) => made.has(name));
    const isWorth = sourceBytes >= leastBytes && names.length > 0 && outputs.length > names.length;
    if (!isWorth || availableParallelism() < 2 || !existsSync(code)) return undefined;
    return new GeneratorThread(names);
  }

  /** Begins with all of its outputs. */
  begin(model: GatewayModel, options: GenerateOptions): void {
    const waiting = new Map<string, (files: readonly OutputFile[] | undefined) => void>();
    for (const name of this.names) {
      const files = new Promise<readonly OutputFile[] | undefined>((resolve) => waiting.set(name, resolve));
      this.#files.set(name, Promise.race([files, this.#gone]));
    }
    this.#worker.on("message", ({ output, files }: GeneratorReply) => waiting.get(output)?.(files));
    const work: GeneratorWork = { model, options };
    this.#worker.postMessage(work);
  }

  /** The files of one output, in the generator's own paths; undefined: the thread could not make them. */
  async filesOf(output: string): Promise<readonly OutputFile[] | undefined> {
    return this.#files.get(output);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
