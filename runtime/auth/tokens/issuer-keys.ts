import type { Algorithm } from "../jose/algorithms.js";
import { readKeySet, type VerificationKey } from "../jose/verification-key.js";
import { fetchJson } from "./fetch-json.js";
import { below, keyAddress } from "./issuer-address.js";
import { TokenProblem } from "./token-problem.js";

/** Where an issuer's keys are. */
export interface IssuerPlace {
  /** As tokens name it. */
  readonly issuer: string;
  /** What is asked instead of the issuer; undefined: the issuer itself. */
  readonly endpoint: string | undefined;
  /** `jwks`: at a known path, as of Cognito. `discovery`: where the OpenID configuration says. */
  readonly find: "jwks" | "discovery";
}

/** Keys are asked for again after an hour; AWS keeps them for two at most. */
const freshMs = 3_600_000;
/** An issuer that cannot be reached keeps its keys for a day. */
const staleMs = 86_400_000;
/** A token with an unknown `kid` makes the keys be asked for again, but not more often than this. */
const leastIntervalMs = 10_000;
/** While there are no keys at all. */
export const retryMs = 1_000;

/**
 * The keys of one issuer: fetched when first needed, kept, fetched again when they are old or a token names one that is
 * not there. Many requests wait for one fetch; an issuer that is away is not asked by each.
 */
export class IssuerKeys {
  #keys: ReadonlyMap<string, VerificationKey> = new Map();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined = undefined;

  constructor(
    private readonly place: IssuerPlace,
    private readonly algorithms: readonly Algorithm[],
    /** Told why keys could not be had. */
    private readonly onFailure: (why: string) => void,
  ) {}

  /** The key, where no fetch has to be awaited. Old keys are renewed behind the caller's back. @param now monotonic clock, ms */
  known(kid: string, now: number): VerificationKey | undefined {
    if (!this.isUsable(now)) return undefined;
    if (now - this.#fetchedAt > freshMs && now - this.#triedAt > leastIntervalMs) this.#refresh(now).catch(ignore);
    return this.#keys.get(kid);
  }

  /** Whether there are keys that are not too old to be believed. */
  isUsable(now: number): boolean {
    return now - this.#fetchedAt < staleMs;
  }

  /**
   * The key, fetched where needed.
   *
   * @param now  monotonic clock, ms: a wall clock that is set neither makes keys older nor keeps new ones from being asked for
   * @throws TokenProblem `unavailable` without any keys, `invalid` for a `kid` that the issuer does not have
   */
  async find(kid: string, now: number): Promise<VerificationKey> {
    const intervalMs = this.isUsable(now) ? leastIntervalMs : retryMs;
    if (this.#fetching !== undefined || now - this.#triedAt >= intervalMs) {
      await this.#refresh(now).catch(ignore);
    }
    if (!this.isUsable(now)) throw new TokenProblem("unavailable", "the keys of the issuer cannot be had");
    const key = this.#keys.get(kid);
    if (key === undefined) throw new TokenProblem("invalid", "the issuer has no key with the kid of the token");
    return key;
  }

  #refresh(now: number): Promise<void> {
    this.#triedAt = now;
    this.#fetching ??= this.#fetch(now).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(now: number): Promise<void> {
    try {
      const keys = readKeySet(await fetchJson(await this.#keySetUrl()), this.algorithms);
      if (keys.size === 0) throw new Error("the key set has no key that can be used");
      this.#replace(keys);
      this.#fetchedAt = now;
    } catch (error) {
      this.onFailure(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async #keySetUrl(): Promise<URL> {
    const { issuer, endpoint, find } = this.place;
    const base = endpoint ?? issuer;
    if (find === "jwks") return allowed(below(base, ".well-known/jwks.json"));
    const configuration = await fetchJson(allowed(below(base, ".well-known/openid-configuration")));
    const { jwks_uri, issuer: named } = Object(configuration) as {
      readonly jwks_uri?: unknown;
      readonly issuer?: unknown;
    };
    // OpenID Connect Discovery 1.0, section 4.3; an endpoint in the issuer's place may have a name of its own.
    if (endpoint === undefined && named !== issuer) throw new Error("the OpenID configuration is another issuer's");
    if (typeof jwks_uri !== "string") throw new Error("the OpenID configuration has no jwks_uri");
    return allowed(jwks_uri);
  }

  /** What an old key has signed stays believed only while the issuer still has that key. */
  #replace(keys: ReadonlyMap<string, VerificationKey>): void {
    const kept = new Map(keys);
    for (const [kid, old] of this.#keys) if (keys.get(kid)?.isSameAs(old)) kept.set(kid, old);
    this.#keys = kept;
  }
}

function allowed(text: string): URL {
  const url = keyAddress(text);
  if (url === undefined) throw new Error("keys are fetched over https only, but from this machine");
  return url;
}

function ignore(): void {}
