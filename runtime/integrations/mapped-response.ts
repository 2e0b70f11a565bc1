import type { Exchange } from "../http/exchange.js";
import type { HttpTargetResponse } from "./http-target.js";
import { withOverrides } from "./overrides.js";
import { checkedValue } from "./proxy-request.js";
import { restResponseName } from "./response-headers.js";

/**
 * Headers of a non-proxy answer: those that are mapped, remapped where they belong to the service, and a Content-Type in
 * any case (aws-behaviour.md 11, 12.2 and 13.2).
 *
 * @param contentType  of the chosen template, unless a mapping sets one
 */
export function mappedHeaders(x: Exchange, { headers }: HttpTargetResponse, contentType: string): string[] {
  const list: string[] = [];
  let hasType = false;
  for (const { name, source } of withOverrides(headers, x.templates?.overrides().response.header, true)) {
    const value = source(x);
    const wireName = restResponseName(name, false);
    if (value === undefined || wireName === "") continue;
    if (wireName.toLowerCase() === "content-type") hasType = true;
    list.push(wireName, checkedValue(name, typeof value === "string" ? value : value.join(",")));
  }
  if (!hasType) list.push("Content-Type", contentType === "$default" ? "application/json" : contentType);
  return list;
}
