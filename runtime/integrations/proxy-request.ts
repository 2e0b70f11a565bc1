import type { Exchange } from "../http/exchange.js";
import { decodeFormText } from "../mapping/query-text.js";
import { configurationError } from "./failures.js";
import { type HttpEndpoint, uriQueryOf } from "./http-endpoint.js";
import type { MappedParameter } from "./http-target.js";
import { headerValue, isHeaderName } from "./response-headers.js";

/**
 * Headers of an HTTP_PROXY request (aws-behaviour.md 5.2, 6.3 and 28.1): the client's, but for those of the connection and
 * those that the gateway sets itself; then the mapped ones.
 */
export function proxyHeaders(x: Exchange, endpoint: HttpEndpoint): string[] {
  const list: string[] = ["Host", endpoint.authority];
  if (x.program.program.api.kind === "rest") pushRestHeaders(list, x);
  else pushHttpHeaders(list, x);
  if (endpoint.target.headers.length > 0) applyMapped(list, x, endpoint.target.headers);
  return list;
}

function pushRestHeaders(list: string[], x: Exchange): void {
  const { headers } = x;
  const { apiId } = x.program.program.api;
  const { forwardNames } = x.program.targets;
  let hasAgent = false;
  for (let at = 0; at < headers.length; at += 2) {
    const name = forwardNames.of(headers[at] as string);
    if (name === "") continue;
    if (name === "User-Agent") hasAgent = true;
    list.push(name, headers[at + 1] as string);
  }
  removeNominated(list, x);
  if (!hasAgent) list.push("User-Agent", `AmazonAPIGateway_${apiId}`);
  list.push("X-Amzn-Trace-Id", x.traceId, "X-Amzn-Apigateway-Api-Id", apiId);
  list.push("X-Forwarded-For", x.sourceIp, "X-Forwarded-Port", "443", "X-Forwarded-Proto", "https");
}

/** HTTP APIs tell about the client in one `Forwarded` header instead of X-Forwarded-* (28.1, RFC 7239). */
function pushHttpHeaders(list: string[], x: Exchange): void {
  const { headers } = x;
  const { forwardNames } = x.program.targets;
  for (let at = 0; at < headers.length; at += 2) {
    const name = forwardNames.of(headers[at] as string);
    if (name !== "") list.push(name, headers[at + 1] as string);
  }
  removeNominated(list, x);
  const client = x.sourceIp.includes(":") ? `"[${x.sourceIp}]"` : x.sourceIp;
  const host = /^[A-Za-z0-9._~!#$%&'*+^`|-]+$/.test(x.host) ? x.host : `"${x.host.replace(/["\\]/g, "")}"`;
  list.push("Forwarded", `by=_gateway;for=${client};host=${host};proto=https`, "Via", "HTTP/1.1 AmazonAPIGateway");
  list.push("X-Amzn-Trace-Id", x.traceId);
}

const harmless = /^\s*(?:keep-alive|close)?\s*$/i;

/** Takes out what the client's Connection header declares to be of its own hop; the usual values name nothing. */
function removeNominated(list: string[], x: Exchange): void {
  const connection = x.header("connection");
  if (connection === undefined || harmless.test(connection)) return;
  for (const name of connection.split(",")) {
    if (name.trim().toLowerCase() !== "host") removeHeader(list, name.trim());
  }
}

/** Sets, adds or removes headers. An absent source leaves the list as it is (12.1). */
export function applyMapped(list: string[], x: Exchange, parameters: readonly MappedParameter[]): void {
  for (const { name, source, operation = "overwrite" } of parameters) {
    const values = operation === "remove" ? [] : valuesOf(source(x));
    if (values === undefined) continue;
    if (operation !== "append") removeHeader(list, name);
    if (values.length > 0) list.push(name, checkedValue(name, values.join(",")));
  }
}

function valuesOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof value === "string" ? [value] : value;
}

export function removeHeader(list: string[], name: string): void {
  const lower = name.toLowerCase();
  for (let at = list.length - 2; at >= 0; at -= 2) {
    if ((list[at] as string).toLowerCase() === lower) list.splice(at, 2);
  }
}

/** A mapped value comes from a client or a backend: it must not begin another header. */
export function checkedValue(name: string, value: string): string {
  const checked = isHeaderName(name) ? headerValue(value) : undefined;
  if (checked === undefined) throw configurationError(`header ${name} cannot be sent`);
  return checked;
}

/**
 * The query sent on: that of the URI, the client's as received, and mapped parameters, which REST adds to equal names
 * (6.3) and HTTP APIs overwrite or remove when asked to (28.2).
 */
export function proxyQuery(x: Exchange, endpoint: HttpEndpoint): string {
  const { query: mapped } = endpoint.target;
  if (mapped.length === 0 && endpoint.query.length === 0) return x.query;
  const parts = [uriQueryOf(x, endpoint), clientQuery(x.query, mapped), mappedQuery(x, mapped)];
  return parts.filter((part) => part !== "").join("&");
}

/** The client's query with the changes of an HTTP API. */
export function changedQuery(x: Exchange, mapped: readonly MappedParameter[]): string {
  if (mapped.length === 0) return x.query;
  return [clientQuery(x.query, mapped), mappedQuery(x, mapped)].filter((part) => part !== "").join("&");
}

function clientQuery(query: string, mapped: readonly MappedParameter[]): string {
  const replaced = new Set(mapped.filter(({ operation }) => isReplacing(operation)).map(({ name }) => name));
  if (replaced.size === 0) return query;
  const nameOf = (pair: string) => decodeFormText(pair.split("=", 1)[0] ?? "");
  return query
    .split("&")
    .filter((pair) => !replaced.has(nameOf(pair)))
    .join("&");
}

function isReplacing(operation: MappedParameter["operation"]): boolean {
  return operation === "overwrite" || operation === "remove";
}

/** Mapped parameters alone, escaped; a list becomes a repeated name. */
export function mappedQuery(x: Exchange, mapped: readonly MappedParameter[]): string {
  const pairs: string[] = [];
  for (const { name, source, operation } of mapped) {
    if (operation === "remove") continue;
    for (const value of valuesOf(source(x)) ?? []) {
      pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    }
  }
  return pairs.join("&");
}
