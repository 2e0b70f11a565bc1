import type { AnyResponse, CorsSpec, RouteSpec } from "./contract.template.js";
import { headerValues, type Incoming } from "./incoming.template.js";
import { Buffer } from "./node.template.js";

export function encode(route: RouteSpec, incoming: Incoming, response: AnyResponse): object {
  const headers: Record<string, string> = Object.create(null);
  const lists: Record<string, readonly string[]> = Object.create(null);
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    if (Array.isArray(value)) lists[name] = value.map(String);
    else headers[name] = String(value);
  }
  if (route.cors) addCors(headers, route.cors, headerValues(incoming, "origin")?.[0]);
  const named = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const { body, isBase64Encoded, type } = encodeBody(route, response, named);
  const hasType = Object.keys({ ...headers, ...lists }).some((name) => name.toLowerCase() === "content-type");
  if (type !== undefined && !hasType) headers["Content-Type"] = route.mediaTypes[response.status] ?? type;
  const result = { statusCode: response.status, headers, body, isBase64Encoded };
  if (!incoming.isV2) return Object.keys(lists).length > 0 ? { ...result, multiValueHeaders: lists } : result;
  const cookies: string[] = [];
  for (const [name, list] of Object.entries(lists)) {
    if (name.toLowerCase() === "set-cookie") cookies.push(...list);
    else headers[name] = list.join(", ");
  }
  return cookies.length > 0 ? { ...result, cookies } : result;
}

function encodeBody(
  route: RouteSpec,
  { status, body }: AnyResponse,
  contentType = "",
): { body: string; isBase64Encoded: boolean; type?: string } {
  if (body === undefined) return { body: "", isBase64Encoded: false };
  if (body instanceof Uint8Array) {
    return { body: Buffer.from(body).toString("base64"), isBase64Encoded: true, type: "application/octet-stream" };
  }
  const isText = route.texts?.[status]?.includes((contentType.split(";")[0] ?? "").trim().toLowerCase()) ?? false;
  if (typeof body === "string" && (isText || !route.jsonStatuses.includes(status))) {
    return { body, isBase64Encoded: false, type: "text/plain; charset=utf-8" };
  }
  return { body: (route.json ?? JSON).stringify(body), isBase64Encoded: false, type: "application/json" };
}

function addCors(headers: Record<string, string>, cors: CorsSpec, origin: string | undefined): void {
  const anybody = cors.origins.includes("*");
  if (!anybody && (origin === undefined || !cors.origins.includes(origin))) {
    if (cors.origins.length > 1) varyByOrigin(headers);
    return;
  }
  headers["Access-Control-Allow-Origin"] = anybody ? "*" : (origin as string);
  if (!anybody && cors.origins.length > 1) varyByOrigin(headers);
  if (cors.credentials) headers["Access-Control-Allow-Credentials"] = "true";
  if (cors.exposeHeaders !== "") headers["Access-Control-Expose-Headers"] = cors.exposeHeaders;
}

/** What the handler varies by stays. */
function varyByOrigin(headers: Record<string, string>): void {
  const name = Object.keys(headers).find((candidate) => candidate.toLowerCase() === "vary") ?? "Vary";
  headers[name] = headers[name] === undefined ? "Origin" : `${headers[name]}, Origin`;
}
