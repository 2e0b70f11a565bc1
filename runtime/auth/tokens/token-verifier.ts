import type { LiveProgram, LiveStage } from "../../host/live-program.js";
import { plainText, resolveText } from "../../integrations/target-text.js";
import { logName } from "../../observe/logger.js";
import type { TargetText } from "../../program.js";
import type { TokenAuthorizerEntry } from "../authorizer-entry.js";
import { ExpiringMap } from "../expiring-map.js";
import type { Algorithm } from "../jose/algorithms.js";
import { decodeBase64url } from "../jose/base64url.js";
import {
  type CompactJws,
  type JoseHeader,
  parseCompactJws,
  parseJoseHeader,
  parseObject,
} from "../jose/compact-jws.js";
import type { VerificationKey } from "../jose/verification-key.js";
import { keyAddress, poolIssuer } from "./issuer-address.js";
import { IssuerKeys } from "./issuer-keys.js";
import { isLocalKid } from "./local-issuer.js";
import { TokenCaller } from "./token-caller.js";
import { checkAudience, readClaims, scopesOf, type TokenClaims } from "./token-claims.js";
import { TokenProblem } from "./token-problem.js";

/** A token that has been found right; kept until it expires. */
export interface VerifiedToken {
  /** As it was sent. */
  readonly credential: string;
  readonly claims: TokenClaims["all"];
  /** Of routes that ask for no scopes; undefined before the first of them. */
  caller: TokenCaller | undefined;
  /** Callers by the list of scopes that a route asks for; undefined before the first such route. */
  byScopes: Map<readonly string[], TokenCaller> | undefined;
  readonly key: VerificationKey;
  readonly keys: IssuerKeys;
}

interface Issuer {
  readonly keys: IssuerKeys;
  /** Of `gateway dev`: keys of tokens that `gateway token` has made. */
  readonly local: IssuerKeys | undefined;
}

/** Different headers that are remembered: an issuer has one for each of its keys. */
const maxHeaders = 64;
const maxTokens = 10_000;
const maxTokenCharacters = 16_000_000;

/** Cognito signs with RS256 alone; JWT authorizers take the RSA family (aws-behaviour.md 28.3). */
const algorithms: Readonly<Record<TokenAuthorizerEntry["kind"], readonly Algorithm[]>> = {
  cognito: ["RS256"],
  jwt: ["RS256", "RS384", "RS512"],
};

/** Verifies the tokens of one authorizer in one stage. */
export class TokenVerifier {
  readonly #verified = new ExpiringMap<VerifiedToken>(maxTokens, maxTokenCharacters);
  readonly #headers = new Map<string, JoseHeader>();
  readonly #issuers = new Map<string, Issuer>();
  readonly #audience: readonly string[];
  readonly #algorithms: ReadonlySet<string>;

  constructor(
    private readonly entry: TokenAuthorizerEntry,
    private readonly program: LiveProgram,
    stage: LiveStage,
  ) {
    this.#algorithms = new Set(algorithms[entry.kind]);
    const textOf = (text: TargetText) => plainText(resolveText(text, stage.variables, program.environment)) ?? "";
    this.#audience = entry.audience.map(textOf).filter((text) => text !== "");
    const given = entry.issuerEndpoint === undefined ? "" : textOf(entry.issuerEndpoint);
    const endpoint = program.authorizers.issuerEndpoint(entry.name) ?? (given === "" ? undefined : given);
    for (const text of entry.issuers) {
      const issuer = entry.kind === "cognito" ? poolIssuer(textOf(text)) : textOf(text);
      if (issuer !== undefined && keyAddress(issuer) !== undefined) this.#addIssuer(issuer, endpoint, stage);
      else this.#log(stage, `authorizer "${entry.name}" has an issuer that is none`, textOf(text));
    }
  }

  /** What has been found right before and still is; credentials are compared as they were sent. */
  kept(credential: string, now: number): VerifiedToken | undefined {
    const end = endOf(credential);
    const token = this.#verified.get(end, now);
    if (token === undefined || token.credential !== credential) return undefined;
    if (token.keys.known(token.key.kid, this.program.clock.monotonic()) === token.key) return token;
    this.#verified.delete(end);
    return undefined;
  }

  /**
   * @param credential  a JWT, with or without `Bearer ` before it
   * @param now         wall clock, ms
   * @throws TokenProblem, now or later
   */
  verify(credential: string, now: number): VerifiedToken | Promise<VerifiedToken> {
    const jws = parseCompactJws(withoutScheme(credential), this.#headerOf);
    const all = jws && parseObject(jws.payload);
    if (jws === undefined || all === undefined) throw new TokenProblem("invalid", "the token is no signed JWT");
    const { alg, kid } = jws.header;
    if (!this.#algorithms.has(alg)) throw new TokenProblem("invalid", "the algorithm of the token is not allowed");
    if (kid === undefined) throw new TokenProblem("invalid", "the token has no kid");
    const keys = this.#keysOf(all, kid);
    const ageNow = this.program.clock.monotonic();
    const key = keys.known(kid, ageNow);
    if (key !== undefined) return this.#complete(credential, jws, all, { key, keys }, now);
    return keys.find(kid, ageNow).then((found) => this.#complete(credential, jws, all, { key: found, keys }, now));
  }

  /** By the issuer that the token names: it is one of those that are configured, letter by letter, or there are no keys. */
  #keysOf({ iss }: TokenClaims["all"], kid: string): IssuerKeys {
    const issuer = typeof iss === "string" ? this.#issuers.get(iss) : undefined;
    if (issuer === undefined) throw new TokenProblem("invalid", "the token is not of the issuer that is configured");
    return issuer.local !== undefined && isLocalKid(kid) ? issuer.local : issuer.keys;
  }

  /** Nothing of the claims counts before the signature does. */
  #complete(
    credential: string,
    jws: CompactJws,
    all: TokenClaims["all"],
    { key, keys }: Pick<VerifiedToken, "key" | "keys">,
    now: number,
  ): VerifiedToken {
    if (!key.verifies(jws)) {
      const isNone = decodeBase64url(jws.signature) === undefined;
      throw new TokenProblem("invalid", isNone ? "the token is no signed JWT" : "the signature of the token is wrong");
    }
    const claims = readClaims(all, now, this.entry.clockSkewSeconds);
    if (this.entry.kind === "jwt") checkAudience(all, this.#audience);
    const token: VerifiedToken = {
      credential,
      claims: all,
      caller: undefined,
      byScopes: undefined,
      key,
      keys,
    };
    this.#verified.set(endOf(credential), token, claims.expiresAt * 1000, credential.length);
    return token;
  }

  /** The caller as a route with scopes shows it: with those of them that the token has. */
  callerOf(token: VerifiedToken, wanted: readonly string[]): TokenCaller {
    if (wanted.length === 0) {
      token.caller ??= this.#caller(token.claims, null);
      return token.caller;
    }
    const known = token.byScopes?.get(wanted);
    if (known !== undefined) return known;
    const caller = this.#caller(token.claims, scopesAmong(token, wanted));
    token.byScopes ??= new Map();
    token.byScopes.set(wanted, caller);
    return caller;
  }

  #caller(all: TokenClaims["all"], scopes: readonly string[] | null): TokenCaller {
    return new TokenCaller(this.entry.kind, all, scopes);
  }

  readonly #headerOf = (part: string): JoseHeader | undefined => {
    const known = this.#headers.get(part);
    if (known !== undefined) return known;
    const header = parseJoseHeader(part);
    if (header !== undefined && this.#headers.size < maxHeaders) this.#headers.set(part, header);
    return header;
  };

  #addIssuer(issuer: string, endpoint: string | undefined, stage: LiveStage): void {
    const find = this.entry.kind === "cognito" ? "jwks" : "discovery";
    const allowed = algorithms[this.entry.kind];
    const tell = (why: string) => this.#log(stage, `the keys of ${issuer} cannot be had`, why);
    const local = this.program.authorizers.localIssuer;
    this.#issuers.set(issuer, {
      keys: new IssuerKeys({ issuer, endpoint, find }, allowed, tell),
      local: local === undefined ? undefined : new IssuerKeys({ issuer, endpoint: local, find: "jwks" }, allowed, tell),
    });
  }

  #log(stage: LiveStage, message: string, detail: string): void {
    this.program.logger.write({ level: "error", message, stage: logName(stage), detail });
  }
}

/** The last 256 bits of the signature, which no two tokens share; hashing whole tokens would cost a microsecond more. */
function endOf(credential: string): string {
  return credential.slice(-43);
}

/** The scopes that a token has, of those that are wanted. */
function scopesAmong({ claims }: VerifiedToken, wanted: readonly string[]): readonly string[] {
  const scopes = scopesOf(claims);
  return wanted.filter((scope) => scopes.includes(scope));
}

/** `Bearer` in any case, and one blank or several, as RFC 9110 section 11.1 has schemes. */
function withoutScheme(credential: string): string {
  const usual = "Bearer ";
  const isScheme = credential.startsWith(usual) || credential.slice(0, usual.length).toLowerCase() === "bearer ";
  if (!isScheme) return credential;
  let at = usual.length;
  while (credential.charCodeAt(at) === 0x20) at++;
  return credential.slice(at);
}
