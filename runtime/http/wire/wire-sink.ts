import process from "node:process";
import type { Duplex } from "node:stream";
import type { ResponseSink } from "../exchange.js";

/** How the body of a streamed answer is framed. */
export interface SinkFraming {
  readonly isChunked: boolean;
  /** HEAD, 204 and 304: nothing is sent behind the head. */
  readonly isBodiless: boolean;
  /** Content-Length that the answer carries. */
  readonly announced: number | undefined;
}

/**
 * A streamed answer. The head leaves with the first bytes. Where a Content-Length was announced, an answer of another
 * length is cut, never completed.
 */
export class WireSink implements ResponseSink {
  #written = 0;
  #isOver = false;

  constructor(
    private readonly socket: Duplex,
    head: string,
    private readonly framing: SinkFraming,
    private readonly owner: { sent(bytes: number): void; end(): void; abort(): void },
  ) {
    socket.cork();
    process.nextTick(uncork, socket);
    socket.write(head, "latin1");
  }

  write(chunk: Uint8Array): boolean {
    const { isBodiless, isChunked, announced } = this.framing;
    if (this.#isOver || isBodiless || chunk.byteLength === 0) return true;
    this.#written += chunk.byteLength;
    if (announced !== undefined && this.#written > announced) {
      this.abort();
      return false;
    }
    this.owner.sent(chunk.byteLength);
    if (!isChunked) return this.socket.write(chunk);
    this.socket.cork();
    this.socket.write(`${chunk.byteLength.toString(16)}\r\n`, "latin1");
    this.socket.write(chunk);
    const takesMore = this.socket.write("\r\n", "latin1");
    process.nextTick(uncork, this.socket);
    return takesMore;
  }

  onDrain(callback: () => void): void {
    this.socket.once("drain", callback);
  }

  end(): void {
    if (this.#isOver) return;
    const { isBodiless, isChunked, announced } = this.framing;
    if (!isBodiless && announced !== undefined && this.#written !== announced) {
      this.abort();
      return;
    }
    this.#isOver = true;
    if (isChunked) this.socket.write("0\r\n\r\n", "latin1");
    this.owner.end();
  }

  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.owner.abort();
  }
}

function uncork(socket: Duplex): void {
  socket.uncork();
}
