import {
  algorithm,
  basicTime,
  canonicalPairs,
  canonicalPath,
  canonicalQuery,
  canonicalValue,
  payloadHash,
  type SignableRequest,
  stringToSign,
} from "./canonical.js";
import { SigningKeys } from "./signing-keys.js";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignOptions {
  readonly region: string;
  /** Signing name: `execute-api`, `sqs`, `lambda`. S3 has rules of its own for paths. */
  readonly service: string;
  /** Wall clock, ms. */
  readonly nowMs: number;
  /** Where derived keys are kept; without it each call derives its own. */
  readonly keys?: SigningKeys;
  /** Hash of a body that is not at hand, or `UNSIGNED-PAYLOAD` where the service takes it. */
  readonly payloadHash?: string;
  /** Whether dots and double slashes of the path are removed before signing; default: unless the service is S3. */
  readonly normalizesPath?: boolean;
  /** Whether the hash of the body is a signed header too; default: for S3, which asks for it. */
  readonly signsBodyHash?: boolean;
}

/** Headers that proxies change, or that the client sets behind the signer's back: never signed. */
const unsigned: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "expect",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
]);

/**
 * Signs a request in its headers (AWS Signature Version 4).
 *
 * @returns the headers to add, a flat list: `X-Amz-Date`, `X-Amz-Security-Token` with a session, `X-Amz-Content-Sha256`
 *   where it is signed, and `Authorization`. The request must be sent byte for byte as it was given.
 */
export function signRequest(
  request: SignableRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  options: SignOptions,
): string[] {
  const { region, service, nowMs, keys = new SigningKeys(1), signsBodyHash = service === "s3" } = options;
  const time = basicTime(nowMs);
  const hash = options.payloadHash ?? payloadHash(request.body);
  const added = ["X-Amz-Date", time];
  if (sessionToken !== undefined) added.push("X-Amz-Security-Token", sessionToken);
  if (signsBodyHash) added.push("X-Amz-Content-Sha256", hash);
  const signed = signedHeaders([...request.headers, ...added]);
  const names = [...signed.keys()].join(";");
  const canonical = canonicalRequest(request, canonicalQuery(canonicalPairs(request.query)), signed, hash, options);
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = keys.of(accessKeyId, secretAccessKey, scope);
  const signature = key.sign(stringToSign(time, scope, canonical));
  const credential = `Credential=${accessKeyId}/${scope}`;
  added.push("Authorization", `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signature}`);
  return added;
}

/**
 * Signs a request in its query.
 *
 * @returns the whole query to send, without `?`
 */
export function presignQuery(
  request: SignableRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  options: SignOptions & { readonly expiresSeconds: number },
): string {
  const { region, service, nowMs, keys = new SigningKeys(1), expiresSeconds } = options;
  const time = basicTime(nowMs);
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const signed = signedHeaders(request.headers);
  const parameters: [string, string][] = [
    ["X-Amz-Algorithm", algorithm],
    ["X-Amz-Credential", `${accessKeyId}/${scope}`],
    ["X-Amz-Date", time],
    ["X-Amz-Expires", String(expiresSeconds)],
    ["X-Amz-SignedHeaders", [...signed.keys()].join(";")],
  ];
  if (sessionToken !== undefined) parameters.push(["X-Amz-Security-Token", sessionToken]);
  const own = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const query = request.query === "" ? own : `${request.query}&${own}`;
  const hash = options.payloadHash ?? payloadHash(request.body);
  const canonical = canonicalRequest(request, canonicalQuery(canonicalPairs(query)), signed, hash, options);
  const key = keys.of(accessKeyId, secretAccessKey, scope);
  return `${query}&X-Amz-Signature=${key.sign(stringToSign(time, scope, canonical))}`;
}

function canonicalRequest(
  { method, path }: SignableRequest,
  query: string,
  signed: ReadonlyMap<string, string>,
  hash: string,
  { service, normalizesPath = service !== "s3" }: SignOptions,
): string {
  let headers = "";
  for (const [name, value] of signed) headers += `${name}:${value}\n`;
  const names = [...signed.keys()].join(";");
  return `${method}\n${canonicalPath(path, normalizesPath)}\n${query}\n${headers}\n${names}\n${hash}`;
}

/** By lower-case name, sorted; repeated names joined with commas. */
function signedHeaders(headers: readonly string[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] as string).toLowerCase();
    if (unsigned.has(name)) continue;
    const value = canonicalValue(headers[at + 1] as string);
    const known = byName.get(name);
    byName.set(name, known === undefined ? value : `${known},${value}`);
  }
  return new Map([...byName].sort(([a], [b]) => (a < b ? -1 : 1)));
}
