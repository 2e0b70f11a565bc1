import { opcodes } from "./protocol.js";

/** Longest reason of a close frame: 125 bytes with the code. */
const maxReasonBytes = 123;

/** Bytes that the head of an unmasked frame takes for a payload of so many. */
export function headBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

/**
 * Writes the head of a final, unmasked frame (RFC 6455 section 5.2).
 *
 * @param first  opcode with FIN and reserved bits
 * @returns where the payload begins
 */
export function writeHead(target: Buffer, at: number, first: number, payloadBytes: number): number {
  target[at] = first;
  if (payloadBytes < 126) {
    target[at + 1] = payloadBytes;
    return at + 2;
  }
  if (payloadBytes < 65_536) {
    target[at + 1] = 126;
    target.writeUInt16BE(payloadBytes, at + 2);
    return at + 4;
  }
  target[at + 1] = 127;
  target.writeUInt32BE(Math.floor(payloadBytes / 0x1_0000_0000), at + 2);
  target.writeUInt32BE(payloadBytes >>> 0, at + 6);
  return at + 10;
}

/** FIN with a text opcode. */
export const textFrame = 0x80 | opcodes.text;
/** The same with RSV1: compressed (RFC 7692 section 6). */
export const compressedTextFrame = textFrame | 0x40;

/** A control frame; the payload has at most 125 bytes. */
export function controlFrame(opcode: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  writeHead(frame, 0, 0x80 | opcode, payload.length);
  frame.set(payload, 2);
  return frame;
}

/** A close frame; a reason that is too long is cut at a character. */
export function closeFrame(code: number, reason = ""): Buffer {
  let text = Buffer.from(reason, "utf8");
  if (text.length > maxReasonBytes) {
    let end = maxReasonBytes;
    while (end > 0 && ((text[end] as number) & 0xc0) === 0x80) end--;
    text = text.subarray(0, end);
  }
  const payload = Buffer.allocUnsafe(2 + text.length);
  payload.writeUInt16BE(code, 0);
  payload.set(text, 2);
  return controlFrame(opcodes.close, payload);
}
