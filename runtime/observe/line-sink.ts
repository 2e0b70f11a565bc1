/** Where finished lines go. Writing never waits and never throws; what cannot be kept is counted. */
export interface LineSink {
  /** @param line  with its line feed */
  write(line: string): void;
  /** Lines given up so far, because the receiver could not take them. */
  readonly dropped: number;
  /** Opens its file again, as after it has been moved away. */
  reopen(): void;
  /** Writes what is held, and closes. */
  close(): Promise<void>;
}

/** Lines are held for so long, to be written together. */
export const flushMs = 100;
/** … or until they are so many bytes. */
const chunkBytes = 65_536;
/** More than this is not held for a receiver that does not keep up. */
export const maxHeldBytes = 8 << 20;

const nothing = Buffer.alloc(0);

/**
 * Collects lines for `put`, which writes them out as one. They are held as bytes: texts that wait would be copied by each
 * round of the garbage collector, which cost more than all the rest of an access log (1.4 µs a request).
 */
export abstract class BufferedSink implements LineSink {
  dropped = 0;
  /** Full chunks that were not taken yet, oldest first. */
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #chunk = nothing;
  #used = 0;
  #timer: NodeJS.Timeout | undefined = undefined;

  write(line: string): void {
    // UTF-8 has three bytes for a unit of UTF-16 at most.
    const most = line.length * 3;
    if (this.#used + most > this.#chunk.length && !this.#makeRoom(most)) {
      this.dropped++;
      return;
    }
    this.#used += this.#chunk.write(line, this.#used);
    this.#timer ??= setTimeout(this.#flushLater, flushMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#putAll()) this.#timer = setTimeout(this.#flushLater, flushMs).unref();
  }

  readonly #flushLater = (): void => this.flush();

  /** False where too much is held already. */
  #makeRoom(bytes: number): boolean {
    this.flush();
    if (this.#used > 0) {
      if (this.#waitingBytes + this.#used + bytes > maxHeldBytes) return false;
      this.#waiting.push(this.#chunk.subarray(0, this.#used));
      this.#waitingBytes += this.#used;
      this.#used = 0;
      this.#chunk = nothing;
    }
    if (this.#chunk.length < bytes) this.#chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes));
    return true;
  }

  #putAll(): boolean {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.put(next)) return false;
      this.#waiting.shift();
      this.#waitingBytes -= next.length;
    }
    if (this.#used === 0) return true;
    if (!this.put(this.#chunk.subarray(0, this.#used))) return false;
    this.#used = 0;
    return true;
  }

  reopen(): void {}

  abstract close(): Promise<void>;

  /**
   * @param lines  whole lines, there for this call alone
   * @returns false when they cannot be taken now: they are offered again
   */
  protected abstract put(lines: Buffer): boolean;
}

/** Lines to the process's output. */
export class StreamSink extends BufferedSink {
  constructor(private readonly print: (text: string) => void) {
    super();
  }

  protected put(lines: Buffer): boolean {
    this.print(lines.toString("utf8"));
    return true;
  }

  close(): Promise<void> {
    this.flush();
    return Promise.resolve();
  }
}
