import type { Exchange } from "../http/exchange.js";
import type { ParameterSource } from "./parameters.js";

/** A constant, or something that is read of the exchange; what is absent prints as nothing. */
export type SubstitutionPart = string | ParameterSource;

/**
 * Text of a gateway response: plain substitution, no directives (aws-behaviour.md section 16). The generator has taken
 * the template apart; here the parts are only joined.
 */
export function substitution(parts: readonly SubstitutionPart[]): (x: Exchange) => string {
  return (x) => {
    let text = "";
    for (const part of parts) text += typeof part === "string" ? part : (part(x) ?? "").toString();
    return text;
  };
}
