import type { Exchange } from "../http/exchange.js";
import { customBody } from "./custom-body.js";
import { configurationError } from "./failures.js";
import type { LambdaMapping } from "./lambda-target.js";
import { withOverrides } from "./overrides.js";

/**
 * The event of a Lambda integration with templates (aws-behaviour.md 6.4 and 11).
 *
 * @returns JSON text, and the value that it is
 * @throws GatewayError 500 when the template made no JSON
 */
export function customEvent(x: Exchange, mapping: LambdaMapping): { readonly text: string; readonly value: unknown } {
  const made = customBody(x, mapping).toString("utf8");
  const text = made.trim() === "" ? "{}" : made;
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    throw configurationError("Lambda execution failed with status 400: the request body is no JSON");
  }
}

/** A mapped header of the call of the Invoke API, by its lower-case name. */
export function callHeader(x: Exchange, { headers = [] }: LambdaMapping, lowerCaseName: string): string | undefined {
  const mapped = withOverrides(headers, x.templates?.overrides().request.header, true);
  const value = mapped.findLast(({ name }) => name.toLowerCase() === lowerCaseName)?.source(x);
  return typeof value === "string" || value === undefined ? value : value.join(",");
}
