import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { CloseReason, closeCodes } from "./protocol.js";

/** Smaller messages are sent as they are. */
const leastBytes = 1024;
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** permessage-deflate as one connection has it: without context takeover, so nothing is kept between messages. */
export interface Deflate {
  /** Value of Sec-WebSocket-Extensions in the answer. */
  readonly accepted: string;
  readonly windowBits: number;
}

/**
 * Chooses the first offer that can be met (RFC 7692 section 7.1). One with parameters that are unknown, repeated or
 * malformed is declined, as the RFC wants it.
 */
export function acceptDeflate(offers: string | undefined): Deflate | undefined {
  for (const offer of (offers ?? "").split(",")) {
    const accepted = readOffer(offer);
    if (accepted !== undefined) return accepted;
  }
  return undefined;
}

function readOffer(offer: string): Deflate | undefined {
  const [name, ...parameters] = offer.split(";").map((part) => part.trim());
  if (name !== "permessage-deflate") return undefined;
  const seen = new Set<string>();
  let windowBits = 15;
  for (const parameter of parameters) {
    const [key = "", quoted] = parameter.split("=", 2).map((part) => part.trim());
    const value = quoted?.replace(/^"(.*)"$/, "$1");
    if (seen.has(key) || !isParameter(key, value)) return undefined;
    seen.add(key);
    if (key === "server_max_window_bits") windowBits = Number(value);
  }
  // zlib has no raw streams with a window of 256 bytes.
  if (windowBits < 9) return undefined;
  const own = windowBits < 15 ? `; server_max_window_bits=${windowBits}` : "";
  return {
    accepted: `permessage-deflate; server_no_context_takeover; client_no_context_takeover${own}`,
    windowBits,
  };
}

function isParameter(key: string, value: string | undefined): boolean {
  switch (key) {
    case "server_no_context_takeover":
    case "client_no_context_takeover":
      return value === undefined;
    case "client_max_window_bits":
      return value === undefined || /^(?:[89]|1[0-5])$/.test(value);
    case "server_max_window_bits":
      return value !== undefined && /^(?:[89]|1[0-5])$/.test(value);
    default:
      return false;
  }
}

/**
 * The message behind a compressed payload. No more than the limit is ever made of it.
 *
 * @throws CloseReason 1009 beyond the limit, 1007 when it is no compressed data
 */
export function inflate(payload: Buffer, maxBytes: number): Buffer {
  try {
    return inflateRawSync(Buffer.concat([payload, tail]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxBytes,
    });
  } catch (error) {
    const isTooBig = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    if (isTooBig) throw new CloseReason(closeCodes.messageTooBig, "the message is too big");
    throw new CloseReason(closeCodes.invalidPayload, "the message is not compressed data");
  }
}

/** The compressed payload of a message; undefined where it is not worth it. */
export function deflate(message: Buffer, windowBits: number): Buffer | undefined {
  if (message.length < leastBytes) return undefined;
  const compressed = deflateRawSync(message, { windowBits, finishFlush: constants.Z_SYNC_FLUSH });
  return compressed.length - tail.length < message.length
    ? compressed.subarray(0, compressed.length - tail.length)
    : undefined;
}
