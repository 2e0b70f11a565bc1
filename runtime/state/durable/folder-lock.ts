import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import process from "node:process";

/**
 * Holds a folder for this process by a file with its number and its start; one left by a process that is gone is taken
 * over. In a container every process may have the number 1: the start tells them apart.
 */
export class FolderLock {
  #isHeld = false;

  constructor(
    private readonly path: string,
    /** When this process began, ms; the same for all locks of a process. */
    private readonly started = Math.round(performance.timeOrigin),
  ) {}

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** @returns false when another living process holds it. @throws Node's error when the folder cannot be written */
  take(): boolean {
    for (let tries = 0; tries < 3 && !this.#isHeld; tries++) {
      if (this.#create()) this.#isHeld = true;
      else if (isAlive(this.#holder(), this.started)) return false;
      else unlinkIfThere(this.path);
    }
    return this.#isHeld;
  }

  release(): void {
    if (this.#isHeld && this.#holder()?.pid === process.pid) unlinkIfThere(this.path);
    this.#isHeld = false;
  }

  #create(): boolean {
    try {
      const fd = openSync(this.path, "wx", 0o600);
      writeSync(fd, `${process.pid} ${this.started}`);
      closeSync(fd);
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  }

  /** A file without a number is being written at this moment, or was left by a crash: nobody's. */
  #holder(): Holder | undefined {
    try {
      const [pid = 0, started = 0] = readFileSync(this.path, "utf8").split(" ").map(Number);
      return Number.isSafeInteger(pid) && pid > 0 ? { pid, started } : undefined;
    } catch {
      return undefined;
    }
  }
}

interface Holder {
  readonly pid: number;
  readonly started: number;
}

function isAlive(holder: Holder | undefined, ownStart: number): boolean {
  if (holder === undefined) return false;
  if (holder.pid === process.pid) return holder.started === ownStart;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
