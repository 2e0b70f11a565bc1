import { timingSafeEqual } from "node:crypto";
import {
  basicTime,
  canonicalPath,
  canonicalQuery,
  canonicalValue,
  payloadHash,
  type SignableRequest,
  stringToSign,
} from "./canonical.js";
import type { SignatureClaims } from "./claims.js";
import { SignatureProblem } from "./signature-problem.js";
import type { SigningKeys } from "./signing-keys.js";

/** Where and when a signature has to hold. */
export interface VerifyPlace {
  readonly region: string;
  readonly service: string;
  /** Wall clock, ms. */
  readonly nowMs: number;
}

/** The secret side of an access key. */
export interface VerifyCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  /** End of the session, ms since the epoch; undefined: it does not end. */
  readonly expiresAtMs: number | undefined;
}

const skewMs = 300_000;

/**
 * All that can be refused before the body is read and a secret is touched: scope, clock, which headers are signed.
 *
 * @throws SignatureProblem
 */
export function checkClaims(claims: SignatureClaims, headers: readonly string[], place: VerifyPlace): void {
  checkScope(claims, place);
  checkTime(claims, place.nowMs);
  checkSignedHeaders(claims, headers);
}

/** @throws SignatureProblem `unknown` or `expired` */
export function checkSession(
  claims: SignatureClaims,
  credentials: VerifyCredentials | undefined,
  nowMs: number,
): asserts credentials is VerifyCredentials {
  const { sessionToken } = claims;
  if (credentials === undefined || !isSameSecret(sessionToken ?? "", credentials.sessionToken ?? "")) {
    throw new SignatureProblem("unknown", "The security token included in the request is invalid.");
  }
  if (credentials.expiresAtMs !== undefined && credentials.expiresAtMs <= nowMs) {
    throw new SignatureProblem("expired", "The security token included in the request is expired");
  }
}

/**
 * Computes the signature anew from the bytes received and compares it in constant time.
 *
 * @throws SignatureProblem `signature`
 */
export function verifySignature(
  request: SignableRequest,
  claims: SignatureClaims,
  { accessKeyId, secretAccessKey }: VerifyCredentials,
  keys: SigningKeys,
): void {
  const hash = signedHash(request);
  // An unescaped `;` separates parameters for API Gateway and not for signers: what it means would not be signed.
  if (hash === undefined || !isSignature.test(claims.signature) || request.query.includes(";")) throw mismatch();
  const key = keys.of(accessKeyId, secretAccessKey, claims.scope);
  const headers = canonicalHeaders(claims.signedNames, request.headers);
  const holds = (pairs: SignatureClaims["pairs"]) => {
    const { method, path } = request;
    const query = canonicalQuery(pairs);
    const canonical = `${method}\n${canonicalPath(path)}\n${query}\n${headers}\n${claims.signedHeaders}\n${hash}`;
    return isSameSignature(key.sign(stringToSign(claims.time, claims.scope, canonical)), claims.signature);
  };
  if (holds(claims.pairs)) return;
  // Some signers add the session token to the query after signing; it has been compared with the known one already.
  const isQuerySession = claims.form === "query" && claims.sessionToken !== undefined;
  if (isQuerySession && holds(claims.pairs.filter(([name]) => name !== "X-Amz-Security-Token"))) return;
  throw mismatch();
}

const isSignature = /^[0-9a-f]{64}$/;
const expected = Buffer.alloc(64);
const given = Buffer.alloc(64);

/** Compares 64 digits each in constant time. */
function isSameSignature(one: string, other: string): boolean {
  expected.write(one, "latin1");
  given.write(other, "latin1");
  return timingSafeEqual(expected, given);
}

function checkScope(claims: SignatureClaims, { region, service }: VerifyPlace): void {
  let complaint = "";
  if (claims.region !== region) complaint += `Credential should be scoped to a valid region, not '${claims.region}'. `;
  if (claims.service !== service) complaint += `Credential should be scoped to correct service: '${service}'. `;
  if (!claims.scope.endsWith("/aws4_request")) {
    const terminator = claims.scope.slice(claims.scope.lastIndexOf("/") + 1);
    complaint += `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
  }
  const day = claims.time.slice(0, 8);
  if (claims.date !== day) {
    complaint +=
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
      `'${claims.date}' != '${day}', from '${claims.time}'. `;
  }
  if (complaint !== "") throw new SignatureProblem("signature", complaint);
}

/** Five minutes either way; a presigned request holds as long as it says. */
function checkTime({ time, timeMs, expiresSeconds }: SignatureClaims, nowMs: number): void {
  if (timeMs > nowMs + skewMs) {
    const limit = `${basicTime(nowMs + skewMs)} (${basicTime(nowMs)} + 5 min.)`;
    throw new SignatureProblem("signature", `Signature not yet current: ${time} is still later than ${limit}`);
  }
  const lifeMs = expiresSeconds === undefined ? skewMs : expiresSeconds * 1_000;
  if (timeMs >= nowMs - lifeMs) return;
  const life = expiresSeconds === undefined ? "5 min." : `${expiresSeconds} s`;
  const limit = `${basicTime(nowMs - lifeMs)} (${basicTime(nowMs)} - ${life})`;
  throw new SignatureProblem("signature", `Signature expired: ${time} is now earlier than ${limit}`);
}

/**
 * The list is in order and says `host` and every `x-amz-` header that is there: what is not signed could have been added
 * by anybody. A session token is compared with the known one, so it may stand outside.
 */
function checkSignedHeaders({ signedNames: names, form }: SignatureClaims, headers: readonly string[]): void {
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    if (name === "" || name !== name.toLowerCase() || (at > 0 && name <= (names[at - 1] as string))) throw mismatch();
  }
  if (!names.includes("host")) {
    throw new SignatureProblem(
      "signature",
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
  }
  let signsTime = form === "query";
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    const { length } = name;
    if (length < 4) continue;
    if (length === 4 && !signsTime && name.toLowerCase() === "date") signsTime = names.includes("date");
    if (length < 7) continue;
    const first = name.charCodeAt(0);
    if ((first !== 0x78 && first !== 0x58) || name.charCodeAt(1) !== 0x2d) continue;
    const lower = name.toLowerCase();
    if (!lower.startsWith("x-amz-") || lower === "x-amz-security-token") continue;
    if (!names.includes(lower)) {
      throw new SignatureProblem("signature", `'${lower}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
    if (lower === "x-amz-date") signsTime = true;
  }
  if (!signsTime) {
    throw new SignatureProblem("signature", "'Date' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

/** In the order of the list; one that is not there is signed as empty, repeated ones are joined with commas. */
function canonicalHeaders(signedNames: readonly string[], headers: readonly string[]): string {
  let text = "";
  for (const name of signedNames) {
    let value: string | undefined;
    for (let at = 0; at < headers.length; at += 2) {
      const given = headers[at] as string;
      if (given.length !== name.length || (given !== name && given.toLowerCase() !== name)) continue;
      const next = canonicalValue(headers[at + 1] as string);
      value = value === undefined ? next : `${value},${next}`;
    }
    text += `${name}:${value ?? ""}\n`;
  }
  return text;
}

/**
 * The hash of the body that has come. A client that says another one, or none (`UNSIGNED-PAYLOAD`, `STREAMING-…`: S3's),
 * is refused: undefined.
 */
function signedHash({ headers, body }: SignableRequest): string | undefined {
  const actual = payloadHash(body);
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== 20 || name.toLowerCase() !== "x-amz-content-sha256") continue;
    if ((headers[at + 1] as string).trim() !== actual) return undefined;
  }
  return actual;
}

function mismatch(): SignatureProblem {
  return new SignatureProblem(
    "signature",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key " +
      "and signing method. Consult the service documentation for details.",
  );
}

/** Compares without telling by its time where two texts differ. */
export function isSameSecret(given: string, known: string): boolean {
  if (given === "" || known === "") return given === known;
  const a = Buffer.from(given);
  const b = Buffer.from(known);
  return a.length === b.length && timingSafeEqual(a, b);
}
