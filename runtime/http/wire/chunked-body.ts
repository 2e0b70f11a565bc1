import type { RefusalKind } from "../refusals.js";
import { isToken } from "./request-head.js";

/** Receives the bytes of a body as they come. */
export type OnBytes = (bytes: Buffer) => void;

/** Extensions of all chunks, and trailers, of one body. */
const maxOverheadBytes = 16_384;

/** Trailers that would frame, route or authorize the message (RFC 9110 section 6.5.1). */
const forbiddenTrailers: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "host",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

enum Place {
  Size,
  ExtensionStart,
  Extension,
  SizeLineFeed,
  Data,
  DataReturn,
  DataLineFeed,
  TrailerStart,
  TrailerName,
  Trailer,
  TrailerLineFeed,
  LastLineFeed,
  End,
}

/**
 * Reads a body in chunks (RFC 9112 section 7.1), byte by byte where it is framing. Extensions and trailers are dropped;
 * how much of them may come is limited.
 */
export class ChunkedBody {
  #place: Place = Place.Size;
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  #digits = 0;
  #overheadBytes = 0;
  /** Of the trailer that is being read. */
  #name = "";

  get isComplete(): boolean {
    return this.#place === Place.End;
  }

  /**
   * @param from  where the body goes on in `chunk`
   * @returns where it stopped reading (the chunk's end, or behind the body), or why it is refused
   */
  read(chunk: Buffer, from: number, onBytes: OnBytes): number | RefusalKind {
    let at = from;
    while (at < chunk.length && this.#place !== Place.End) {
      if (this.#place === Place.Data) {
        const end = Math.min(chunk.length, at + this.#left);
        onBytes(chunk.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#place = Place.DataReturn;
        continue;
      }
      const refusal = this.#framing(chunk[at] as number);
      if (refusal !== undefined) return refusal;
      at++;
    }
    return at;
  }

  #framing(byte: number): RefusalKind | undefined {
    switch (this.#place) {
      case Place.Size:
        return this.#size(byte);
      case Place.ExtensionStart:
        // A semicolon announces an extension (RFC 9112 section 7.1.1).
        if (byte === 0x0d) return "malformed";
        this.#place = Place.Extension;
        return this.#text(byte);
      case Place.Extension:
        if (byte === 0x0d) this.#place = Place.SizeLineFeed;
        else return this.#text(byte);
        return undefined;
      case Place.SizeLineFeed:
        if (byte !== 0x0a) return "malformed";
        this.#digits = 0;
        this.#place = this.#left === 0 ? Place.TrailerStart : Place.Data;
        return undefined;
      case Place.DataReturn:
        return this.#expect(byte, 0x0d, Place.DataLineFeed);
      case Place.DataLineFeed:
        return this.#expect(byte, 0x0a, Place.Size);
      case Place.TrailerStart:
        this.#name = "";
        this.#place = byte === 0x0d ? Place.LastLineFeed : Place.TrailerName;
        return byte === 0x0d ? undefined : this.#trailerName(byte);
      case Place.TrailerName:
        return this.#trailerName(byte);
      case Place.Trailer:
        if (byte === 0x0d) this.#place = Place.TrailerLineFeed;
        else return this.#text(byte);
        return undefined;
      case Place.TrailerLineFeed:
        return this.#expect(byte, 0x0a, Place.TrailerStart);
      default:
        return this.#expect(byte, 0x0a, Place.End);
    }
  }

  #size(byte: number): RefusalKind | undefined {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      // Thirteen digits are the largest safe integer; a body is refused long before.
      if (++this.#digits > 13) return "malformed";
      this.#left = this.#left * 16 + digit;
      return undefined;
    }
    if (this.#digits === 0) return "malformed";
    if (byte === 0x0d) this.#place = Place.SizeLineFeed;
    else if (byte === 0x3b) this.#place = Place.ExtensionStart;
    else return "malformed";
    return undefined;
  }

  /** Trailers are dropped, but those that would frame or route the message are refused (RFC 9110 section 6.5.1). */
  #trailerName(byte: number): RefusalKind | undefined {
    if (byte === 0x3a) {
      this.#place = Place.Trailer;
      return this.#name === "" || forbiddenTrailers.has(this.#name.toLowerCase()) ? "malformed" : undefined;
    }
    if (isToken[byte] !== 1) return "malformed";
    this.#name += String.fromCharCode(byte);
    return this.#text(byte);
  }

  /** A byte of an extension or a trailer. */
  #text(byte: number): RefusalKind | undefined {
    if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) return "malformed";
    return ++this.#overheadBytes > maxOverheadBytes ? "body" : undefined;
  }

  #expect(byte: number, wanted: number, next: Place): RefusalKind | undefined {
    if (byte !== wanted) return "malformed";
    this.#place = next;
    return undefined;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
