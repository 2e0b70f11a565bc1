import type { CompiledPolicy, Decision, PolicyRequest, PolicyResult } from "./policy.js";

/**
 * What the caller's side (identity policies, or the policy of a Lambda authorizer) and the resource policy come to:
 * Table A for callers of the same account, Table B for those of another (aws-behaviour.md section 23).
 */
export function decide(caller: PolicyResult, resource: PolicyResult, isSameAccount: boolean): Decision {
  if (caller === "deny" || resource === "deny") return "explicit-deny";
  const allowing = (caller === "allow" ? 1 : 0) + (resource === "allow" ? 1 : 0);
  return allowing >= (isSameAccount ? 1 : 2) ? "allow" : "implicit-deny";
}

/** Several policies of one caller together: any deny, else any allow. */
export function evaluateAll(policies: readonly CompiledPolicy[], request: PolicyRequest): PolicyResult {
  let result: PolicyResult = "silent";
  for (const policy of policies) {
    const own = policy.evaluate(request);
    if (own === "deny") return "deny";
    if (own === "allow") result = "allow";
  }
  return result;
}
