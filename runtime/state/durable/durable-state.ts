import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock.js";
import { LoadError } from "../../host/load-error.js";
import type { Logger } from "../../observe/logger.js";
import { EmbeddedState } from "../embedded-state.js";
import { CountLog } from "./count-log.js";
import { FolderLock } from "./folder-lock.js";
import { KeyLog } from "./key-log.js";

export interface DurableOptions {
  /** Where counts and keys are kept; made when it is not there. */
  readonly folder: string;
  /** Whether somebody asked for this folder: then it must be writable. Otherwise counts are in memory where it is not. */
  readonly isRequired: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where a gateway keeps its state, below the folder that it is started in, and `gateway keys` below the project's. */
export const defaultStateFolder = ".gateway/state";

/** How soon the folder is asked for again while another process has it, ms. */
const lockRetryMs = 500;

/** State of this machine whose quotas, keys and usage survive a restart. @throws LoadError */
export function durableState(options: DurableOptions): EmbeddedState {
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    return new DurableState(options);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (options.isRequired) throw new LoadError(`state cannot be kept in ${options.folder}: ${problem}`);
    options.logger.write({ level: "error", message: "quotas and usage are not kept over a restart", detail: problem });
    return new EmbeddedState(options.clock);
  }
}

class DurableState extends EmbeddedState {
  readonly #options: DurableOptions;
  readonly #keyLog: KeyLog;
  readonly #lock: FolderLock;
  #log: CountLog | undefined = undefined;
  #retry: NodeJS.Timeout | undefined = undefined;

  constructor(options: DurableOptions) {
    const keys = new KeyLog(join(options.folder, "keys.log"));
    super(options.clock, { keys });
    this.#options = options;
    this.#keyLog = keys;
    keys.follow();
    this.#lock = new FolderLock(join(options.folder, "lock"));
    this.restore(CountLog.read(this.#path));
    if (this.#lock.take()) this.#beginLog();
    else this.#waitForLock();
  }

  override async close(): Promise<void> {
    clearInterval(this.#retry);
    this.#log?.close();
    this.#keyLog.close();
    this.#lock.release();
    await super.close();
  }

  get #path(): string {
    return join(this.#options.folder, "counts.log");
  }

  #beginLog(): void {
    const log = new CountLog(
      this.#path,
      () => this.snapshot(),
      (problem) =>
        this.#options.logger.write(
          problem === undefined
            ? { level: "info", message: "quotas and usage are written again" }
            : { level: "error", message: "quotas and usage cannot be written; they count in memory", detail: problem },
        ),
    );
    // A tail that was cut off goes, and what is over; the file begins with all that counts.
    log.rewrite();
    this.#log = log;
    this.observer = log;
  }

  /** As in a restart without a pause: the process that ends still writes. */
  #waitForLock(): void {
    const { folder, logger } = this.#options;
    logger.write({ level: "info", message: "another process keeps the state; waiting for it to end", detail: folder });
    this.#retry = setInterval(() => {
      if (!this.#lock.take()) return;
      clearInterval(this.#retry);
      this.restore(CountLog.read(this.#path));
      this.#beginLog();
    }, lockRetryMs).unref();
  }
}
