import { hash } from "node:crypto";

/** A request as it stands on the wire: what a signature covers. Texts hold one byte a character (latin1), as Node's do. */
export interface SignableRequest {
  readonly method: string;
  /** As sent, percent-encoded, without the query; begins with `/`. */
  readonly path: string;
  /** As sent, without `?`; empty when there is none. */
  readonly query: string;
  /** Flat list as sent, `[name, value, …]`; Host is among them. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | string;
}

export const algorithm = "AWS4-HMAC-SHA256";
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * The path of the canonical request: dot segments and double slashes removed, then every byte but the unreserved ones
 * escaped, `%` too (so what is sent escaped stands escaped twice). S3 does neither.
 *
 * @see IAM user guide, "Create a signed AWS API request", step 1
 */
export function canonicalPath(path: string, normalizes = true): string {
  if (!normalizes) return path === "" ? "/" : escapeBytes(unescapeBytes(path), true);
  const normal = path.includes("//") || path.includes("/.") ? withoutDots(path) : path;
  if (normal === "") return "/";
  return isPlainPath.test(normal) ? normal : escapeBytes(normal, true);
}

const isPlainPath = /^[A-Za-z0-9\-._~/]*$/;

function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const isFolder = kept.length > 0 && /(?:\/|\/\.|\/\.\.)$/.test(path);
  return `/${kept.join("/")}${isFolder ? "/" : ""}`;
}

/** A pair of the query, escaped the canonical way. */
export type CanonicalPair = readonly [name: string, value: string];

/** The query taken apart, each name and value unescaped (`+` is a space) and escaped again; in the order sent. */
export function canonicalPairs(query: string): readonly CanonicalPair[] {
  if (query === "") return [];
  const pairs: CanonicalPair[] = [];
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    pairs.push([canonicalText(name), equals === -1 ? "" : canonicalText(pair.slice(equals + 1))]);
  }
  return pairs;
}

/** Sorted by name, then by value, and joined. */
export function canonicalQuery(pairs: readonly CanonicalPair[]): string {
  if (pairs.length === 0) return "";
  const sorted = pairs.length === 1 ? pairs : [...pairs].sort(byNameThenValue);
  let text = "";
  for (const [name, value] of sorted) text += text === "" ? `${name}=${value}` : `&${name}=${value}`;
  return text;
}

function byNameThenValue(a: CanonicalPair, b: CanonicalPair): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

function canonicalText(text: string): string {
  if (isUnreserved.test(text)) return text;
  return escapeBytes(unescapeBytes(text.includes("+") ? text.replaceAll("+", " ") : text), false);
}

const isUnreserved = /^[A-Za-z0-9\-._~]*$/;

/** Percent sequences to bytes; what is no valid sequence stays as it is. */
function unescapeBytes(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Every byte that is not unreserved (RFC 3986 section 2.3) as `%XX`, upper case. */
function escapeBytes(bytes: string, keepsSlash: boolean): string {
  return bytes.replace(keepsSlash ? /[^A-Za-z0-9\-._~/]/g : /[^A-Za-z0-9\-._~]/g, (byte) => {
    const code = byte.charCodeAt(0);
    return `%${code < 16 ? "0" : ""}${code.toString(16).toUpperCase()}`;
  });
}

/** Value as it is signed: blanks around it removed, runs of blanks inside of it made one. */
export function canonicalValue(value: string): string {
  return value.includes("  ") || blanks.test(value) ? value.replace(/[ \t\r\n]+/g, " ").trim() : value;
}

const blanks = /^[ \t]|[\t\r\n]|[ \t]$/;

/** Lower-case hexadecimal SHA-256 of a body. */
export function payloadHash(body: Uint8Array | string): string {
  return body.length === 0 ? emptyHash : hash("sha256", body, "hex");
}

/**
 * @param text  one byte a character, as header values come from Node
 * @returns lower-case hexadecimal SHA-256 of the bytes
 */
export function hashBytes(text: string): string {
  const { length } = text;
  if (length > scratch.length) return hash("sha256", Buffer.from(text, "latin1"), "hex");
  scratch.write(text, "latin1");
  return hash("sha256", scratch.subarray(0, length), "hex");
}

/** Most canonical requests fit. */
const scratch = Buffer.allocUnsafeSlow(8_192);

/** What is signed: algorithm, time, scope and the hash of the canonical request. */
export function stringToSign(time: string, scope: string, canonicalRequest: string): string {
  return `${algorithm}\n${time}\n${scope}\n${hashBytes(canonicalRequest)}`;
}

/** `20150830T123600Z` of milliseconds since the epoch. */
export function basicTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Milliseconds of `20150830T123600Z`; undefined when the text is no such time. */
export function parseBasicTime(text: string): number | undefined {
  if (text.length !== 16 || text.charCodeAt(8) !== 0x54 || text.charCodeAt(15) !== 0x5a) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 4, 6);
  const day = digits(text, 6, 8);
  const hour = digits(text, 9, 11);
  const minute = digits(text, 11, 13);
  const second = digits(text, 13, 15);
  // NaN of what is no digit fails every comparison.
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return undefined;
  if (!(year >= 1970 && hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
