import type { Exchange } from "../../http/exchange.js";
import type { TokenAuthorizerEntry } from "../authorizer-entry.js";
import { identityValue, isAmbiguous } from "../identity-source.js";
import { TokenProblem } from "./token-problem.js";
import { TokenVerifier, type VerifiedToken } from "./token-verifier.js";

/** What a kind of authorizer does with a token that is right, and with one that is not. */
export interface TokenRules {
  /** @throws GatewayError when the token does not open this route */
  admit(x: Exchange, verifier: TokenVerifier, token: VerifiedToken): false;
  /** @param problem undefined: the request has no token @returns what is thrown */
  refuse(x: Exchange, problem: TokenProblem | undefined): Error;
}

/** Finds the token, verifies it or knows it already, and lets the rules decide. Every failure refuses. */
export function verifyCredential(x: Exchange, entry: TokenAuthorizerEntry, rules: TokenRules): false | Promise<false> {
  const credential = identityValue(x, entry.identity);
  if (credential === undefined) throw rules.refuse(x, undefined);
  if (isAmbiguous(x, entry.identity)) throw rules.refuse(x, new TokenProblem("invalid", "there are several tokens"));
  const verifier = x.program.authorizers.of(entry, x.stage, () => new TokenVerifier(entry, x.program, x.stage));
  const kept = verifier.kept(credential, x.receivedAt);
  if (kept !== undefined) return rules.admit(x, verifier, kept);
  try {
    const verified = verifier.verify(credential, x.program.clock.now());
    if (!(verified instanceof Promise)) return rules.admit(x, verifier, verified);
    return verified.then(
      (token) => rules.admit(x, verifier, token),
      (error: unknown) => {
        throw refusal(x, rules, error);
      },
    );
  } catch (error) {
    throw refusal(x, rules, error);
  }
}

function refusal(x: Exchange, rules: TokenRules, error: unknown): unknown {
  return error instanceof TokenProblem ? rules.refuse(x, error) : error;
}
