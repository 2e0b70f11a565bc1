import type { Caller } from "../caller.js";
import type { CompiledPolicy, PolicyPrincipal } from "../policy/index.js";
import type { VerifyCredentials } from "../sigv4/index.js";

/** A user, or the session of a role, with what is known of it. */
export interface Principal extends PolicyPrincipal {
  /** The caller's own ARN: `arn:aws:iam::…:user/ann`, `arn:aws:sts::…:assumed-role/reader/session`. */
  readonly arn: string;
  /** `AIDA…`, or `AROA…:session`. */
  readonly id: string;
  /** Name of a user; undefined for sessions of roles. */
  readonly userName: string | undefined;
  readonly orgId: string | undefined;
  /** Names in lower case. */
  readonly tags: ReadonlyMap<string, string>;
  readonly policies: readonly CompiledPolicy[];
}

/** An access key with the principal that it belongs to. */
export interface AccessKey extends VerifyCredentials {
  readonly principal: Principal;
  /** As events, `$context` and cache keys show the caller. */
  readonly caller: Caller;
}
