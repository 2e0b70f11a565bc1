import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { type Payload, type PayloadClass, payloadBytes, requestPayload, responsePayload } from "./binary.js";
import { collect } from "./buffered-call.js";
import { configurationError } from "./failures.js";
import { endpointOf, type HttpEndpoint, pathOf, uriQueryOf } from "./http-endpoint.js";
import type { BodyTemplate, HttpTarget } from "./http-target.js";
import { mappedHeaders } from "./mapped-response.js";
import { upstreamsOf } from "./open-upstreams.js";
import { withOverrides } from "./overrides.js";
import { choosePayload, chooseResponseTemplate, type PayloadChoice } from "./passthrough.js";
import { applyMapped, mappedQuery, removeHeader } from "./proxy-request.js";
import { selectResponse } from "./response-selection.js";

/**
 * HTTP: only what is mapped goes to the backend, and only what is mapped comes back (aws-behaviour.md 5.2, 6.2, 10 to
 * 12 and 26). Bodies are held whole, within the gateway's limit.
 */
export async function httpCustom(x: Exchange): Promise<boolean> {
  const endpoint = endpointOf(x);
  const choice = choosePayload(
    endpoint.target.templates ?? noTemplates,
    x.header("content-type"),
    endpoint.target.passthrough ?? "WHEN_NO_MATCH",
  );
  if (choice.kind === "refused") throw new GatewayError("UNSUPPORTED_MEDIA_TYPE");
  const body = requestBody(x, endpoint.target, choice);
  const method = endpoint.target.method === "ANY" ? x.method : endpoint.target.method;
  const mapped = withOverrides(endpoint.target.query, x.templates?.overrides().request.querystring);
  const query = [uriQueryOf(x, endpoint), mappedQuery(x, mapped)].filter((part) => part !== "");
  const path = pathOf(x, endpoint) + (query.length === 0 ? "" : `?${query.join("&")}`);
  const headers = requestHeaders(x, endpoint);
  if (body.length > 0) headers.push("Content-Length", String(body.length));
  const bodyTimeoutMs = endpoint.deadlines.durationMs;
  x.backend = await collect(x, endpoint, await upstreamsOf(x), { method, path, headers, body, bodyTimeoutMs });
  return answer(x, endpoint.target);
}

const noTemplates: ReadonlyMap<string, BodyTemplate> = new Map();

function requestBody(x: Exchange, { templates, contentHandling }: HttpTarget, choice: PayloadChoice): Buffer {
  const type = classOf(x, x.header("content-type"));
  const payload = requestPayload(x.body, type, contentHandling);
  if (choice.kind !== "template") return payloadBytes(payload);
  return Buffer.from(render(x, templates?.get(choice.key) ?? "", payload), "utf8");
}

/** A template on a payload that is still binary is a configuration error (section 26). */
function render(x: Exchange, template: BodyTemplate, payload: Payload): string {
  if (payload.kind === "bytes") throw configurationError("Unable to transform a binary payload");
  return typeof template === "string" ? template : template(x, payload.text);
}

function classOf(x: Exchange, field: string | undefined): PayloadClass {
  return x.program.targets.binaryTypes.matches(field) ? "binary" : "text";
}

/** The service's own headers, overwritten by mapped ones (5.2). */
function requestHeaders(x: Exchange, { authority, target }: HttpEndpoint): string[] {
  const { apiId } = x.program.program.api;
  const list = ["Host", authority, "Accept", "application/json", "User-Agent", `AmazonAPIGateway_${apiId}`];
  if (!bodiless.has(x.method)) list.push("Content-Type", x.header("content-type") ?? "application/json");
  applyMapped(list, x, withOverrides(target.headers, x.templates?.overrides().request.header, true));
  for (const name of ["X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id", "Via"]) removeHeader(list, name);
  list.push("X-Amzn-Trace-Id", x.traceId, "X-Amzn-Apigateway-Api-Id", apiId);
  return list;
}

const bodiless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

function answer(x: Exchange, { responses }: HttpTarget): true {
  const backend = x.backend ?? { status: 0, headers: [], body: Buffer.alloc(0) };
  const response = selectResponse(responses, String(backend.status));
  const accept = x.header("accept");
  const payload = responsePayload(
    backend.body,
    classOf(x, contentTypeOf(backend.headers)),
    classOf(x, accept),
    response.contentHandling,
  );
  const key = chooseResponseTemplate(response.templates, accept);
  const template = key === undefined ? undefined : response.templates.get(key);
  const body = template === undefined ? payloadBytes(payload) : render(x, template, payload);
  const headers = mappedHeaders(x, response, key ?? "application/json");
  x.showsTraceId = true;
  return x.answer(x.templates?.overrides().response.status ?? response.status, headers, body);
}

function contentTypeOf(headers: readonly string[]): string | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type");
  return at === -1 ? undefined : headers[at + 1];
}
