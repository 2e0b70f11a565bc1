import { TokenProblem } from "./token-problem.js";

/** The claims of a token whose signature is right, with the types that RFC 7519 section 4.1 gives them. */
export interface TokenClaims {
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly all: Readonly<Record<string, unknown>>;
}

/**
 * Reads the claims that every token needs, and checks its time.
 *
 * @param nowMs             wall clock
 * @param clockSkewSeconds  how far `nbf` and `iat` may lie ahead; `exp` is never stretched
 * @throws TokenProblem
 */
export function readClaims(
  all: Readonly<Record<string, unknown>>,
  nowMs: number,
  clockSkewSeconds: number,
): TokenClaims {
  const { iss, exp } = all;
  if (typeof iss !== "string") throw new TokenProblem("invalid", "the token has no issuer");
  const expiresAt = timeOf(exp, "exp");
  if (expiresAt === undefined) throw new TokenProblem("invalid", "the token has no exp");
  const now = nowMs / 1000;
  if (expiresAt <= now) throw new TokenProblem("expired", "the token has expired");
  const latest = now + clockSkewSeconds;
  if ((timeOf(all["nbf"], "nbf") ?? 0) > latest) throw new TokenProblem("invalid", "the token is not valid yet");
  if ((timeOf(all["iat"], "iat") ?? 0) > latest)
    throw new TokenProblem("invalid", "the token was issued in the future");
  return { issuer: iss, expiresAt, all };
}

function timeOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TokenProblem("invalid", `${name} of the token is no number`);
}

/**
 * `aud`, or `client_id` where there is no `aud`, has to be one of the audiences (aws-behaviour.md 28.3).
 *
 * @throws TokenProblem with AWS's own words
 */
export function checkAudience({ aud, client_id }: Readonly<Record<string, unknown>>, wanted: readonly string[]): void {
  const given = aud === undefined ? client_id : aud;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.some((text) => typeof text === "string" && wanted.includes(text))) return;
  throw new TokenProblem("invalid", "the token does not have a valid audience");
}

/** Scopes of `scope` (a text with blanks, RFC 8693 section 4.2) or `scp` (a text or a list). */
export function scopesOf({ scope, scp }: Readonly<Record<string, unknown>>): readonly string[] {
  const given = scope ?? scp;
  if (typeof given === "string") return given.split(" ").filter((name) => name !== "");
  return Array.isArray(given) ? given.filter((name) => typeof name === "string") : [];
}
