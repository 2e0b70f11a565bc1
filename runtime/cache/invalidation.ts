import { methodArn } from "../auth/method-arn.js";
import { decide, evaluateAll, type PolicyRequest } from "../auth/policy/index.js";
import { RequestContext } from "../auth/policy-context.js";
import { policyRefusal } from "../auth/policy-refusal.js";
import type { Exchange } from "../http/exchange.js";
import type { StageCacheEntry } from "./cache-entry.js";

/** RFC 9111 section 5.5 has no code for it any more; 199 was "miscellaneous warning". */
export const ignoredWarning = '199 - "Cache-Control: max-age=0 was ignored: not authorized to invalidate the cache"';

/** Whether the client wants an answer of the integration: `Cache-Control: max-age=0` (aws-behaviour.md section 18). */
export function asksForFresh(x: Exchange): boolean {
  const value = x.header("cache-control");
  return value !== undefined && /(?:^|[\s,])max-age\s*=\s*"?0+"?(?=$|[\s,])/i.test(value);
}

/**
 * Whether the caller may have the stored answer replaced: anyone where the stage says so, else callers that IAM allows
 * execute-api:InvalidateCache on the method.
 *
 * @throws GatewayError ACCESS_DENIED where the stage refuses those who may not
 */
export function mayInvalidate(x: Exchange, { invalidate, unauthorized }: StageCacheEntry): boolean {
  if (invalidate === "anyone") return true;
  const arn = methodArn(x);
  const principal = x.signer?.key.principal;
  const action = "execute-api:InvalidateCache";
  const request: PolicyRequest = { action, resource: arn, principal, context: new RequestContext(x, principal) };
  const own = principal === undefined ? "silent" : evaluateAll(principal.policies, request);
  const resource = x.program.policy?.evaluate(request) ?? "silent";
  const isSameAccount = principal === undefined || principal.accountId === x.program.program.api.account;
  const decision = decide(own, resource, isSameAccount);
  if (decision === "allow") return true;
  if (unauthorized === "FAIL_WITH_403") throw policyRefusal(principal?.arn ?? "anonymous", arn, decision, action);
  return false;
}
