import { isUtf8 } from "node:buffer";
import type { Duplex } from "node:stream";
import type { AdmittedKey, Caller } from "../auth/caller.js";
import { readShared } from "../http/wire/shared-reads.js";
import { type Deflate, inflate } from "./deflate.js";
import type { FastBuffer } from "./fast-buffer.js";
import { FrameReader } from "./frame-reader.js";
import { closeFrame, controlFrame } from "./frame-writer.js";
import type { Outbox, Sender } from "./outbox.js";
import { CloseReason, closeCodes, isCloseCode, opcodes } from "./protocol.js";
import { SocketMessage } from "./socket-message.js";
import { compressedFrames, textFrames } from "./text-frames.js";
import type { ServedSocketStage } from "./web-socket-program.js";

/** What the handshake has found out of a client; all that later events show of it. */
export interface ConnectionInfo {
  readonly connectionId: string;
  /** Wall clock, ms. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  /** The handshake came by TLS, or from this machine. */
  readonly isSecure: boolean;
  readonly userAgent: string | undefined;
  /** The Host field, as received. */
  readonly host: string;
  /** Name of the API beside the WebSocket API; the host knows stages by it. */
  readonly besideApi: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly caller: Caller | undefined;
  readonly apiKey: AdmittedKey | undefined;
}

/** Whoever runs the routes of a connection's messages. */
export interface ConnectionOwner {
  /** Monotonic clock, ms. */
  monotonic(): number;
  /** Wall clock, ms. */
  now(): number;
  readonly outbox: Outbox;
  onMessage(connection: Connection, message: SocketMessage): void;
  /** Once, when nothing comes from the client any more. */
  onClosed(connection: Connection, code: number, reason: string): void;
}

export interface ConnectionLimits {
  readonly messageBytes: number;
  readonly frameBytes: number;
  readonly idleMs: number;
  readonly lifeMs: number;
  /** Bytes that may wait for a client that does not read; beyond it the connection is cut. */
  readonly sendBufferBytes: number;
  /** Messages of one client at work at once; more are not read until some are done. */
  readonly maxInFlight: number;
  /** How long a client may take to answer a close frame. */
  readonly closeMs: number;
}

/** The client behind an event, as far as an integration must know whether it is still there. */
export interface ClientEnd {
  readonly isGone: boolean;
  /** @returns ends the watch */
  watch(onGone: () => void): () => void;
}

type Phase = "open" | "closing" | "closed";

/**
 * One WebSocket connection after its handshake: frames in, frames out, and the closing handshake (RFC 6455 section 7).
 * What is sent in one turn of the event loop goes out in one write, at its end.
 */
export class Connection implements ClientEnd, Sender {
  phase: Phase = "open";
  /** Monotonic clock, ms: when it was opened, and the last frame in or out. */
  readonly openedAt: number;
  lastActiveAt: number;
  /** Wall clock, ms: when the messages that are being read have come, all of one piece at one time. */
  receivedAt = 0;
  /** Messages whose routes are at work. */
  inFlight = 0;
  /** What serves the connection, and since which change of stages that is known; the owner's. */
  served: ServedSocketStage | undefined = undefined;
  generation = -1;
  /** Monotonic clock by which a closing connection is cut. */
  closeBy = 0;
  #out: (string | Buffer)[] = [];
  /** Characters and bytes in `#out`. */
  #outLength = 0;
  #isFlushDue = false;
  #closeCode: number = closeCodes.abnormal;
  #closeReason = "";
  /** With which it closes once nothing is at work; 0: it goes on. */
  #finishCode = 0;
  #watchers: Set<() => void> | undefined = undefined;
  readonly #reader: FrameReader;

  constructor(
    readonly info: ConnectionInfo,
    private readonly socket: Duplex,
    private readonly owner: ConnectionOwner,
    readonly limits: ConnectionLimits,
    private readonly compression: Deflate | undefined,
  ) {
    this.openedAt = owner.monotonic();
    this.lastActiveAt = this.openedAt;
    this.#reader = new FrameReader(this, limits, compression !== undefined);
  }

  /** Begins to read. @param head  what came with the handshake */
  start(head: Buffer): void {
    const { socket } = this;
    socket.on("end", () => this.#ended());
    socket.on("error", ignore);
    socket.on("close", () => this.#closed());
    if (head.length > 0) this.#receive(head, head.length);
    if (!readShared(socket, (bytes, length) => this.#receive(bytes, length))) {
      socket.on("data", (chunk: Buffer) => this.#receive(chunk, chunk.length));
    }
    if (!this.isBlocked) socket.resume();
  }

  get isOpen(): boolean {
    return this.phase === "open";
  }

  get isGone(): boolean {
    return this.phase === "closed";
  }

  watch(onGone: () => void): () => void {
    this.#watchers ??= new Set();
    const watchers = this.#watchers.add(onGone);
    return () => void watchers.delete(onGone);
  }

  /** Sends a text. @returns false when the connection is closed, or is cut because its client does not read */
  send(text: string | Buffer): boolean {
    if (this.phase !== "open") return false;
    if (this.socket.writableLength > this.limits.sendBufferBytes) {
      this.#cut(closeCodes.policyViolation, "the client does not read");
      return false;
    }
    this.#out.push(text);
    this.#outLength += text.length;
    // Who sends without end in one turn finds out in that turn whether the client reads.
    if (this.#outLength > mostGathered) this.#write();
    else if (!this.#isFlushDue) this.#flushLater();
    return true;
  }

  #flushLater(): void {
    const { owner } = this;
    this.#isFlushDue = true;
    this.lastActiveAt = owner.monotonic();
    owner.outbox.add(this);
  }

  /** Sends a close frame and waits for the client's, not longer than `closeMs`. */
  close(code: number, reason = ""): void {
    if (this.phase !== "open") return;
    this.flush();
    this.#closeCode = code;
    this.#closeReason = reason;
    this.#startClosing(closeFrame(code, reason), false);
  }

  /** Reads no more messages, and closes once those that are at work have been answered. */
  finish(code: number): void {
    if (this.phase !== "open") return;
    if (this.inFlight === 0) {
      this.close(code);
      return;
    }
    this.#finishCode = code;
    this.socket.pause();
  }

  /** Ends the connection at once, without a word. */
  terminate(): void {
    this.socket.destroy();
  }

  /** A message's route is done. @param reply  what its client is told; undefined: nothing */
  settled(reply: string | undefined): void {
    this.inFlight--;
    if (reply !== undefined) this.send(reply);
    if (this.#finishCode !== 0) {
      if (this.inFlight === 0) this.close(this.#finishCode);
      return;
    }
    if (this.inFlight === this.limits.maxInFlight - 1 && this.phase === "open") {
      this.#read(noBytes, 0);
      if (!this.isBlocked) this.socket.resume();
    }
  }

  get isBlocked(): boolean {
    return this.inFlight >= this.limits.maxInFlight || this.phase !== "open" || this.#finishCode !== 0;
  }

  onText(text: string, data: Buffer, start: number, end: number): void {
    this.owner.onMessage(this, new SocketMessage(text, data, start, end));
  }

  onMessage(data: Buffer, start: number, end: number, isAscii: boolean, isCompressed: boolean): void {
    if (isCompressed) {
      const body = inflate(data.subarray(start, end), this.limits.messageBytes);
      this.onMessage(body, 0, body.length, false, false);
      return;
    }
    if (!isAscii && !isUtf8(data.subarray(start, end))) {
      throw new CloseReason(closeCodes.invalidPayload, "the text is not UTF-8");
    }
    const bytes = data as FastBuffer;
    this.onText(isAscii ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end), data, start, end);
  }

  onPing(payload: Buffer): void {
    if (this.socket.writableLength > this.limits.sendBufferBytes) {
      this.#cut(closeCodes.policyViolation, "the client does not read");
    } else if (this.phase === "open") this.socket.write(controlFrame(opcodes.pong, payload));
  }

  onPong(): void {}

  onClose(payload: Buffer): void {
    if (payload.length === 1) throw new CloseReason(closeCodes.protocolError, "a close code has two bytes");
    const code = payload.length === 0 ? closeCodes.noStatus : payload.readUInt16BE(0);
    if (payload.length > 0 && !isCloseCode(code)) throw new CloseReason(closeCodes.protocolError, "no such close code");
    const reason = payload.subarray(2);
    if (!isUtf8(reason)) throw new CloseReason(closeCodes.invalidPayload, "the reason is not UTF-8");
    if (this.phase !== "open") return;
    this.flush();
    this.#closeCode = code;
    // The service says so where the client says nothing (recorded).
    this.#closeReason =
      code === closeCodes.noStatus ? "Client-side close frame status not set" : reason.toString("utf8");
    const echo = code === closeCodes.noStatus ? controlFrame(opcodes.close, new Uint8Array(0)) : closeFrame(code);
    this.#startClosing(echo, true);
  }

  flush(): void {
    this.#isFlushDue = false;
    this.#write();
  }

  #write(): void {
    const out = this.#out;
    if (out.length === 0 || this.phase === "closed") return;
    this.#out = [];
    this.#outLength = 0;
    const { compression } = this;
    this.socket.write(compression ? compressedFrames(out, compression.windowBits) : textFrames(out));
  }

  /** @param chunk  its first `length` bytes; they are there until this returns */
  #receive(chunk: Buffer, length: number): void {
    const now = this.owner.monotonic();
    this.lastActiveAt = now;
    this.owner.outbox.keepPace(now);
    if (this.phase === "open") this.#read(chunk, length);
    else this.#readClosing();
    if (this.isBlocked && this.phase === "open") this.socket.pause();
  }

  /** @param length  0: what was left when the connection was blocked is read */
  #read(chunk: Buffer, length: number): void {
    this.receivedAt = this.owner.now();
    try {
      if (length > 0) this.#reader.read(chunk, length);
      else this.#reader.resume();
    } catch (error) {
      if (!(error instanceof CloseReason)) throw error;
      this.close(error.code, error.reason);
      // The client broke the protocol: nothing that it still sends can be understood.
      if (this.phase === "closing") this.socket.end();
    }
  }

  /** Once our close frame is out, only the client's end counts; what it sends till then is not looked at. */
  #readClosing(): void {
    this.socket.end();
  }

  #startClosing(frame: Buffer, endsNow: boolean): void {
    this.phase = "closing";
    this.closeBy = this.owner.monotonic() + this.limits.closeMs;
    this.socket.write(frame);
    if (endsNow) this.socket.end();
    this.socket.resume();
  }

  #cut(code: number, reason: string): void {
    this.#closeCode = code;
    this.#closeReason = reason;
    this.phase = "closing";
    this.socket.destroy();
  }

  #ended(): void {
    if (this.phase === "open") this.phase = "closing";
    this.socket.end();
  }

  #closed(): void {
    this.phase = "closed";
    this.#out = [];
    for (const onGone of this.#watchers ?? []) onGone();
    this.owner.onClosed(this, this.#closeCode, this.#closeReason);
  }
}

function ignore(): void {}

const noBytes = Buffer.alloc(0);
/** What is gathered in one turn before it is written, in characters or bytes. */
const mostGathered = 65_536;
