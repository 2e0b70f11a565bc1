import { endianness } from "node:os";
import { readBytes } from "../http/wire/shared-reads.js";
import type { FastBuffer } from "./fast-buffer.js";
import { CloseReason, closeCodes, opcodes } from "./protocol.js";

/** What a connection does with what its client sends. A listener may throw a `CloseReason`. */
export interface FrameListener {
  /**
   * A whole text message, unmasked, from `start` to `end` of `data`, until the listener returns; UTF-8 is checked by it.
   * `isAscii`: no byte above 127 is in it.
   */
  onMessage(data: Buffer, start: number, end: number, isAscii: boolean, isCompressed: boolean): void;
  /** The same of a short one that is ASCII: its text, which may be a part of a longer one. */
  onText(text: string, data: Buffer, start: number, end: number): void;
  /** Payloads are there until the listener returns. */
  onPing(payload: Buffer): void;
  onPong(): void;
  onClose(payload: Buffer): void;
  /** Whether the listener takes no more for now; the reader keeps the rest and is resumed by `resume`. */
  readonly isBlocked: boolean;
}

export interface FrameLimits {
  readonly messageBytes: number;
  readonly frameBytes: number;
}

const noBytes = Buffer.alloc(0);
/** First byte of a frame that is a whole text message, not compressed. */
const wholeText = 0x80 | opcodes.text;
/** The longest payload whose length stands in the second byte of its frame. */
const shortBytes = 125;
/** What stands before such a payload: two bytes and the mask. */
const shortHead = 6;
/** Bytes of short frames that are made one string. A handler that keeps one message of it keeps all. */
const mostJoined = 2048;

/**
 * Reads the frames of one client (RFC 6455 section 5), strictly: masked, no reserved bits or opcodes, control frames
 * whole and short, lengths within limits before any memory is taken for them. Binary messages are refused as API
 * Gateway refuses them (aws-behaviour.md section 29.2). A small frame that lies whole in what was received is not copied;
 * all else is gathered into one buffer that grows with what has come, never with what was announced.
 */
export class FrameReader {
  /** Received and not yet read: an incomplete head, or all that came while the listener was blocked. */
  #rest: Buffer = noBytes;
  /** Of the frame whose payload is being read; 0 where none is. */
  #left = 0;
  #first = 0;
  #mask = 0;
  #maskAt = 0;
  #isInFrame = false;
  /** The message that is being gathered. */
  #isInMessage = false;
  #isCompressed = false;
  #message: Buffer = noBytes;
  #length = 0;
  #bits = 0;
  /** Payload of the control frame that is being gathered. */
  #control: Buffer = noBytes;
  #controlLength = 0;
  readonly #shortBytes: number;

  constructor(
    private readonly listener: FrameListener,
    private readonly limits: FrameLimits,
    private readonly allowsCompression: boolean,
  ) {
    this.#shortBytes = Math.min(shortBytes, limits.frameBytes, limits.messageBytes);
  }

  /**
   * @param chunk  is read, and changed by it, until this returns; its first `length` bytes
   * @throws CloseReason what the client did wrong
   */
  read(chunk: Buffer, length = chunk.length): void {
    if (this.#rest.length === 0) {
      const at = this.#readFrom(chunk, length);
      if (at < length) this.#rest = Buffer.from(chunk.subarray(at, length));
    } else {
      this.#readRest(Buffer.concat([this.#rest, chunk.subarray(0, length)]));
    }
  }

  /** Reads on after the listener was blocked. */
  resume(): void {
    if (this.#rest.length > 0 || this.#isInFrame) this.#readRest(this.#rest);
  }

  /** @param data  the reader's own: nothing of it has to be copied to be kept */
  #readRest(data: Buffer): void {
    this.#rest = noBytes;
    const at = this.#readFrom(data, data.length);
    if (at < data.length) this.#rest = data.subarray(at);
  }

  /** @returns where it could not go on: the head of a frame is incomplete, or the listener is blocked */
  #readFrom(data: Buffer, length: number): number {
    const words = wordsOf(data);
    let at = 0;
    while (at < length || (this.#isInFrame && this.#left === 0)) {
      if (this.listener.isBlocked) return at;
      if (!this.#isInFrame) {
        const end = this.#readShortTexts(data, words, at, length);
        if (end !== at) {
          at = end;
          continue;
        }
        const next = this.#readHead(data, at, length);
        if (next === -1) return at;
        at = next;
      }
      at = this.#readPayload(data, words, at, length);
    }
    return at;
  }

  /** Bytes that wait to be read. */
  get waitingBytes(): number {
    return this.#rest.length;
  }

  /**
   * What most messages are: short texts of one frame each, all of which is there. None of the rules of longer ways can be
   * broken by them. Those that lie one behind the other are made one string, of which each gets its part: a call that makes
   * a string of bytes costs more than the string.
   *
   * @returns where the first frame begins that is something else, or is not taken yet; `at`: the first one is
   */
  #readShortTexts(data: Buffer, words: Words, at: number, available: number): number {
    let end = at;
    let bits = 0;
    while (end - at < mostJoined) {
      const next = this.#shortTextEnd(data, end, available);
      if (next === -1) break;
      bits |= unmask(data, words, end + shortHead, next, data.readInt32LE(end + 2));
      // The mask of what is unmasked: it is read again where the listener takes no more.
      data[end + 2] = 0;
      data[end + 3] = 0;
      data[end + 4] = 0;
      data[end + 5] = 0;
      end = next;
    }
    if (end === at) return at;
    const first = at + shortHead;
    const joined = bits < 0x80 ? (data as FastBuffer).latin1Slice(first, end) : undefined;
    const { listener } = this;
    let next = at;
    do {
      const start = next + shortHead;
      next = start + (data[next + 1] as number) - 0x80;
      if (joined === undefined) listener.onMessage(data, start, next, false, false);
      else listener.onText(joined.substring(start - first, next - first), data, start, next);
    } while (next < end && !listener.isBlocked);
    return next;
  }

  /** @returns where a short text in one frame ends; -1: it is something else, or not all of it is there */
  #shortTextEnd(data: Buffer, at: number, available: number): number {
    if (at + shortHead > available || data[at] !== wholeText || this.#isInMessage) return -1;
    const length = (data[at + 1] as number) - 0x80;
    const end = at + shortHead + length;
    return length >= 0 && length <= this.#shortBytes && end <= available ? end : -1;
  }

  /** @returns where the payload begins; -1 when the head is incomplete */
  #readHead(data: Buffer, at: number, available: number): number {
    if (at + 2 > available) return -1;
    const first = data[at] as number;
    const second = data[at + 1] as number;
    this.#checkFirst(first);
    if ((second & 0x80) === 0) throw new CloseReason(closeCodes.protocolError, "frames of clients are masked");
    let length = second & 0x7f;
    let next = at + 2;
    if ((first & 0x08) !== 0 && length > 125) {
      throw new CloseReason(closeCodes.protocolError, "a control frame has at most 125 bytes");
    }
    if (length === 126) {
      if (next + 2 > available) return -1;
      length = data.readUInt16BE(next);
      next += 2;
      if (length < 126) throw new CloseReason(closeCodes.protocolError, "a length is not in its shortest form");
    } else if (length === 127) {
      if (next + 8 > available) return -1;
      const high = data.readUInt32BE(next);
      if (high >= 0x8000_0000) throw new CloseReason(closeCodes.protocolError, "a length has its highest bit set");
      length = high * 0x1_0000_0000 + data.readUInt32BE(next + 4);
      next += 8;
      if (length < 65_536) throw new CloseReason(closeCodes.protocolError, "a length is not in its shortest form");
    }
    this.#checkLength(first, length);
    if (next + 4 > available) return -1;
    this.#mask = data.readInt32LE(next);
    this.#maskAt = 0;
    this.#first = first;
    this.#left = length;
    this.#isInFrame = true;
    return next + 4;
  }

  #checkFirst(first: number): void {
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const reserved = first & 0x70;
    if (reserved !== 0) {
      const isStart = opcode === opcodes.text || opcode === opcodes.binary;
      if (reserved !== 0x40 || !this.allowsCompression || !isStart) {
        throw new CloseReason(closeCodes.protocolError, "a reserved bit is set");
      }
    }
    switch (opcode) {
      case opcodes.continuation:
        if (!this.#isInMessage) throw new CloseReason(closeCodes.protocolError, "nothing is there to be continued");
        return;
      case opcodes.text:
      case opcodes.binary:
        if (this.#isInMessage) throw new CloseReason(closeCodes.protocolError, "the last message is not complete");
        if (opcode === opcodes.binary) throw new CloseReason(closeCodes.unsupportedData, "text messages only");
        return;
      case opcodes.close:
      case opcodes.ping:
      case opcodes.pong:
        if (!isFinal) throw new CloseReason(closeCodes.protocolError, "a control frame is not fragmented");
        return;
      default:
        throw new CloseReason(closeCodes.protocolError, "there is no such opcode");
    }
  }

  #checkLength(first: number, length: number): void {
    if ((first & 0x08) !== 0) return;
    const before = (first & 0x0f) === opcodes.continuation ? this.#length : 0;
    if (length > this.limits.frameBytes) throw new CloseReason(closeCodes.messageTooBig, "the frame is too big");
    if (before + length > this.limits.messageBytes) {
      throw new CloseReason(closeCodes.messageTooBig, "the message is too big");
    }
  }

  #readPayload(data: Buffer, words: Words, at: number, available: number): number {
    const end = Math.min(available, at + this.#left);
    const isWhole = end - at === this.#left;
    if ((this.#first & 0x08) !== 0) this.#takeControl(data, words, at, end, isWhole);
    else this.#takeData(data, words, at, end, isWhole);
    return end;
  }

  #takeControl(data: Buffer, words: Words, at: number, end: number, isWhole: boolean): void {
    this.#unmask(data, words, at, end);
    const part = data.subarray(at, end);
    this.#left -= end - at;
    if (!isWhole || this.#controlLength > 0) {
      if (this.#controlLength === 0) this.#control = Buffer.allocUnsafeSlow(125);
      this.#control.set(part, this.#controlLength);
      this.#controlLength += part.length;
      if (!isWhole) return;
    }
    const payload = this.#controlLength === 0 ? part : this.#control.subarray(0, this.#controlLength);
    this.#control = noBytes;
    this.#controlLength = 0;
    this.#isInFrame = false;
    switch (this.#first & 0x0f) {
      case opcodes.ping:
        this.listener.onPing(payload);
        return;
      case opcodes.pong:
        this.listener.onPong();
        return;
      default:
        this.listener.onClose(payload);
    }
  }

  #takeData(data: Buffer, words: Words, at: number, end: number, isWhole: boolean): void {
    const opcode = this.#first & 0x0f;
    const bits = this.#unmask(data, words, at, end);
    this.#left -= end - at;
    const isFinal = (this.#first & 0x80) !== 0;
    if (opcode === opcodes.text && !this.#isInMessage) {
      this.#isCompressed = (this.#first & 0x40) !== 0;
      if (isWhole && isFinal) {
        this.#isInFrame = false;
        this.listener.onMessage(data, at, end, bits < 0x80, this.#isCompressed);
        return;
      }
      this.#isInMessage = true;
    }
    this.#append(data, at, end);
    this.#bits |= bits;
    if (!isWhole) return;
    this.#isInFrame = false;
    if (isFinal) this.#endMessage();
  }

  #endMessage(): void {
    const [message, length] = [this.#message, this.#length];
    const isAscii = this.#bits < 0x80;
    this.#message = noBytes;
    this.#length = 0;
    this.#bits = 0;
    this.#isInMessage = false;
    this.listener.onMessage(message, 0, length, isAscii, this.#isCompressed);
  }

  /** Doubles the buffer, up to the largest message. */
  #append(data: Buffer, at: number, end: number): void {
    const needed = this.#length + (end - at);
    if (needed > this.#message.length) {
      const size = Math.min(this.limits.messageBytes, Math.max(needed, 2 * this.#message.length, 1024));
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, size));
      grown.set(this.#message.subarray(0, this.#length));
      this.#message = grown;
    }
    this.#message.set(data.subarray(at, end), this.#length);
    this.#length = needed;
  }

  /** @returns all bytes ORed together */
  #unmask(data: Buffer, words: Words, from: number, end: number): number {
    const bits = unmask(data, words, from, end, rotated(this.#mask, 8 * this.#maskAt));
    this.#maskAt = (this.#maskAt + end - from) & 3;
    return bits;
  }
}

/** Received bytes four at a time, as masks are read; undefined where they do not begin at a multiple of four. */
type Words = Int32Array | undefined;

const isLittleEndian = endianness() === "LE";

/** The buffer that all sockets are read into comes again and again. */
let lastBytes: Buffer = noBytes;
let lastWords: Words;

function wordsOf(data: Buffer): Words {
  if (data === lastBytes) return lastWords;
  const { buffer, byteOffset, length } = data;
  const isAligned = isLittleEndian && (byteOffset & 3) === 0;
  const words = isAligned ? new Int32Array(buffer, byteOffset, length >> 2) : undefined;
  if (length === readBytes) [lastBytes, lastWords] = [data, words];
  return words;
}

/** A mask as it is for what comes so many bits later. */
function rotated(mask: number, bits: number): number {
  return bits === 0 ? mask : (mask >>> bits) | (mask << (32 - bits));
}

/** The highest bit of each of four bytes. */
const highBits = 0x8080_8080;

/**
 * Unmasks in place (RFC 6455 section 5.3), four bytes a round where that can be: 23 ns a line of 73 bytes, 56 one by one.
 *
 * @param given  the bytes of the mask, the first one lowest
 * @returns all bytes ORed together: below 128 the payload is ASCII
 */
function unmask(data: Buffer, words: Words, from: number, end: number, given: number): number {
  let mask = given;
  let bits = 0;
  let at = from;
  const middle = words === undefined ? end : Math.min(end, (from + 3) & ~3);
  for (; at < middle; at++) {
    const byte = (data[at] as number) ^ (mask & 0xff);
    data[at] = byte;
    bits |= byte;
    mask = rotated(mask, 8);
  }
  if (words !== undefined) {
    let all = 0;
    let word = at >> 2;
    for (const last = end >> 2; word < last; word++) {
      const four = (words[word] as number) ^ mask;
      words[word] = four;
      all |= four;
    }
    if ((all & highBits) !== 0) bits |= 0x80;
    at = Math.max(at, word << 2);
  }
  for (; at < end; at++) {
    const byte = (data[at] as number) ^ (mask & 0xff);
    data[at] = byte;
    bits |= byte;
    mask = rotated(mask, 8);
  }
  return bits;
}
