import { authorizationComplaint } from "./authorization-form.js";
import { algorithm, type CanonicalPair, canonicalPairs, parseBasicTime, type SignableRequest } from "./canonical.js";
import { SignatureProblem } from "./signature-problem.js";

/** What a signed request says of its signature, not yet believed. */
export interface SignatureClaims {
  readonly form: "header" | "query";
  readonly accessKeyId: string;
  /** `20150830`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `20150830/eu-west-1/execute-api/aws4_request`. */
  readonly scope: string;
  /** `20150830T123600Z`, as sent. */
  readonly time: string;
  readonly timeMs: number;
  /** Query form: seconds that the signature holds. */
  readonly expiresSeconds: number | undefined;
  /** Ascending, lower case, distinct, as sent. */
  readonly signedHeaders: string;
  readonly signedNames: readonly string[];
  /** 64 hexadecimal digits, lower case. */
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** The query without the signature itself. */
  readonly pairs: readonly CanonicalPair[];
}

/**
 * Reads the claims of a request. Whatever could be understood in two ways is refused: two signatures, a repeated
 * parameter, header and query form at once.
 *
 * @throws SignatureProblem  `missing` for an unsigned request; `incomplete` in AWS's words (aws-behaviour.md section 21)
 */
export function readClaims({ headers, query }: Pick<SignableRequest, "headers" | "query">): SignatureClaims {
  const found = readHeaders(headers);
  const isQueryForm = query.includes("X-Amz-Signature=") || query.includes("X-Amz-Algorithm=");
  if (found.authorization === undefined) {
    if (!isQueryForm) throw new SignatureProblem("missing", "Missing Authentication Token");
    return queryClaims(canonicalPairs(query));
  }
  if (isQueryForm)
    throw new SignatureProblem("incomplete", "Only one of Authorization and X-Amz-Algorithm is allowed.");
  return headerClaims(found.authorization, found, canonicalPairs(query));
}

interface FoundHeaders {
  authorization: string | undefined;
  amzDate: string | undefined;
  date: string | undefined;
  sessionToken: string | undefined;
}

function readHeaders(headers: readonly string[]): FoundHeaders {
  const found: FoundHeaders = {
    authorization: undefined,
    amzDate: undefined,
    date: undefined,
    sessionToken: undefined,
  };
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    const { length } = name;
    if (length !== 13 && length !== 10 && length !== 4 && length !== 20) continue;
    const member = members.get(name.toLowerCase());
    if (member === undefined) continue;
    if (found[member] !== undefined) throw new SignatureProblem("incomplete", `Only one ${name} header is allowed.`);
    found[member] = (headers[at + 1] as string).trim();
  }
  return found;
}

const members: ReadonlyMap<string, keyof FoundHeaders> = new Map([
  ["authorization", "authorization"],
  ["x-amz-date", "amzDate"],
  ["date", "date"],
  ["x-amz-security-token", "sessionToken"],
]);

function headerClaims(authorization: string, found: FoundHeaders, pairs: readonly CanonicalPair[]): SignatureClaims {
  const { credential, signedHeaders, signature } = authorizationParts(authorization);
  const time = timeOf(found, authorization);
  const { sessionToken } = found;
  return claimsOf("header", credential, time, {
    expiresSeconds: undefined,
    signedHeaders,
    signature,
    sessionToken,
    pairs,
  });
}

interface AuthorizationParts {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

/** The usual spelling in one go; all others are read slowly, and complained about. */
const usualForm = /^AWS4-HMAC-SHA256 Credential=([^,\s=]+), ?SignedHeaders=([^,\s=]+), ?Signature=([0-9A-Za-z]+)$/;

function authorizationParts(authorization: string): AuthorizationParts {
  const usual = usualForm.exec(authorization);
  if (usual !== null) {
    return { credential: usual[1] as string, signedHeaders: usual[2] as string, signature: usual[3] as string };
  }
  const complaint = authorizationComplaint(authorization);
  if (complaint !== undefined) throw new SignatureProblem("incomplete", complaint);
  const values = new Map<string, string>();
  for (const pair of authorization.slice(algorithm.length).split(",")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    if (values.has(name)) throw new SignatureProblem("incomplete", `Authorization header has '${name}' twice.`);
    values.set(name, pair.slice(equals + 1).trim());
  }
  return {
    credential: values.get("Credential") ?? "",
    signedHeaders: values.get("SignedHeaders") ?? "",
    signature: values.get("Signature") ?? "",
  };
}

type Rest = Pick<SignatureClaims, "expiresSeconds" | "signedHeaders" | "signature" | "sessionToken" | "pairs">;

/** Written out, member by member: spreading costs a microsecond. */
function claimsOf(form: SignatureClaims["form"], credential: string, time: Time, rest: Rest): SignatureClaims {
  const { accessKeyId, date, region, service, scope } = scopeOf(credential);
  return {
    form,
    accessKeyId,
    date,
    region,
    service,
    scope,
    time: time.time,
    timeMs: time.timeMs,
    expiresSeconds: rest.expiresSeconds,
    signedHeaders: rest.signedHeaders,
    signedNames: rest.signedHeaders.split(";"),
    signature: rest.signature,
    sessionToken: rest.sessionToken,
    pairs: rest.pairs,
  };
}

type Time = Pick<SignatureClaims, "time" | "timeMs">;

function timeOf({ amzDate, date }: FoundHeaders, authorization: string): Time {
  if (amzDate !== undefined) return timeFrom(amzDate);
  if (date === undefined) {
    const scheme = authorization.split(" ", 1)[0];
    const wanted = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
    throw new SignatureProblem("incomplete", `${wanted} Authorization=${scheme}`);
  }
  const isBasic = parseBasicTime(date) !== undefined;
  const ms = isBasic ? Number.NaN : Date.parse(date);
  return timeFrom(Number.isNaN(ms) ? date : new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, ""));
}

function timeFrom(time: string): Time {
  const timeMs = parseBasicTime(time);
  if (timeMs !== undefined) return { time, timeMs };
  const wanted = "Date must be in ISO-8601 'basic format'.";
  throw new SignatureProblem("incomplete", `${wanted} Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`);
}

type Scope = Pick<SignatureClaims, "accessKeyId" | "date" | "region" | "service" | "scope">;

function scopeOf(credential: string): Scope {
  const elements = credential.split("/");
  const [accessKeyId, date, region, service] = elements;
  if (elements.length !== 5 || elements.includes("")) {
    const wanted = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term,";
    throw new SignatureProblem("incomplete", `${wanted} got '${credential}'`);
  }
  const scope = credential.slice((accessKeyId as string).length + 1);
  return {
    accessKeyId: accessKeyId as string,
    date: date as string,
    region: region as string,
    service: service as string,
    scope,
  };
}

function decoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new SignatureProblem("incomplete", `'${name}' of the query-string is no UTF-8.`);
  }
}

const queryNames = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
  "X-Amz-Expires",
] as const;

/** Longest life of a presigned request, seconds: seven days. */
const longestLife = 604_800;

function queryClaims(pairs: readonly CanonicalPair[]): SignatureClaims {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!name.startsWith("X-Amz-")) continue;
    if (values.has(name)) throw new SignatureProblem("incomplete", `'${name}' is in the query-string twice.`);
    values.set(name, decoded(name, value));
  }
  const missing = queryNames.filter((name) => !values.has(name));
  if (missing.length > 0) {
    const complaints = missing.map((name) => `AWS query-string parameters must include '${name}'. `).join("");
    throw new SignatureProblem("incomplete", `${complaints}Re-examine the query-string parameters.`);
  }
  const value = (name: (typeof queryNames)[number]) => values.get(name) as string;
  if (value("X-Amz-Algorithm") !== algorithm) {
    throw new SignatureProblem("incomplete", `Unsupported AWS 'algorithm': '${value("X-Amz-Algorithm")}'.`);
  }
  const life = value("X-Amz-Expires");
  if (!/^\d{1,6}$/.test(life) || Number(life) < 1 || Number(life) > longestLife) {
    throw new SignatureProblem("incomplete", `X-Amz-Expires must be between 1 and ${longestLife} seconds.`);
  }
  return claimsOf("query", value("X-Amz-Credential"), timeFrom(value("X-Amz-Date")), {
    expiresSeconds: Number(life),
    signedHeaders: value("X-Amz-SignedHeaders"),
    signature: value("X-Amz-Signature"),
    sessionToken: values.get("X-Amz-Security-Token"),
    pairs: pairs.filter(([name]) => name !== "X-Amz-Signature"),
  });
}
