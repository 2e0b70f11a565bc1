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

/** A caller who is known by a token. */
export class TokenCaller implements Caller {
  readonly identity = anonymousIdentity;
  readonly usageIdentifierKey = undefined;
  #cacheIdentity = "";

  constructor(
    readonly authorizer: Extract<CallerAuthorizer, { readonly kind: "cognito" | "jwt" }>,
    private readonly claims: Readonly<Record<string, unknown>>,
  ) {}

  /**
   * Two tokens are one caller where all claims are the same that say who it is and what it may. Hashed, since cache keys
   * leave the process; made when first asked for.
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
