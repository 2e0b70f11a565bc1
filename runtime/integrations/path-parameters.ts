import type { Exchange } from "../http/exchange.js";
import { decodePercent } from "../mapping/query-text.js";
import { setOwn } from "./own-property.js";

/** Names of the parameters among a route's segments, in order: `orders/{id}/{rest+}` has `id` and `rest`. */
export function parameterNames(segments: readonly string[]): readonly string[] {
  return segments.filter((segment) => segment.startsWith("{")).map((segment) => segment.replace(/^\{|\+?\}$/g, ""));
}

/** Path parameters as events carry them: raw on REST APIs, decoded on HTTP APIs (aws-behaviour.md 2.1 and 2.2). */
export function pathParameters(
  { pathValues }: Exchange,
  names: readonly string[],
  isDecoded: boolean,
): Record<string, string> | null {
  if (names.length === 0) return null;
  const parameters: Record<string, string> = {};
  for (let at = 0; at < names.length; at++) {
    const value = pathValues[at] ?? "";
    setOwn(parameters, names[at] as string, isDecoded ? decodePercent(value) : value);
  }
  return parameters;
}
