import type { Exchange } from "../http/exchange.js";
import { collect } from "./buffered-call.js";
import { answerCustom } from "./custom-answer.js";
import { customBody } from "./custom-body.js";
import { customHeaders, customMethod, customQuery, passedContentType, withQuery } from "./custom-request.js";
import { endpointOf, pathOf } from "./http-endpoint.js";
import { upstreamsOf } from "./open-upstreams.js";

/**
 * HTTP: only what is mapped goes to the backend, and only what is mapped comes back (aws-behaviour.md 5.2, 6.2, 10 to
 * 12 and 26). Bodies are held whole, within the gateway's limit.
 */
export async function httpCustom(x: Exchange): Promise<boolean> {
  const endpoint = endpointOf(x);
  // The template runs first: what it overrides is part of the request.
  const body = customBody(x, endpoint.target);
  const method = customMethod(x, endpoint);
  const path = withQuery(pathOf(x, endpoint), customQuery(x, endpoint));
  const headers = customHeaders(x, endpoint, passedContentType(x));
  if (body.length > 0) headers.push("Content-Length", String(body.length));
  const bodyTimeoutMs = endpoint.deadlines.durationMs;
  const backend = await collect(x, endpoint, await upstreamsOf(x), { method, path, headers, body, bodyTimeoutMs });
  return answerCustom(x, backend, endpoint.target.responses);
}
