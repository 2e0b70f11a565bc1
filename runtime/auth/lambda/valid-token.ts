import type { Exchange } from "../../http/exchange.js";
import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { identityValue, isAmbiguous } from "../identity-source.js";

/** Whether there is one token, of the form that the authorizer asks for where it asks for one; else its function is not called. */
export function isValidToken(x: Exchange, { type, identity, validation }: LambdaAuthorizerEntry): boolean {
  const [source] = identity;
  if (type === "token" && source !== undefined && isAmbiguous(x, source)) return false;
  if (validation === undefined) return true;
  const token = source && identityValue(x, source);
  return token !== undefined && validation.matches(token);
}
