import type { Exchange } from "../../http/exchange.js";
import { GatewayError } from "../../http/gateway-error.js";
import { testToken } from "./test-token.js";
import { type TokenRules, verifyCredential } from "./verify-credential.js";

/**
 * JWT authorizers of HTTP APIs (aws-behaviour.md 28.3). `www-authenticate` says what is wrong with a token, as AWS does.
 */
export function jwtAuthorizer(x: Exchange): false | Promise<boolean> {
  const { authorizer: entry } = x.route;
  if (entry?.kind !== "jwt") throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR");
  const test = x.trace?.test;
  if (test !== undefined) return testToken(x, entry, rules, test);
  return verifyCredential(x, entry, rules);
}

const rules: TokenRules = {
  admit(x, verifier, token) {
    const caller = verifier.callerOf(token, x.route.scopes);
    if (caller.scopes?.length === 0) {
      const why = "the token does not have any of the required scopes";
      throw new GatewayError("ACCESS_DENIED", undefined, {
        headers: ["www-authenticate", challenge(x, "insufficient_scope", why)],
        note: why,
      });
    }
    x.caller = caller;
    return false;
  },
  refuse(x, problem) {
    const header = problem === undefined ? "Bearer" : challenge(x, "invalid_token", problem.message);
    const note = problem?.message ?? "there is no token";
    return new GatewayError("UNAUTHORIZED", undefined, { headers: ["www-authenticate", header], note });
  },
};

function challenge(x: Exchange, error: string, why: string): string {
  return `Bearer scope="${x.route.scopes.join(" ")}" error="${error}" error_description="${why}"`;
}
