import type { RefusalKind } from "../refusals.js";

/** A request's head, split and nothing more: names and values are as received, values without the blanks around them. */
export interface RequestHead {
  readonly method: string;
  /** Request target as received. */
  readonly target: string;
  /** 0 or 1: the version is HTTP/1.x. */
  readonly minorVersion: number;
  /** Flat list, `[name, value, …]`. */
  readonly headers: readonly string[];
  /** Announced bytes of the body; 0 without a body, -1 when it comes in chunks. */
  readonly bodyBytes: number;
  readonly expectsContinue: boolean;
  /** Whether the client wants another request on this connection. */
  readonly keepsAlive: boolean;
  /** The protocol that the client asks to change to, in lower case; empty: none. */
  readonly upgrade: string;
}

const cr = 0x0d;
const lf = 0x0a;
const blank = 0x20;
const tab = 0x09;
const colon = 0x3a;

/** RFC 9110 section 5.6.2: 1 for the characters of a token. */
export const isToken: Uint8Array = table(
  "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
);

const methods: ReadonlySet<string> = new Set(
  "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH".split(
    " ",
  ),
);

/**
 * Reads a head strictly (RFC 9112 sections 2 to 6): one blank between the parts of the request line, CRLF at the end of
 * each line, no folding, no blank before a colon, no control character anywhere; one length or chunks, never both. What
 * two servers could read in two ways is refused.
 *
 * @param text  the head as Latin-1, with the CRLF of its last line and without the empty line
 */
export function readRequestHead(text: string): RequestHead | RefusalKind {
  const methodEnd = text.indexOf(" ");
  const method = text.slice(0, methodEnd === -1 ? 0 : methodEnd);
  if (!methods.has(method)) return "malformed";
  const lineEnd = text.indexOf("\r\n");
  // ` HTTP/1.1` ends the line.
  const targetEnd = lineEnd - 9;
  if (targetEnd <= methodEnd + 1 || !text.startsWith(" HTTP/", targetEnd)) return "malformed";
  const version = text.slice(targetEnd + 6, lineEnd);
  if (version !== "1.1" && version !== "1.0") return "version";
  const target = text.slice(methodEnd + 1, targetEnd);
  return readFields(text, lineEnd + 2, method, target, version === "1.1" ? 1 : 0);
}

function readFields(
  text: string,
  from: number,
  method: string,
  target: string,
  minorVersion: number,
): RequestHead | RefusalKind {
  const headers: string[] = [];
  const end = text.length;
  let bodyBytes = 0;
  let hasLength = false;
  let hasCoding = false;
  let expectsContinue = false;
  let connection = "";
  let upgrade = "";
  let at = from;
  while (at < end) {
    const nameStart = at;
    while (isToken[text.charCodeAt(at)] === 1) at++;
    if (at === nameStart || text.charCodeAt(at) !== colon) return "malformed";
    const name = text.slice(nameStart, at);
    at++;
    while (isBlank(text.charCodeAt(at))) at++;
    const valueStart = at;
    let valueEnd = at;
    for (; ; at++) {
      const character = text.charCodeAt(at);
      if (character > blank ? character !== 0x7f : isBlank(character)) {
        if (character > blank) valueEnd = at + 1;
        continue;
      }
      if (character === cr && text.charCodeAt(at + 1) === lf) break;
      return "malformed";
    }
    at += 2;
    const value = text.slice(valueStart, valueEnd);
    headers.push(name, value);
    switch (name.length) {
      case 6:
        if (!isNamed(name, "expect")) break;
        if (value.toLowerCase() !== "100-continue") return "expectation";
        expectsContinue = minorVersion === 1;
        break;
      case 7:
        if (isNamed(name, "upgrade")) upgrade = value.toLowerCase();
        break;
      case 10:
        if (isNamed(name, "connection")) connection += `,${value.toLowerCase()}`;
        break;
      case 14:
        if (!isNamed(name, "content-length")) break;
        if (hasLength || hasCoding || !/^\d{1,15}$/.test(value)) return "framing";
        hasLength = true;
        bodyBytes = Number(value);
        break;
      case 17:
        if (!isNamed(name, "transfer-encoding")) break;
        if (hasLength || hasCoding || minorVersion === 0 || value.toLowerCase() !== "chunked") return "framing";
        hasCoding = true;
        bodyBytes = -1;
        break;
    }
  }
  const keepsAlive = connection === "" ? minorVersion === 1 : keepsConnection(connection, minorVersion);
  if (upgrade !== "" && !hasOption(connection, "upgrade")) upgrade = "";
  return { method, target, minorVersion, headers, bodyBytes, expectsContinue, keepsAlive, upgrade };
}

function keepsConnection(connection: string, minorVersion: number): boolean {
  if (hasOption(connection, "close")) return false;
  return minorVersion === 1 || hasOption(connection, "keep-alive");
}

function hasOption(connection: string, option: string): boolean {
  return connection.includes(option) && connection.split(",").some((part) => part.trim() === option);
}

function isBlank(character: number): boolean {
  return character === blank || character === tab;
}

function isNamed(name: string, lowerCase: string): boolean {
  return name === lowerCase || name.toLowerCase() === lowerCase;
}

function table(characters: string): Uint8Array {
  const known = new Uint8Array(256);
  for (const character of characters) known[character.charCodeAt(0)] = 1;
  return known;
}
