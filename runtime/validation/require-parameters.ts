import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { ParameterReader } from "./parameter-reader.js";

/** Step: each required parameter must be present and not blank (aws-behaviour.md section 15). */
export function requireParameters(x: Exchange): boolean {
  const reader = new ParameterReader(x);
  let missing: string[] | undefined;
  for (const parameter of x.route.requiredParameters) {
    if (reader.values(parameter).some((value) => value.trim() !== "")) continue;
    missing ??= [];
    missing.push(parameter.label);
  }
  if (missing === undefined) return false;
  throw new GatewayError("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${missing.join(", ")}]`);
}
