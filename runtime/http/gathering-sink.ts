import type { ResponseSink } from "./exchange.js";

/** Keeps a streamed answer up to a limit, for whoever wants the whole of it. */
export class GatheringSink implements ResponseSink {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #resolve!: (whole: Buffer) => void;
  #reject!: (error: Error) => void;
  readonly done: Promise<Buffer>;

  constructor(private readonly maxBytes: number) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever started the stream may fail first.
    this.done.catch(() => undefined);
  }

  write(chunk: Uint8Array): boolean {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.maxBytes) this.#reject(new Error(`the answer has more than ${this.maxBytes} bytes`));
    else this.#chunks.push(chunk);
    return true;
  }

  onDrain(callback: () => void): void {
    process.nextTick(callback);
  }

  end(): void {
    this.#resolve(Buffer.concat(this.#chunks));
  }

  abort(): void {
    this.#reject(new Error("the answer was broken off"));
  }
}
