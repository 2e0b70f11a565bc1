import process from "node:process";
import type { Duplex } from "node:stream";
import type { Exchange } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";

export type Coding = "gzip" | "deflate";

/** Loaded when first needed: most gateways do not compress. */
const zlib = () => process.getBuiltinModule("node:zlib");

/**
 * How an answer is to be compressed; undefined when it is not. Compression is on when the API sets a threshold, and
 * applies to answers that long whose client accepts a coding (aws-behaviour.md section 27).
 *
 * @param bytes  length of the body; undefined: not known yet, taken as long enough
 */
export function answerCoding(
  x: Exchange,
  status: number,
  headers: readonly string[],
  bytes: number | undefined,
): Coding | undefined {
  const threshold = x.program.program.api.minimumCompressionSize;
  if (threshold === undefined || (bytes !== undefined && bytes < threshold) || bytes === 0) return undefined;
  if (status === 204 || status === 304 || x.method === "HEAD" || hasHeader(headers, "content-encoding"))
    return undefined;
  return acceptedCoding(x.header("accept-encoding"));
}

/** gzip before deflate; a coding with `q=0` is refused by the client, `*` accepts gzip. */
function acceptedCoding(acceptEncoding: string | undefined): Coding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const accepted = new Set<string>();
  const refused = new Set<string>();
  for (const entry of acceptEncoding.toLowerCase().split(",", 20)) {
    const [name = "", ...parameters] = entry.split(";").map((part) => part.trim());
    const isRefused = parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
    (isRefused ? refused : accepted).add(name);
  }
  if (accepted.has("gzip") || (accepted.has("*") && !refused.has("gzip"))) return "gzip";
  return accepted.has("deflate") ? "deflate" : undefined;
}

export function compress(body: string | Uint8Array, coding: Coding): Promise<Buffer> {
  const { gzip, deflate } = zlib();
  return new Promise((resolve, reject) => {
    (coding === "gzip" ? gzip : deflate)(body, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

export function compressor(coding: Coding): Duplex {
  return coding === "gzip" ? zlib().createGzip() : zlib().createDeflate();
}

/**
 * The coding that a request body has to be freed of; undefined when there is none or the API does not compress.
 *
 * @throws GatewayError UNSUPPORTED_MEDIA_TYPE for a coding that API Gateway does not know
 */
export function requestCoding(x: Exchange): Coding | undefined {
  if (x.program.program.api.minimumCompressionSize === undefined) return undefined;
  const coding = x.header("content-encoding")?.trim().toLowerCase();
  if (coding === undefined || coding === "" || coding === "identity") return undefined;
  if (coding === "gzip" || coding === "deflate") return coding;
  throw new GatewayError("UNSUPPORTED_MEDIA_TYPE");
}

/**
 * @throws GatewayError REQUEST_TOO_LARGE when it would be more than `maxBytes`, UNSUPPORTED_MEDIA_TYPE when the bytes
 *         are not what Content-Encoding says
 */
export function decompress(body: Buffer, coding: Coding, maxBytes: number): Promise<Buffer> {
  if (body.length === 0) return Promise.resolve(body);
  const { gunzip, inflate } = zlib();
  return new Promise((resolve, reject) => {
    (coding === "gzip" ? gunzip : inflate)(body, { maxOutputLength: maxBytes }, (error, result) => {
      if (!error) resolve(result);
      else reject(new GatewayError(isTooLarge(error) ? "REQUEST_TOO_LARGE" : "UNSUPPORTED_MEDIA_TYPE"));
    });
  });
}

export function decompressor(coding: Coding): Duplex {
  return coding === "gzip" ? zlib().createGunzip() : zlib().createInflate();
}

function isTooLarge(error: Error): boolean {
  return "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function hasHeader(headers: readonly string[], lowerName: string): boolean {
  return headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === lowerName);
}
