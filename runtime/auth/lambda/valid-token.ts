import type { Exchange } from "../../http/exchange.js";
import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { identityValue } from "../identity-source.js";

/** Whether the token has the form that the authorizer asks for, where it asks for one; else its function is not called. */
export function isValidToken(x: Exchange, { identity, validation }: LambdaAuthorizerEntry): boolean {
  if (validation === undefined) return true;
  const [source] = identity;
  const token = source && identityValue(x, source);
  return token !== undefined && validation.matches(token);
}
