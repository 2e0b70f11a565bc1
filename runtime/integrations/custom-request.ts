import type { Exchange } from "../http/exchange.js";
import { type HttpEndpoint, uriQueryOf } from "./http-endpoint.js";
import { withOverrides } from "./overrides.js";
import { applyMapped, mappedQuery, removeHeader } from "./proxy-request.js";

/** Method of a non-proxy request. */
export function customMethod(x: Exchange, { target }: HttpEndpoint): string {
  return target.method === "ANY" ? x.method : target.method;
}

/** Query of the URI and of the mappings; the client's own does not flow (aws-behaviour.md 5.2). */
export function customQuery(x: Exchange, endpoint: HttpEndpoint): string {
  const mapped = withOverrides(endpoint.target.query, x.templates?.overrides().request.querystring);
  return [uriQueryOf(x, endpoint), mappedQuery(x, mapped)].filter((part) => part !== "").join("&");
}

export function withQuery(path: string, query: string): string {
  return query === "" ? path : `${path}?${query}`;
}

/**
 * The service's own headers, overwritten by mapped ones (aws-behaviour.md 5.2).
 *
 * @param contentType  of the body unless it is mapped; undefined: none
 */
export function customHeaders(
  x: Exchange,
  { authority, target }: HttpEndpoint,
  contentType: string | undefined,
): string[] {
  const { apiId } = x.program.program.api;
  const list = ["Host", authority, "Accept", "application/json", "User-Agent", `AmazonAPIGateway_${apiId}`];
  if (contentType !== undefined) list.push("Content-Type", contentType);
  applyMapped(list, x, withOverrides(target.headers, x.templates?.overrides().request.header, true));
  for (const name of ["X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id", "Via"]) removeHeader(list, name);
  list.push("X-Amzn-Trace-Id", x.traceId, "X-Amzn-Apigateway-Api-Id", apiId);
  return list;
}

/** Content-Type that goes on with a body of the client's method: none for GET, HEAD and OPTIONS (5.2). */
export function passedContentType(x: Exchange): string | undefined {
  return bodiless.has(x.method) ? undefined : (x.header("content-type") ?? "application/json");
}

const bodiless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
