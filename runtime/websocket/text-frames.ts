import { deflate } from "./deflate.js";
import type { FastBuffer } from "./fast-buffer.js";
import { compressedTextFrame, headBytes, textFrame, writeHead } from "./frame-writer.js";

/** A text with more characters has a longer head, and is encoded by itself. */
const maxJoined = 125;
/** In the place of a head. */
const gap = "\0\0";
/** Frames of many turns are cut from one piece of memory: a new one for each costs as much as filling it. */
const slabBytes = 16_384;
let slab = Buffer.allocUnsafeSlow(slabBytes) as FastBuffer;
let slabUsed = 0;

/**
 * Frames of texts that are sent in one turn of the event loop, as one buffer. Short strings become one string with room for
 * the heads, which is encoded by one call: eight lines take 0.40 µs so, and 0.55 one by one.
 */
export function textFrames(texts: readonly (string | Buffer)[]): Buffer {
  let length = texts.length * gap.length;
  for (const text of texts) {
    if (typeof text !== "string" || text.length > maxJoined) return mixedFrames(texts);
    length += text.length;
  }
  // Never less than what is written: three bytes a UTF-16 unit is the most that UTF-8 takes.
  const most = 3 * length;
  if (most > slabBytes) return mixedFrames(texts);
  if (most > slabBytes - slabUsed) {
    slab = Buffer.allocUnsafeSlow(slabBytes) as FastBuffer;
    slabUsed = 0;
  }
  const from = slabUsed;
  const bytes = slab.utf8Write(texts.join(gap), from + gap.length, most - gap.length) + gap.length;
  // Characters beyond ASCII take more bytes, and the places of the heads are not where they were put.
  if (bytes !== length) return mixedFrames(texts);
  slabUsed += bytes;
  let at = from;
  for (const text of texts) at = writeHead(slab, at, textFrame, text.length) + text.length;
  return slab.subarray(from, at);
}

function mixedFrames(texts: readonly (string | Buffer)[]): Buffer {
  let most = 0;
  for (const text of texts) most += 10 + (typeof text === "string" ? mostBytes(text) : text.length);
  const frames = Buffer.allocUnsafe(most) as FastBuffer;
  let at = 0;
  for (const text of texts) at = typeof text === "string" ? writeText(frames, at, text) : writeBytes(frames, at, text);
  return frames.subarray(0, at);
}

/** Where a text is long, it is worth being counted. */
function mostBytes(text: string): number {
  return text.length <= 1024 ? text.length * 3 : Buffer.byteLength(text);
}

function writeBytes(frames: Buffer, at: number, bytes: Buffer): number {
  const start = writeHead(frames, at, textFrame, bytes.length);
  frames.set(bytes, start);
  return start + bytes.length;
}

/**
 * Encodes a text once: behind a head of the size that its length in characters wants. Where it has more bytes than that, as
 * texts of other scripts do at the edge of two sizes, the bytes are moved.
 */
function writeText(frames: FastBuffer, at: number, text: string): number {
  const guessed = headBytes(text.length);
  const from = at + guessed;
  const bytes = frames.utf8Write(text, from, frames.length - from);
  const start = at + headBytes(bytes);
  if (start !== from) frames.copyWithin(start, from, from + bytes);
  writeHead(frames, at, textFrame, bytes);
  return start + bytes;
}

/** The same, compressed where it is worth it (RFC 7692). */
export function compressedFrames(texts: readonly (string | Buffer)[], windowBits: number): Buffer {
  const frames = texts.flatMap((text) => {
    const plain = typeof text === "string" ? Buffer.from(text, "utf8") : text;
    const small = deflate(plain, windowBits);
    const payload = small ?? plain;
    const head = Buffer.allocUnsafe(headBytes(payload.length));
    writeHead(head, 0, small ? compressedTextFrame : textFrame, payload.length);
    return [head, payload];
  });
  return Buffer.concat(frames);
}
