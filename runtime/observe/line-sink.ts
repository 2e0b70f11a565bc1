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
/** … or until they are so many characters. */
export const flushCharacters = 65_536;
/** More than this is not held for a receiver that does not keep up. */
export const maxHeldCharacters = 8 << 20;

/** Collects lines for `flush`, which writes them out as one. */
export abstract class BufferedSink implements LineSink {
  dropped = 0;
  #held = "";
  #timer: NodeJS.Timeout | undefined = undefined;

  write(line: string): void {
    if (this.#held.length + line.length > maxHeldCharacters) {
      this.dropped++;
      return;
    }
    this.#held += line;
    if (this.#held.length >= flushCharacters) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#held;
    if (text === "") return;
    this.#held = this.put(text) ? "" : text;
    if (this.#held !== "") this.#timer = setTimeout(() => this.flush(), flushMs).unref();
  }

  reopen(): void {}

  abstract close(): Promise<void>;

  /** @returns false when it cannot be taken now: it is offered again */
  protected abstract put(text: string): boolean;
}

/** Lines to the process's output. */
export class StreamSink extends BufferedSink {
  constructor(private readonly print: (text: string) => void) {
    super();
  }

  protected put(text: string): boolean {
    this.print(text);
    return true;
  }

  close(): Promise<void> {
    this.flush();
    return Promise.resolve();
  }
}
