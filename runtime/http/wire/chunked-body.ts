import type { RefusalKind } from "../refusals.js";

/** Receives the bytes of a body as they come. */
export type OnBytes = (bytes: Buffer) => void;

/** Extensions of all chunks, and trailers, of one body. */
const maxOverheadBytes = 16_384;

enum Place {
  Size,
  Extension,
  SizeLineFeed,
  Data,
  DataReturn,
  DataLineFeed,
  TrailerStart,
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
        this.#place = byte === 0x0d ? Place.LastLineFeed : Place.Trailer;
        return byte === 0x0d ? undefined : this.#text(byte);
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
    else if (byte === 0x3b) this.#place = Place.Extension;
    else return "malformed";
    return undefined;
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
