import { Readable } from "node:stream";
import { GatewayError } from "./gateway-error.js";
import type { BodyTaker } from "./wire/body-taker.js";
import { Pieces } from "./wire/pieces.js";

/** The client went away, or its body was malformed: there is nobody to answer, or the connection has been answered for. */
export class BodyCutOff extends Error {
  override readonly name = "BodyCutOff";
}

/** Collects a whole body. Nothing past `maxBytes` is kept. */
export class WholeBody implements BodyTaker {
  readonly #pieces = new Pieces();
  #bytes = 0;
  #isOver = false;

  constructor(
    private readonly maxBytes: number,
    private readonly resolve: (body: Buffer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  take(bytes: Buffer): boolean {
    if (this.#isOver) return true;
    this.#bytes += bytes.length;
    if (this.#bytes > this.maxBytes) {
      this.#isOver = true;
      this.#pieces.clear();
      this.reject(new GatewayError("REQUEST_TOO_LARGE"));
    } else this.#pieces.add(bytes);
    return true;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const pieces = this.#pieces.take();
    this.resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
  }

  cut(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.reject(new BodyCutOff());
  }
}

/** A body as a stream, with back-pressure down to the client's connection. */
export class StreamedBody implements BodyTaker {
  readonly stream: Readable;

  /** @param resume  called when the stream has room again */
  constructor(resume: () => void) {
    this.stream = new Readable({ read: resume });
    // Whoever reads it may have let go already, as when the backend is gone: nobody hears of the client's end then.
    this.stream.on("error", () => undefined);
  }

  take(bytes: Buffer): boolean {
    return this.stream.destroyed || this.stream.push(bytes);
  }

  end(): void {
    this.stream.push(null);
  }

  cut(): void {
    this.stream.destroy(new BodyCutOff());
  }
}
