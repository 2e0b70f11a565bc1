import { requestCoding } from "../http/compression.js";
import type { Exchange } from "../http/exchange.js";
import { readBody } from "../http/read-body.js";
import { payloadBytes, requestPayload } from "./binary.js";
import { collect } from "./buffered-call.js";
import { payloadClass } from "./custom-body.js";
import { configurationError } from "./failures.js";
import { endpointOf, type HttpEndpoint, pathOf } from "./http-endpoint.js";
import { upstreamsOf } from "./open-upstreams.js";
import { ProxyCall } from "./proxy-call.js";
import { proxyHeaders, proxyQuery } from "./proxy-request.js";
import { mappedHead, readHead } from "./proxy-response.js";
import type { UpstreamRequest, Upstreams } from "./upstream.js";

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
  const { contentHandling } = endpoint.target;
  const isHeld = endpoint.reads.has("request body") || contentHandling !== undefined;
  if (hasBody && isHeld && !x.isBodyRead) await readBody(x);
  if (!hasBody || contentHandling === undefined) {
    return forward(x, endpoint, await upstreamsOf(x), hasBody ? await bodyOf(x) : null);
  }
  const payload = requestPayload(x.body, payloadClass(x, x.header("content-type")), contentHandling);
  return forward(x, endpoint, await upstreamsOf(x), payloadBytes(payload));
}

type Body = UpstreamRequest["body"];

/**
 * A body that an earlier step has read, a small one, or the client's stream: as an iterator, so that a request that ends
 * early does not destroy the stream and with it the connection that has to carry the answer.
 */
async function bodyOf(x: Exchange): Promise<Body> {
  if (x.isBodyRead) return x.body;
  const length = x.header("content-length");
  const isSmall = length !== undefined && Number(length) <= smallBodyBytes;
  if (isSmall) return x.transport.readBody(x.program.limits.maxBodyBytes);
  return x.transport.requestStream.iterator({ destroyOnReturn: false });
}

/** Bytes of the body; undefined when they are not known, as with one that is decompressed on its way. */
function lengthOf(x: Exchange, body: Body): string | undefined {
  if (body === null) return undefined;
  if (Buffer.isBuffer(body)) return String(body.length);
  return requestCoding(x) === undefined ? x.header("content-length") : undefined;
}

function forward(x: Exchange, endpoint: HttpEndpoint, upstreams: Upstreams, body: Body): Promise<boolean> {
  const request = requestOf(x, endpoint, body);
  // What is to be kept in the cache, or shown in a trace, has to be whole.
  if (
    endpoint.reads.has("response body") ||
    x.cacheResult === "miss" ||
    x.trace?.isAnswer ||
    x.route.responseCheck !== undefined
  )
    return passWhole(x, endpoint, upstreams, request);
  return new Promise((resolve, reject) => {
    const call = new ProxyCall(x, endpoint, resolve, reject);
    call.start();
    upstreams.send(endpoint, request, call);
  });
}

/** Where a mapping looks into the answer's body it is held whole, within the gateway's limit. */
async function passWhole(x: Exchange, endpoint: HttpEndpoint, upstreams: Upstreams, request: UpstreamRequest) {
  const { status, rawHeaders, body } = await collect(x, endpoint, upstreams, request);
  const head = mappedHead(x, readHead(x, status, rawHeaders), endpoint.target.responses, body);
  return x.answer(head.status, head.headers, body);
}

function requestOf(x: Exchange, endpoint: HttpEndpoint, body: Body): UpstreamRequest {
  const headers = proxyHeaders(x, endpoint);
  const length = lengthOf(x, body);
  if (length !== undefined) headers.push("Content-Length", length);
  const query = proxyQuery(x, endpoint);
  const path = pathOf(x, endpoint);
  const { method } = endpoint.target;
  if (path.length + query.length > maxUriLength) throw configurationError("the endpoint's URI is too long");
  return {
    method: method === "ANY" ? x.method : method,
    path: query === "" ? path : `${path}?${query}`,
    headers,
    body,
    bodyTimeoutMs: endpoint.deadlines.durationMs,
  };
}

const maxUriLength = 65_536;
