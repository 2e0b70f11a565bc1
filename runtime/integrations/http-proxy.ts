import type { Readable } from "node:stream";
import type { Exchange } from "../http/exchange.js";
import { configurationError } from "./failures.js";
import { endpointOf, type HttpEndpoint, pathOf } from "./http-endpoint.js";
import { upstreamsOf } from "./open-upstreams.js";
import { ProxyCall } from "./proxy-call.js";
import { proxyHeaders, proxyQuery } from "./proxy-request.js";
import type { Upstreams } from "./upstream.js";

/** A body up to so many bytes is read before it is sent on: one write instead of a stream. */
const smallBodyBytes = 65_536;

/**
 * HTTP_PROXY: hands request and answer through, bodies streamed with back-pressure both ways (aws-behaviour.md 5.2,
 * 6.3, 6.6, 13.2 and 28.1). The time-out of the route runs until the head of the answer, and again for each pause in
 * its body.
 */
export function httpProxy(x: Exchange): Promise<boolean> {
  const endpoint = endpointOf(x);
  const { upstreams } = x.program.targets;
  if (upstreams === undefined || x.transport.hasBody) return prepareAndForward(x, endpoint);
  return forward(x, endpoint, upstreams, null);
}

async function prepareAndForward(x: Exchange, endpoint: HttpEndpoint): Promise<boolean> {
  const { hasBody } = x.transport;
  if (hasBody && endpoint.reads.has("request body")) x.body = await x.transport.readBody(x.program.limits.maxBodyBytes);
  return forward(x, endpoint, await upstreamsOf(x), hasBody ? await bodyOf(x) : null);
}

/** A body that an earlier step has read, a small one, or the client's stream. */
async function bodyOf(x: Exchange): Promise<Buffer | Readable> {
  if (x.body.length > 0) return x.body;
  const length = x.header("content-length");
  const isSmall = length !== undefined && Number(length) <= smallBodyBytes;
  return isSmall ? x.transport.readBody(smallBodyBytes) : x.transport.requestStream;
}

function forward(
  x: Exchange,
  endpoint: HttpEndpoint,
  upstreams: Upstreams,
  body: Buffer | Readable | null,
): Promise<boolean> {
  const headers = proxyHeaders(x, endpoint);
  const length = body === null ? undefined : Buffer.isBuffer(body) ? String(body.length) : x.header("content-length");
  if (length !== undefined) headers.push("Content-Length", length);
  const query = proxyQuery(x, endpoint);
  const path = pathOf(x, endpoint);
  const { method } = endpoint.target;
  if (path.length + query.length > maxUriLength) throw configurationError("the endpoint's URI is too long");
  return new Promise((resolve, reject) => {
    const call = new ProxyCall(x, endpoint, resolve, reject);
    call.start();
    upstreams.send(
      endpoint,
      {
        method: method === "ANY" ? x.method : method,
        path: query === "" ? path : `${path}?${query}`,
        headers,
        body,
        bodyTimeoutMs: endpoint.deadlines.durationMs,
      },
      call,
    );
  });
}

const maxUriLength = 65_536;
