import process from "node:process";
import type { Transform } from "node:stream";
import type { ResponseSink } from "../http/exchange.js";

/** Codings that this gateway can take off a body. */
export function isKnownCoding(coding: string): boolean {
  return coding === "gzip" || coding === "x-gzip" || coding === "deflate" || coding === "br";
}

/** Codings that HTTP knows and this gateway does not (IANA's registry of content codings, and their older names). */
const otherCodings: ReadonlySet<string> = new Set([
  "aes128gcm",
  "compress",
  "dcb",
  "dcz",
  "exi",
  "pack200-gzip",
  "x-compress",
  "zstd",
]);

/** Whether a `Content-Encoding` names a coding that stays on the body, so that the client has to know of it. */
export function staysCoded(field: string): boolean {
  const codings = field.split(",").map((coding) => coding.trim());
  return codings.some((coding) => otherCodings.has(coding) || (codings.length > 1 && isKnownCoding(coding)));
}

/**
 * A stream that takes a coding off; undefined when the body is not in it, as recorded from backends that announced one.
 *
 * @param first  the body's first bytes
 */
export function decoderOf(coding: string, first: Buffer): Transform | undefined {
  const { createBrotliDecompress, createGunzip, createInflate } = process.getBuiltinModule("node:zlib");
  if (coding === "br") return createBrotliDecompress();
  if (coding === "deflate") return isZlib(first) ? createInflate() : undefined;
  return first[0] === 0x1f && first[1] === 0x8b ? createGunzip() : undefined;
}

/** RFC 1950 header: method 8, and a checksum over both bytes. */
function isZlib(first: Buffer): boolean {
  const [method = 0, flags = 0] = first;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

/** Decodes what is written to it on the way to a client, with back-pressure. A broken body cuts the answer. */
export class DecodingSink implements ResponseSink {
  constructor(
    private readonly sink: ResponseSink,
    private readonly decoder: Transform,
  ) {
    decoder.on("data", (chunk: Buffer) => {
      if (sink.write(chunk)) return;
      decoder.pause();
      sink.onDrain(() => decoder.resume());
    });
    decoder.on("end", () => sink.end());
    decoder.on("error", () => sink.abort());
  }

  write(chunk: Uint8Array): boolean {
    return this.decoder.write(chunk);
  }

  onDrain(callback: () => void): void {
    this.decoder.once("drain", callback);
  }

  end(): void {
    this.decoder.end();
  }

  abort(): void {
    this.decoder.destroy();
    this.sink.abort();
  }
}
