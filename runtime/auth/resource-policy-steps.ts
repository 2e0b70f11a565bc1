import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { methodArn } from "./method-arn.js";
import { decide, type PolicyResult } from "./policy/index.js";
import { RequestContext } from "./policy-context.js";
import { policyRefusal } from "./policy-refusal.js";

/** Step of open routes, and of routes with tokens once the token is believed: the policy must allow (aws-behaviour.md 23). */
export function policyAllows(x: Exchange): false {
  if (x.trace?.test !== undefined) return false;
  const arn = methodArn(x);
  const result = policyResult(x, arn);
  if (result === "allow") return false;
  throw policyRefusal("anonymous", arn, result === "deny" ? "explicit-deny" : "implicit-deny");
}

/** Step before a Lambda authorizer: an explicit deny is enough, and the function is not asked. */
export function policyDenies(x: Exchange): false {
  if (x.trace?.test !== undefined) return false;
  const arn = methodArn(x);
  x.policyResult = policyResult(x, arn);
  if (x.policyResult === "deny") throw policyRefusal("anonymous", arn, "explicit-deny");
  return false;
}

/** Step behind a Lambda authorizer: its policy and the resource policy together, by Table A. */
export function policyAgrees(x: Exchange): false {
  if (x.trace?.test !== undefined) return false;
  if (decide(x.authorizerEffect ?? "silent", x.policyResult, true) === "allow") return false;
  throw new GatewayError("ACCESS_DENIED");
}

/** Callers with tokens are nobody that a policy could name: all of them are anonymous to it. */
function policyResult(x: Exchange, resource: string): PolicyResult {
  const { policy } = x.program;
  if (policy === undefined) return "silent";
  const context = new RequestContext(x, undefined);
  return policy.evaluate({ action: "execute-api:Invoke", resource, principal: undefined, context });
}
