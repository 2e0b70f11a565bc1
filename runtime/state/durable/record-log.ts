import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { crc32 } from "node:zlib";

/**
 * An append-only file of records, one JSON value a line behind its CRC-32. A record that was cut off or damaged is left
 * out when the file is read; the others count. `rewrite` puts a snapshot in the place of the file by rename, so that
 * there is the old file or the new one, and never a part.
 */
export class RecordLog {
  #fd: number | undefined = undefined;
  #bytes = 0;
  /** A write failed half-way: the next one begins a new line. */
  #isTorn = false;

  constructor(readonly path: string) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws Node's error when the file is there and cannot be read */
  read(): readonly unknown[] {
    const text = readIfThere(this.path);
    // Whatever follows the last line's end was cut off.
    this.#isTorn = text !== "" && !text.endsWith("\n");
    return text.split("\n").flatMap(parseRecord);
  }

  /** Appends records with one write. @throws Node's error, such as ENOSPC */
  append(records: readonly unknown[]): void {
    const text = (this.#isTorn ? "\n" : "") + records.map(printRecord).join("");
    this.#isTorn = true;
    writeAll(this.#open(), Buffer.from(text));
    this.#isTorn = false;
    this.#bytes += Buffer.byteLength(text);
  }

  /** Hands what was appended on to the disk, so that it survives a loss of power too. */
  sync(): void {
    if (this.#fd !== undefined) fdatasync(this.#fd, () => undefined);
  }

  /** @throws Node's error; the old file is in its place then */
  rewrite(records: readonly unknown[]): void {
    const temporary = `${this.path}.new`;
    const text = records.map(printRecord).join("");
    const fd = openSync(temporary, "w", 0o600);
    try {
      writeAll(fd, Buffer.from(text));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, this.path);
    this.close();
    this.#isTorn = false;
    this.#bytes = Buffer.byteLength(text);
  }

  /** Whether the open file is still the one that stands under its name. */
  isCurrent(): boolean {
    if (this.#fd === undefined) return true;
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there !== undefined && there.ino === fstatSync(this.#fd).ino;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    if (this.#fd === undefined) {
      this.#fd = openSync(this.path, "a", 0o600);
      this.#bytes = fstatSync(this.#fd).size;
    }
    return this.#fd;
  }
}

function printRecord(record: unknown): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

function parseRecord(line: string): readonly unknown[] {
  const json = line.slice(9);
  if (line.charAt(8) !== " " || line.slice(0, 8) !== checksum(json)) return [];
  try {
    return [JSON.parse(json) as unknown];
  } catch {
    return [];
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, "0");
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
