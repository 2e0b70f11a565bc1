import type { Socket } from "node:net";
import type { BodyTaker } from "./body-taker.js";
import type { Connection } from "./connection.js";
import type { RequestHead } from "./request-head.js";
import { WireSink } from "./wire-sink.js";

/** An early answer lets the client finish sending this much; beyond it the connection is closed. */
const smallBodyBytes = 65_536;
/** A body of bytes up to this size is copied behind its head: one write instead of two. */
const maxJoinedBytes = 16_384;

/**
 * One request and its answer on a connection. It is the host's; the engine of a Program sees these members, and no
 * class of the host.
 */
export class WireRequest {
  /** The head of the answer has been written. */
  hasBegun = false;
  /** The answer has been written whole. */
  isOver = false;
  /** The connection is lost, or ended over a fault, before the answer was whole. */
  isGone = false;
  bodyBytesSent = 0;
  #hasContinued = false;
  #onGone: (() => void)[] | undefined = undefined;
  #onSettled: (() => void) | undefined = undefined;

  constructor(
    private readonly connection: Connection,
    readonly head: RequestHead,
  ) {}

  /** For the host: what it knows of the connection. */
  get socket(): Socket {
    return this.connection.socket;
  }

  get remoteAddress(): string | undefined {
    return this.connection.socket.remoteAddress;
  }

  /** True when more of the body may come than is worth reading after an early answer. */
  get leavesMuchUnread(): boolean {
    const { bodyBytes, expectsContinue } = this.head;
    if (bodyBytes === 0 || this.connection.isBodyComplete) return false;
    return bodyBytes > smallBodyBytes || bodyBytes === -1 || (expectsContinue && !this.#hasContinued);
  }

  /** Hands the body to `taker`, bytes that have come first. A client that waits for it is told to go on. */
  takeBody(taker: BodyTaker): void {
    if (this.head.expectsContinue && !this.#hasContinued && !this.isGone) {
      this.#hasContinued = true;
      this.connection.socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
    }
    this.connection.takeBody(taker);
  }

  /** The taker has room again. */
  resumeBody(): void {
    this.connection.resumeBody();
  }

  /**
   * Writes a whole answer. The headers say its length.
   *
   * @param closes  this is the connection's last answer
   * @throws what `AnswerHeads.head` throws; nothing has been sent then
   */
  send(status: number, headers: readonly string[], body: string | Uint8Array, closes: boolean): void {
    const { heads, isClosing } = this.connection.owner;
    const isLast = closes || isClosing || !this.head.keepsAlive || this.leavesMuchUnread;
    const head = heads.head(status, headers, isLast, false);
    this.hasBegun = true;
    if (this.isGone || this.isOver) return;
    if (this.#isBodiless(status) || body.length === 0) this.connection.socket.write(head, "latin1");
    else if (typeof body === "string") this.#writeText(head, body);
    else this.#writeBytes(head, body);
    this.#end(isLast);
  }

  /**
   * Begins an answer whose body is written piece by piece.
   *
   * @param length  what Content-Length among the headers says; undefined: it comes in chunks
   * @throws what `AnswerHeads.head` throws; nothing has been sent then
   */
  begin(status: number, headers: readonly string[], length: number | undefined): WireSink {
    const { socket, owner } = this.connection;
    const isBodiless = this.#isBodiless(status);
    const isChunked = length === undefined && !isBodiless && this.head.minorVersion === 1;
    const endsWithConnection = length === undefined && !isBodiless && !isChunked;
    const closes = !this.head.keepsAlive || endsWithConnection || owner.isClosing;
    const head = owner.heads.head(status, headers, closes, isChunked);
    this.hasBegun = true;
    socket.setTimeout(owner.limits.inactivityTimeoutMs);
    const framing = { isChunked, isBodiless, announced: isBodiless ? undefined : length };
    return new WireSink(socket, head, framing, {
      sent: (bytes) => {
        this.bodyBytesSent += bytes;
      },
      end: () => this.#end(closes || this.leavesMuchUnread),
      abort: () => this.cut(),
    });
  }

  /** Ends the connection without completing the answer. */
  cut(): void {
    this.connection.socket.destroy();
  }

  /** Called by the connection. */
  gone(): void {
    if (this.isOver || this.isGone) return;
    this.isGone = true;
    for (const callback of this.#onGone ?? []) callback();
    this.#settle();
  }

  /** Calls back when the client goes before its answer is whole; at the next tick when it has. */
  onGone(callback: () => void): void {
    if (this.isGone) process.nextTick(callback);
    else if (this.#onGone === undefined) this.#onGone = [callback];
    else this.#onGone.push(callback);
  }

  /** Calls back when the answer has been written whole or given up; at once when it has been. */
  onSettled(callback: () => void): void {
    if (this.isOver || this.isGone) callback();
    else this.#onSettled = callback;
  }

  #isBodiless(status: number): boolean {
    return this.head.method === "HEAD" || status === 204 || status === 304;
  }

  #writeText(head: string, body: string): void {
    // Of one byte a character: head and body are one string, and one write.
    if (Buffer.byteLength(body) === body.length) {
      this.bodyBytesSent = body.length;
      this.connection.socket.write(head + body, "latin1");
    } else this.#writeBytes(head, Buffer.from(body, "utf8"));
  }

  #writeBytes(head: string, body: Uint8Array): void {
    const { socket } = this.connection;
    this.bodyBytesSent = body.byteLength;
    if (body.byteLength <= maxJoinedBytes) {
      const joined = Buffer.allocUnsafe(head.length + body.byteLength) as Latin1Buffer;
      joined.latin1Write(head, 0);
      joined.set(body, head.length);
      socket.write(joined);
      return;
    }
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
  }

  #end(closes: boolean): void {
    if (this.isOver || this.isGone) return;
    this.isOver = true;
    this.connection.answered(closes);
    this.#settle();
  }

  #settle(): void {
    const callback = this.#onSettled;
    this.#onSettled = undefined;
    callback?.();
  }
}

/** Buffers have had this method, undocumented, since Node 6; it spares the look at the encoding's name. */
type Latin1Buffer = Buffer & { latin1Write(text: string, offset: number): number };
