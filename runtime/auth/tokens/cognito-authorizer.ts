import type { Exchange } from "../../http/exchange.js";
import { GatewayError } from "../../http/gateway-error.js";
import { testToken } from "./test-token.js";
import { type TokenRules, verifyCredential } from "./verify-credential.js";

/**
 * Cognito user pools on REST APIs (aws-behaviour.md section 22): without scopes a route takes ID tokens, with scopes access
 * tokens that have one of them.
 */
export function cognitoAuthorizer(x: Exchange): false | Promise<boolean> {
  const { authorizer: entry } = x.route;
  if (entry?.kind !== "cognito") throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR");
  const test = x.trace?.test;
  if (test !== undefined) return testToken(x, entry, rules, test);
  return verifyCredential(x, entry, rules);
}

const rules: TokenRules = {
  admit(x, verifier, token) {
    const { scopes: wanted } = x.route;
    const use = wanted.length === 0 ? "id" : "access";
    if (token.claims["token_use"] !== use) throw unauthorized(`an ${use} token is wanted`);
    const caller = verifier.callerOf(token, wanted);
    if (caller.scopes?.length === 0) throw unauthorized("the token has none of the route's scopes");
    x.caller = caller;
    return false;
  },
  refuse(_x, problem) {
    if (problem === undefined) return unauthorized("there is no token");
    if (problem.kind === "expired") return new GatewayError("UNAUTHORIZED", "The incoming token has expired");
    if (problem.kind === "unavailable")
      return new GatewayError("AUTHORIZER_FAILURE", undefined, { note: problem.message });
    return unauthorized(problem.message);
  },
};

function unauthorized(note: string): GatewayError {
  return new GatewayError("UNAUTHORIZED", undefined, { note });
}
