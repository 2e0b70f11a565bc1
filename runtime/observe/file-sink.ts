import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { BufferedSink } from "./line-sink.js";

export interface FileSinkOptions {
  readonly path: string;
  /** The file is moved away when it is this large; default 100 MB. */
  readonly maxBytes?: number;
  /** So many old files are kept, `path.1` the youngest; default 10. */
  readonly keep?: number;
}

/** A process that has died while it rotated is not waited for longer. */
const lockMs = 5000;

/**
 * Lines to a file, readable by its owner alone, which is rotated by size. Several processes may write to one: each appends
 * whole lines, one of them moves the file away, and the others go on in the new one. A full disk loses lines and nothing else.
 */
export class FileSink extends BufferedSink {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #file: number;
  /** Tells the file from another that has taken its name. */
  #inode: number;
  /** Its descriptor may be another file's by now. */
  #isClosed = false;

  /** @throws Node's error when the file cannot be opened */
  constructor({ path, maxBytes = 100_000_000, keep = 10 }: FileSinkOptions) {
    super();
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#file = openSync(path, "a", 0o600);
    this.#inode = fstatSync(this.#file).ino;
  }

  /** Where the file cannot be opened, as when its folder is gone, the old one goes on. */
  override reopen(): void {
    this.flush();
    if (this.#isClosed) return;
    try {
      this.#open();
    } catch {
      return;
    }
  }

  close(): Promise<void> {
    this.flush();
    if (!this.#isClosed) closeSync(this.#file);
    this.#isClosed = true;
    return Promise.resolve();
  }

  protected put(lines: Buffer): boolean {
    try {
      if (this.#isClosed) throw new Error("closed");
      if (this.#isAnother()) this.#open();
      const { size } = fstatSync(this.#file);
      if (size > 0 && size + lines.length > this.#maxBytes) this.#rotateAlone();
      writeSync(this.#file, lines);
    } catch {
      this.dropped += lineFeeds(lines);
    }
    return true;
  }

  #open(): void {
    const file = openSync(this.#path, "a", 0o600);
    closeSync(this.#file);
    this.#file = file;
    this.#inode = fstatSync(file).ino;
  }

  /** Whether another process has rotated. A file that has been moved away by hand is written to until SIGHUP. */
  #isAnother(): boolean {
    return inodeOf(this.#path, this.#inode) !== this.#inode;
  }

  /** One process rotates; where another is about to, this one goes on for now. */
  #rotateAlone(): void {
    const lock = `${this.#path}.lock`;
    if (!takeLock(lock)) return;
    try {
      if (!this.#isAnother()) this.#rotate();
      this.#open();
    } finally {
      rmSync(lock, { force: true });
    }
  }

  #rotate(): void {
    rmSync(`${this.#path}.${this.#keep}`, { force: true });
    for (let at = this.#keep - 1; at >= 1; at--) renameIfThere(`${this.#path}.${at}`, `${this.#path}.${at + 1}`);
    if (this.#keep > 0) renameIfThere(this.#path, `${this.#path}.1`);
    else rmSync(this.#path, { force: true });
  }
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count++;
  return count;
}

/** @param absent  what is answered when there is no such file */
function inodeOf(path: string, absent: number): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? absent;
}

function takeLock(path: string): boolean {
  try {
    closeSync(openSync(path, "wx", 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  // One from the future is of before the clock was set back.
  if (Math.abs(age) > lockMs) rmSync(path, { force: true });
  return false;
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
