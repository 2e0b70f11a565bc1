import type { AnyResponse, CorsSpec, RouteSpec } from "./contract.template.js";
import { headerValues, isV2, type ProxyEvent } from "./incoming.template.js";
import { Buffer } from "./node.template.js";

/** The result of format 1.0 or 2.0. */
export function encode(route: RouteSpec, event: ProxyEvent, response: AnyResponse): object {
  const headers: Record<string, string> = Object.create(null);
  const cookies: string[] = [];
  const multiValueHeaders: Record<string, readonly string[]> = Object.create(null);
  let contentType: string | undefined;
  const given = response.headers ?? {};
  for (const name of Object.keys(given)) {
    const value = given[name] as string | readonly string[];
    if (/^content-type$/i.test(name)) contentType = String(value);
    if (!Array.isArray(value)) headers[name] = String(value);
    else if (!isV2(event)) multiValueHeaders[name] = value.map(String);
    else if (/^set-cookie$/i.test(name)) cookies.push(...value);
    else headers[name] = value.join(", ");
  }
  if (route.cors) addCors(headers, route.cors, event);
  const { body, isBase64Encoded = false, type } = encodeBody(route, response, contentType);
  if (type !== undefined && contentType === undefined) {
    headers["Content-Type"] = route.mediaTypes[response.status] ?? type;
  }
  const result = { statusCode: response.status, headers, body, isBase64Encoded };
  if (isV2(event)) return cookies[0] === undefined ? result : { ...result, cookies };
  return Object.keys(multiValueHeaders)[0] === undefined ? result : { ...result, multiValueHeaders };
}

function encodeBody(
  route: RouteSpec,
  { status, body }: AnyResponse,
  contentType = "",
): { readonly body: string; readonly isBase64Encoded?: boolean; readonly type?: string } {
  if (body === undefined) return { body: "" };
  if (body instanceof Uint8Array) {
    return { body: Buffer.from(body).toString("base64"), isBase64Encoded: true, type: "application/octet-stream" };
  }
  if (typeof body === "string") {
    const isText = route.texts?.[status]?.includes((contentType.split(";")[0] ?? "").trim().toLowerCase());
    if (isText || !route.jsonStatuses.includes(status)) return { body, type: "text/plain; charset=utf-8" };
  }
  return { body: (route.json ?? JSON).stringify(body), type: "application/json" };
}

function addCors(headers: Record<string, string>, cors: CorsSpec, event: ProxyEvent): void {
  const { origins } = cors;
  const anybody = origins.includes("*");
  const origin = anybody ? "*" : headerValues(event, "origin")?.[0];
  if (!anybody && origins.length > 1) varyByOrigin(headers);
  if (origin === undefined || !origins.includes(origin)) return;
  headers["Access-Control-Allow-Origin"] = origin;
  if (cors.credentials) headers["Access-Control-Allow-Credentials"] = "true";
  if (cors.exposeHeaders !== "") headers["Access-Control-Expose-Headers"] = cors.exposeHeaders;
}

/** What the handler varies by stays. */
function varyByOrigin(headers: Record<string, string>): void {
  const name = Object.keys(headers).find((candidate) => candidate.toLowerCase() === "vary") ?? "Vary";
  headers[name] = headers[name] === undefined ? "Origin" : `${headers[name]}, Origin`;
}
