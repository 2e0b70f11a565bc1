/** What one policy says of one request. Three-valued: who is neither allowed nor denied is decided by others. */
export type PolicyResult = "allow" | "deny" | "silent";

/** What several policies come to. */
export type Decision = "allow" | "explicit-deny" | "implicit-deny";

export interface PolicyRequest {
  /** `execute-api:Invoke`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Undefined: anonymous. */
  readonly principal: PolicyPrincipal | undefined;
  readonly context: PolicyContext;
}

/** Who asks, as `Principal` elements name it. */
export interface PolicyPrincipal {
  readonly accountId: string;
  /** The caller's own ARN, and for the session of a role the ARN of the role too. */
  readonly arns: readonly string[];
}

/** Condition keys in lower case (`aws:sourceip`) → value; absent keys are undefined. A Map is one. */
export interface PolicyContext {
  get(lowerCaseKey: string): string | readonly string[] | undefined;
}

/** A policy ready to be asked; nothing of it is parsed any more. */
export interface CompiledPolicy {
  evaluate(request: PolicyRequest): PolicyResult;
}

/** A policy that is no policy. It must never be taken for one that says nothing. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
}
