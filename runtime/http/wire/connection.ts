import type { Socket } from "node:net";
import type { Limits } from "../../host/limits.js";
import type { RefusalKind } from "../refusals.js";
import type { AnswerHeads } from "./answer-head.js";
import type { BodyTaker } from "./body-taker.js";
import { ChunkedBody } from "./chunked-body.js";
import { endGently, refuseRaw } from "./close-gently.js";
import type { Overload } from "./overload.js";
import { Pieces } from "./pieces.js";
import { type RequestHead, readRequestHead } from "./request-head.js";
import { readShared } from "./shared-reads.js";
import { WireRequest } from "./wire-request.js";

/** What a connection needs of its server. */
export interface ConnectionOwner {
  /** The gateway drains: no connection is kept. */
  readonly isClosing: boolean;
  readonly limits: Limits;
  readonly heads: AnswerHeads;
  /** Monotonic, ms; as exact as the server looks for connections whose time is over. */
  readonly coarseNow: number;
  /** Undefined: nobody is refused. */
  readonly overload: Overload | undefined;
  onRequest(request: WireRequest): void;
  /** Takes the socket over; false: the upgrade is ignored, as HTTP allows. */
  onUpgrade(head: RequestHead, socket: Socket, rest: Buffer): boolean;
  forget(connection: Connection): void;
}

/** Bytes that are held for a step that has not asked for them, or behind a request at work. */
const maxHeldBytes = 65_536;
const headEnd = Buffer.from("\r\n\r\n", "latin1");
const noBytes = Buffer.alloc(0);
const never = Number.POSITIVE_INFINITY;

/**
 * One connection: bytes in, requests out, one after the other. A request behind another waits until that is answered.
 * A fault in the framing ends the connection, and nothing behind it is read.
 */
export class Connection {
  /** Reading of the owner's clock at which what it waits for should have come. */
  deadlineAt: number;
  #waitsFor: "head" | "body" | "request" = "request";
  /** Bytes that have come and are not read yet. */
  #rest: Buffer = noBytes;
  #isReading = false;
  /** The request at work. */
  #request: WireRequest | undefined = undefined;
  /** Announced bytes that are still to come; -1 when the body comes in chunks. */
  #bodyLeft = 0;
  #chunks: ChunkedBody | undefined = undefined;
  #isBodyComplete = true;
  #taker: BodyTaker | undefined = undefined;
  /** What came of the body before anybody asked for it. */
  readonly #untaken = new Pieces();
  #untakenBytes = 0;
  /** The last answer is decided: what still comes is no request. */
  #isLast = false;
  /** The client has ended its side. */
  #hasEnded = false;
  /** The client has to take what it was sent before more is read. */
  #isBlocked = false;

  constructor(
    readonly socket: Socket,
    readonly owner: ConnectionOwner,
  ) {
    this.deadlineAt = owner.coarseNow + owner.limits.headersTimeoutMs;
    if (socket.readableLength > 0 || !readShared(socket, this.#onShared)) socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("error", nothing);
    socket.on("close", this.#onClose);
    socket.on("drain", this.#onDrain);
    socket.on("timeout", this.#onTimeout);
  }

  /** Between two requests, with nothing of the next one there, and all answers taken. */
  get isIdle(): boolean {
    const isFree = this.#request === undefined && this.#rest.length === 0 && this.#isBodyComplete;
    return isFree && this.socket.writableLength === 0;
  }

  /** No request is there or at work, though one may have begun to come. */
  get isUnasked(): boolean {
    return this.#request === undefined && this.#isBodyComplete && this.socket.writableLength === 0;
  }

  get isBodyComplete(): boolean {
    return this.#isBodyComplete;
  }

  /** The time for a head, a body or the next request is over. */
  expire(): void {
    this.deadlineAt = never;
    if (this.#waitsFor !== "request") this.#refuse("timeout");
    // A client that still takes its answer is not late with the next request; whether it does is the socket's to watch.
    else if (this.socket.writableLength > 0) this.#waitFor("request", this.owner.limits.keepAliveTimeoutMs);
    else this.socket.destroy();
  }

  /** Bytes of the current request's body go to `taker` from now on, those that have come first. */
  takeBody(taker: BodyTaker): void {
    this.#taker = taker;
    const untaken = this.#untaken.take();
    this.#untakenBytes = 0;
    let takesMore = true;
    for (const bytes of untaken) takesMore = taker.take(bytes);
    if (this.#isBodyComplete) taker.end();
    else if (takesMore) this.resumeBody();
  }

  /** The taker wants more. */
  resumeBody(): void {
    if (!this.#isBlocked) this.socket.resume();
  }

  /** Called when the current request has been answered whole. */
  answered(closes: boolean): void {
    this.#request = undefined;
    this.deadlineAt = never;
    if (closes) {
      this.#isLast = true;
      this.#rest = noBytes;
      endGently(this.socket, this.owner.limits.inactivityTimeoutMs);
      return;
    }
    if (this.socket.writableLength > 0) this.#waitForClient();
    else if (this.socket.timeout !== 0 && this.socket.timeout !== undefined) this.socket.setTimeout(0);
    if (!this.#isBodyComplete) {
      this.#waitFor("body", this.owner.limits.requestTimeoutMs);
      // Who has taken a part of it, for a backend that has answered early, will not see the rest.
      this.#taker?.cut();
      this.takeBody(discarding);
    } else this.#waitFor("request", this.owner.limits.keepAliveTimeoutMs);
    if (!this.#isReading) this.#read(this.#takeRest());
  }

  /** Something is waiting to be sent: the client has to take it in time. */
  #waitForClient(): void {
    this.socket.setTimeout(this.owner.limits.inactivityTimeoutMs);
    if (!this.socket.writableNeedDrain) return;
    this.#isBlocked = true;
    this.socket.pause();
  }

  /** A copy of its size: requests hold on to what has come. */
  readonly #onShared = (bytes: Buffer, length: number): void => {
    const chunk = Buffer.allocUnsafe(length);
    bytes.copy(chunk, 0, 0, length);
    this.#onData(chunk);
  };

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isLast) return;
    this.#read(this.#rest.length === 0 ? chunk : Buffer.concat([this.#takeRest(), chunk]));
  };

  /** A client that ends its side while it waits for an answer has gone: there is no other sign of it. */
  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (this.#isLast) return;
    if (!this.#isBodyComplete) this.#refuse("malformed");
    else if (this.#request === undefined) this.#endOrRefuse();
    else this.socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#isLast = true;
    this.deadlineAt = never;
    this.owner.forget(this);
    this.#cutBody();
    const request = this.#request;
    this.#request = undefined;
    request?.gone();
  };

  readonly #onDrain = (): void => {
    // A stream that goes on has to be taken in time to its end.
    if (this.#request?.hasBegun !== true) this.socket.setTimeout(0);
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    this.socket.resume();
    if (!this.#isLast) this.#read(this.#takeRest());
  };

  readonly #onTimeout = (): void => {
    if (this.socket.writableLength > 0) this.socket.destroy();
  };

  /** Reads as many requests as are there and may be read now. */
  #read(chunk: Buffer): void {
    this.#isReading = true;
    let at = 0;
    while (at < chunk.length && !this.#isLast && !this.#isBlocked) {
      if (!this.#isBodyComplete) at = this.#readBody(chunk, at);
      else if (this.#request !== undefined) break;
      else {
        const next = this.#readHead(chunk, at);
        if (next === -1) break;
        at = next;
      }
    }
    this.#isReading = false;
    if (this.#isLast) return;
    if (at < chunk.length) this.#hold(at === 0 ? chunk : chunk.subarray(at));
    if (this.#hasEnded && this.#request === undefined && this.#isBodyComplete && !this.#isBlocked) this.#endOrRefuse();
  }

  /** @returns where the body or the next request begins; -1 when the head is not whole */
  #readHead(chunk: Buffer, from: number): number {
    let at = from;
    // RFC 9112 section 2.2: empty lines before a request are passed over.
    while (chunk[at] === 0x0d && chunk[at + 1] === 0x0a) at += 2;
    if (at >= chunk.length) return at;
    const first = chunk[at] as number;
    if ((first < 0x41 || first > 0x5a) && !(first === 0x0d && at + 1 === chunk.length)) {
      this.#refuse("malformed");
      return at;
    }
    const { maxUrlBytes, maxHeaderValueBytes, headersTimeoutMs } = this.owner.limits;
    const maxHeadBytes = maxUrlBytes + 4 * maxHeaderValueBytes;
    const end = chunk.indexOf(headEnd, at);
    if ((end === -1 ? chunk.length : end) - at > maxHeadBytes) {
      this.#refuse("headers");
      return at;
    }
    if (end === -1) {
      if (this.#waitsFor === "request") this.#waitFor("head", headersTimeoutMs);
      return -1;
    }
    const head = readRequestHead((chunk as Latin1Buffer).latin1Slice(at, end + 2));
    if (typeof head === "string") this.#refuse(head);
    else this.#begin(head, chunk, end + 4);
    return end + 4;
  }

  #begin(head: RequestHead, chunk: Buffer, bodyStart: number): void {
    const { overload } = this.owner;
    if (overload !== undefined && !overload.takes()) {
      this.#turnAway(head, overload);
      return;
    }
    if (head.upgrade !== "" && head.bodyBytes === 0 && this.#upgrade(head, chunk.subarray(bodyStart))) return;
    this.#bodyLeft = head.bodyBytes;
    this.#isBodyComplete = head.bodyBytes === 0;
    this.#chunks = head.bodyBytes === -1 ? new ChunkedBody() : undefined;
    this.#taker = undefined;
    // What an earlier request's answer left unread belongs to nobody.
    this.#untaken.clear();
    this.#untakenBytes = 0;
    if (this.#isBodyComplete) this.deadlineAt = never;
    else this.#waitFor("body", this.owner.limits.requestTimeoutMs);
    const request = new WireRequest(this, head);
    this.#request = request;
    this.owner.onRequest(request);
  }

  /** There is too much to do: answered before anything has been done for it, and not read for a moment. */
  #turnAway(head: RequestHead, overload: Overload): void {
    const { owner, socket } = this;
    const { bodyBytes, expectsContinue, keepsAlive } = head;
    if (bodyBytes === -1 || bodyBytes > maxHeldBytes || expectsContinue) {
      this.#refuse("overload");
      return;
    }
    const closes = owner.isClosing || !keepsAlive;
    this.#bodyLeft = bodyBytes;
    this.#isBodyComplete = bodyBytes === 0;
    this.#chunks = undefined;
    this.#taker = undefined;
    socket.write(owner.heads.refusal("overload", closes, head.method !== "HEAD"), "latin1");
    this.answered(closes);
    if (closes) return;
    this.#isBlocked = true;
    socket.pause();
    overload.hold(this);
  }

  /** A connection whose request was refused is read again. */
  resume(): void {
    if (this.#isLast || !this.#isBlocked || this.socket.writableNeedDrain) return;
    this.#isBlocked = false;
    this.socket.resume();
    this.#read(this.#takeRest());
  }

  #upgrade(head: RequestHead, rest: Buffer): boolean {
    const { socket } = this;
    if (!this.owner.onUpgrade(head, socket, rest)) return false;
    this.#isLast = true;
    this.deadlineAt = never;
    socket.off("data", this.#onData).off("end", this.#onEnd).off("error", nothing).off("close", this.#onClose);
    socket.off("drain", this.#onDrain).off("timeout", this.#onTimeout);
    this.owner.forget(this);
    return true;
  }

  #readBody(chunk: Buffer, from: number): number {
    if (this.#chunks !== undefined) return this.#readChunks(this.#chunks, chunk, from);
    const end = Math.min(chunk.length, from + this.#bodyLeft);
    this.#bodyLeft -= end - from;
    this.#onBodyBytes(from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end));
    if (this.#bodyLeft === 0) this.#completeBody();
    return end;
  }

  #readChunks(chunks: ChunkedBody, chunk: Buffer, from: number): number {
    const end = chunks.read(chunk, from, this.#onBodyBytes);
    if (typeof end === "string") {
      this.#refuse(end);
      return from;
    }
    if (chunks.isComplete) this.#completeBody();
    return end;
  }

  readonly #onBodyBytes = (bytes: Buffer): void => {
    if (this.#taker !== undefined) {
      if (!this.#taker.take(bytes)) this.socket.pause();
      return;
    }
    this.#untaken.add(bytes);
    this.#untakenBytes += bytes.length;
    if (this.#untakenBytes > maxHeldBytes) this.socket.pause();
  };

  #completeBody(): void {
    this.#isBodyComplete = true;
    if (this.#request === undefined) this.#waitFor("request", this.owner.limits.keepAliveTimeoutMs);
    else this.deadlineAt = never;
    // Its taker, or nobody, may have had enough for the moment: what comes now is not the body's.
    this.resumeBody();
    this.#taker?.end();
  }

  #cutBody(): void {
    if (this.#isBodyComplete) return;
    this.#isBodyComplete = true;
    this.#untaken.clear();
    this.#taker?.cut();
  }

  /**
   * Ends the connection over a fault. The refusal is written only where the client cannot take it for the answer to an
   * earlier request: when none is outstanding, or the outstanding one is the one whose body is broken.
   */
  #refuse(kind: RefusalKind): void {
    this.#isLast = true;
    this.deadlineAt = never;
    this.#rest = noBytes;
    const request = this.#request;
    const isDraining = request === undefined && !this.#isBodyComplete;
    if (!isDraining && request?.hasBegun !== true) {
      refuseRaw(this.socket, kind, this.owner.limits.inactivityTimeoutMs);
      this.#request = undefined;
      request?.gone();
    } else this.socket.destroy();
    this.#cutBody();
  }

  /** The client has ended its side between two requests, or in the middle of a head. */
  #endOrRefuse(): void {
    if (this.#rest.length > 0) this.#refuse("malformed");
    else {
      this.#isLast = true;
      this.socket.end();
    }
  }

  #hold(rest: Buffer): void {
    this.#rest = rest;
    if (rest.length > maxHeldBytes && this.#request !== undefined) {
      this.socket.pause();
    }
  }

  #takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = noBytes;
    if (rest.length > maxHeldBytes && !this.#isBlocked) this.socket.resume();
    return rest;
  }

  #waitFor(what: "head" | "body" | "request", ms: number): void {
    this.#waitsFor = what;
    this.deadlineAt = this.owner.coarseNow + ms;
  }
}

/** Buffers have had this method, undocumented, since Node 6; `toString("latin1")` takes twice as long for a head. */
type Latin1Buffer = Buffer & { latin1Slice(start: number, end: number): string };

const discarding: BodyTaker = { take: () => true, end: nothing, cut: nothing };

function nothing(): void {}
