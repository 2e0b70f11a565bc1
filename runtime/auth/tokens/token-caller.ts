import { createHash } from "node:crypto";
import { anonymousIdentity, type Caller, type CallerAuthorizer } from "../caller.js";

/** Claims that differ from one token of the same caller to the next. */
const perToken: ReadonlySet<string> = new Set([
  "at_hash",
  "auth_time",
  "event_id",
  "exp",
  "iat",
  "jti",
  "nbf",
  "nonce",
  "origin_jti",
]);

type TokenAuthorizer = Extract<CallerAuthorizer, { readonly kind: "cognito" | "jwt" }>;

/** A caller who is known by a token. What events and cache keys need of it is made when they ask for it. */
export class TokenCaller implements Caller {
  readonly identity = anonymousIdentity;
  readonly usageIdentifierKey = undefined;
  #authorizer: TokenAuthorizer | undefined = undefined;
  #cacheIdentity = "";

  constructor(
    private readonly kind: TokenAuthorizer["kind"],
    private readonly claims: Readonly<Record<string, unknown>>,
    /** Of the scopes that the route asks for, those that the token has; null where it asks for none. */
    readonly scopes: readonly string[] | null,
  ) {}

  get authorizer(): TokenAuthorizer {
    if (this.#authorizer === undefined) {
      const claims = new Map(Object.entries(this.claims));
      const { kind, scopes } = this;
      this.#authorizer = kind === "jwt" ? { kind, claims, scopes } : { kind, claims };
    }
    return this.#authorizer;
  }

  /**
   * Two tokens are one caller where all claims are the same that say who it is and what it may. Hashed, since cache keys
   * leave the process.
   */
  get cacheIdentity(): string {
    if (this.#cacheIdentity === "") {
      const members = Object.entries(this.claims).filter(([name]) => !perToken.has(name));
      const text = JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1)));
      this.#cacheIdentity = createHash("sha256").update(text).digest("base64url");
    }
    return this.#cacheIdentity;
  }
}
