import { anonymousIdentity } from "../auth/caller.js";
import { http2Authorizer, restAuthorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import { decodePercent, parseQuery } from "../mapping/query-text.js";
import { queryMaps } from "./lambda-event-rest.js";
import type { LambdaFunction } from "./lambda-function.js";
import { isTextType } from "./media-types.js";
import { addOwn, setOwn } from "./own-property.js";
import { pathParameters } from "./path-parameters.js";
import { hopHeaders, isServiceHeader } from "./request-headers.js";

/** The event of an HTTP API in format 1.0 (aws-behaviour.md 7.1); path encoded, parameters and context decoded. */
export function http1Event(x: Exchange, fn: Pick<LambdaFunction, "parameterNames">): object {
  const { program, route, stage } = x;
  const authorizer = restAuthorizer(x.caller);
  const { api } = program.program;
  const sent = clientHeaders(x);
  const query = queryMaps(parseQuery(queryOf(x), false));
  const domain = program.targets.domains.of(sent.get("host")?.at(-1) ?? "");
  const body = eventBody(x, sent);
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [lower, values] of sent) {
    const name = titleCase(lower);
    setOwn(headers, name, values.at(-1) as string);
    for (const value of values) addOwn(multiValueHeaders, name, value);
  }
  return {
    version: "1.0",
    resource: route.resourcePath,
    path: x.rawPath,
    httpMethod: x.method,
    headers,
    multiValueHeaders,
    queryStringParameters: query?.single ?? null,
    multiValueQueryStringParameters: query?.multiple ?? null,
    requestContext: {
      accountId: api.account,
      apiId: api.apiId,
      ...(authorizer && { authorizer }),
      domainName: domain.name,
      domainPrefix: domain.prefix,
      extendedRequestId: x.extendedRequestId,
      httpMethod: x.method,
      identity: {
        ...(x.caller?.identity ?? anonymousIdentity),
        cognitoAmr: null,
        sourceIp: x.sourceIp,
        userAgent: sent.get("user-agent")?.at(-1) ?? "",
        ...(x.clientCertificate && { clientCert: { ...x.clientCertificate } }),
      },
      path: decodePercent(x.rawPath),
      protocol: "HTTP/1.1",
      requestId: x.extendedRequestId,
      requestTime: program.targets.times.text(x.receivedAt),
      requestTimeEpoch: x.receivedAt,
      resourceId: route.key,
      resourcePath: route.resourcePath,
      stage: stage.name,
    },
    pathParameters: pathParameters(x, fn.parameterNames, true),
    stageVariables: stage.eventVariables && { ...stage.eventVariables },
    body: body === undefined ? null : body.text,
    isBase64Encoded: body?.isBase64 ?? false,
  };
}

/** The event of an HTTP API in format 2.0; members without a value are left out (aws-behaviour.md section 8). */
export function http2Event(x: Exchange, fn: Pick<LambdaFunction, "parameterNames">): object {
  const { program, route, stage } = x;
  const authorizer = http2Authorizer(x.caller);
  const { api } = program.program;
  const sent = clientHeaders(x);
  const domain = program.targets.domains.of(sent.get("host")?.at(-1) ?? "");
  const body = eventBody(x, sent);
  const cookies = cookiesOf(sent);
  const query = joinedQuery(parseQuery(queryOf(x), false));
  const parameters = pathParameters(x, fn.parameterNames, true);
  const path = decodePercent(x.rawPath);
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath: path,
    rawQueryString: queryOf(x),
    ...(cookies && { cookies }),
    headers: joinedHeaders(sent),
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: api.account,
      apiId: api.apiId,
      ...(x.clientCertificate && { authentication: { clientCert: { ...x.clientCertificate } } }),
      ...(authorizer && { authorizer }),
      domainName: domain.name,
      domainPrefix: domain.prefix,
      http: {
        method: x.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: x.sourceIp,
        userAgent: sent.get("user-agent")?.at(-1) ?? "",
      },
      requestId: x.extendedRequestId,
      routeKey: route.key,
      stage: stage.name,
      time: program.targets.times.text(x.receivedAt),
      timeEpoch: x.receivedAt,
    },
    ...(body && { body: body.text }),
    ...(parameters && { pathParameters: parameters }),
    isBase64Encoded: body?.isBase64 ?? false,
    ...(stage.eventVariables && { stageVariables: { ...stage.eventVariables } }),
  };
}

/** The query as the route's mappings leave it. */
export function queryOf(x: Exchange): string {
  return x.mapped?.query ?? x.query;
}

/** Headers by lower-case name, without those of the connection, with those that the service adds (2.4). */
export function clientHeaders(x: Exchange): Map<string, string[]> {
  const sent = new Map<string, string[]>();
  const headers = x.mapped?.headers ?? x.headers;
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] as string).toLowerCase();
    if (hopHeaders.has(name) || isServiceHeader(name)) continue;
    const known = sent.get(name);
    if (known) known.push(headers[at + 1] as string);
    else sent.set(name, [headers[at + 1] as string]);
  }
  if (x.body.length > 0 && !sent.has("content-length")) sent.set("content-length", [String(x.body.length)]);
  sent.set("x-amzn-trace-id", [x.traceId]);
  sent.set("x-forwarded-for", [x.sourceIp]);
  sent.set("x-forwarded-port", ["443"]);
  sent.set("x-forwarded-proto", ["https"]);
  return sent;
}

/** Headers of format 2.0: values joined, and no cookies. */
export function joinedHeaders(sent: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of sent) if (name !== "cookie") setOwn(headers, name, values.join(","));
  return headers;
}

/** Whether a body of these headers is shown as base64. */
export function isBase64Type(sent: ReadonlyMap<string, readonly string[]>): boolean {
  return !isTextType(sent.get("content-type")?.at(-1));
}

export function eventBody({ body }: Exchange, sent: ReadonlyMap<string, readonly string[]>) {
  if (body.length === 0) return undefined;
  const isBase64 = isBase64Type(sent);
  return { text: body.toString(isBase64 ? "base64" : "utf8"), isBase64 };
}

/** The Cookie header split at `;`, blanks removed. */
function cookiesOf(sent: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cookies = (sent.get("cookie") ?? []).flatMap((line) => line.split(";")).map((cookie) => cookie.trim());
  const present = cookies.filter((cookie) => cookie !== "");
  return present.length > 0 ? present : undefined;
}

/** Repeated names joined with `,`. */
export function joinedQuery(pairs: readonly string[]): Record<string, string> | undefined {
  const query = queryMaps(pairs);
  if (query === null) return undefined;
  const joined: Record<string, string> = {};
  for (const [name, values] of Object.entries(query.multiple)) setOwn(joined, name, values.join(","));
  return joined;
}

/** `x-amzn-trace-id` → `X-Amzn-Trace-Id`. */
function titleCase(lower: string): string {
  return lower.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
