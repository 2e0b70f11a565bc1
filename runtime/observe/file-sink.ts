import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { BufferedSink } from "./line-sink.js";

export interface FileSinkOptions {
  readonly path: string;
  /** The file is moved away when it is this large; default 100 MB. */
  readonly maxBytes?: number;
  /** So many old files are kept, `path.1` the youngest; default 10. */
  readonly keep?: number;
}

/** Lines to a file of its own, readable by its owner alone, which is rotated by size. A full disk loses lines and nothing else. */
export class FileSink extends BufferedSink {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #file: number;
  #bytes: number;
  /** Its descriptor may be another file's by now. */
  #isClosed = false;

  /** @throws Node's error when the file cannot be opened */
  constructor({ path, maxBytes = 100_000_000, keep = 10 }: FileSinkOptions) {
    super();
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#file = openSync(path, "a", 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  /** Where the file cannot be opened, as when its folder is gone, the old one goes on. */
  override reopen(): void {
    this.flush();
    if (this.#isClosed) return;
    try {
      const file = openSync(this.#path, "a", 0o600);
      closeSync(this.#file);
      this.#file = file;
      this.#bytes = fstatSync(file).size;
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

  protected put(text: string): boolean {
    const bytes = Buffer.from(text, "utf8");
    try {
      if (this.#isClosed) throw new Error("closed");
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#maxBytes) this.#rotate();
      writeSync(this.#file, bytes);
      this.#bytes += bytes.length;
    } catch {
      this.dropped += text.split("\n").length - 1;
    }
    return true;
  }

  #rotate(): void {
    rmSync(`${this.#path}.${this.#keep}`, { force: true });
    for (let at = this.#keep - 1; at >= 1; at--) renameIfThere(`${this.#path}.${at}`, `${this.#path}.${at + 1}`);
    if (this.#keep > 0) renameIfThere(this.#path, `${this.#path}.1`);
    else rmSync(this.#path, { force: true });
    const file = openSync(this.#path, "a", 0o600);
    closeSync(this.#file);
    this.#file = file;
    this.#bytes = 0;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
