import { decodeBase64url, decodeInto, maxCharacters } from "./base64url.js";

/** A JWS in compact form, taken apart; nothing of it is believed yet. */
export interface CompactJws {
  readonly header: JoseHeader;
  /** Decoded, as UTF-8. */
  readonly payload: string;
  /** What the signature is over, ASCII. */
  readonly signingInput: string;
  /** As it stands there: it is decoded where it is compared. */
  readonly signature: string;
}

export interface JoseHeader {
  readonly alg: string;
  /** Undefined: the token does not say which key it is signed with, and an authorizer refuses it. */
  readonly kid: string | undefined;
}

/** Payloads are decoded here: nothing of one outlives the call that has written it. */
const scratch = Buffer.allocUnsafeSlow(maxCharacters);

/**
 * Takes a compact JWS apart (RFC 7515 section 3.1). A header that wants something understood (`crit`, `b64`) is refused;
 * keys that it brings along or points at (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
 *
 * @param headers  reads the header; an issuer's tokens share theirs, so that a caller may know it already
 * @returns undefined for what is none
 */
export function parseCompactJws(
  token: string,
  headers: (part: string) => JoseHeader | undefined = parseJoseHeader,
): CompactJws | undefined {
  if (token.length > maxCharacters) return undefined;
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  if (first < 1 || second === -1 || token.indexOf(".", second + 1) !== -1) return undefined;
  const header = headers(token.slice(0, first));
  if (header === undefined) return undefined;
  const bytes = decodeInto(scratch, token.slice(first + 1, second));
  if (bytes === -1) return undefined;
  const payload = scratch.toString("utf8", 0, bytes);
  return { header, payload, signingInput: token.slice(0, second), signature: token.slice(second + 1) };
}

/** The protected header; undefined for one that asks for more than `alg` and `kid`. */
export function parseJoseHeader(part: string): JoseHeader | undefined {
  const bytes = decodeBase64url(part);
  const header = bytes && parseObject(bytes.toString("utf8"));
  if (header === undefined || Object.hasOwn(header, "crit") || Object.hasOwn(header, "b64")) return undefined;
  const { alg, kid } = header;
  if (typeof alg !== "string" || (kid !== undefined && typeof kid !== "string")) return undefined;
  return { alg, kid };
}

/** A JSON object; undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
