import type { Exchange } from "../../http/exchange.js";
import type { TestRun } from "../../observe/trace.js";
import type { TokenAuthorizerEntry } from "../authorizer-entry.js";
import { type TokenRules, verifyCredential } from "./verify-credential.js";

/** A test of the route goes on without a token; one of the authorizer ends here, with the token's claims. @throws GatewayError */
export function testToken(
  x: Exchange,
  entry: TokenAuthorizerEntry,
  rules: TokenRules,
  test: TestRun,
): false | Promise<boolean> {
  return test.kind === "method" ? false : decide(x, entry, rules, test);
}

async function decide(x: Exchange, entry: TokenAuthorizerEntry, rules: TokenRules, test: TestRun): Promise<true> {
  await verifyCredential(x, entry, rules);
  const authorizer = x.caller?.authorizer;
  if (authorizer?.kind === "cognito" || authorizer?.kind === "jwt") test.decision = { claims: authorizer.claims };
  return x.answer(200, [], "");
}
