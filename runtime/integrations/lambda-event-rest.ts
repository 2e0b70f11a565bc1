import { anonymousIdentity } from "../auth/caller.js";
import { restAuthorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import type { LambdaFunction } from "./lambda-function.js";
import { addOwn, setOwn } from "./own-property.js";
import { pathParameters } from "./path-parameters.js";

/** The Lambda proxy event of a REST API, format 1.0, with members in AWS's order (aws-behaviour.md section 7). */
export function restEvent(x: Exchange, fn: Pick<LambdaFunction, "parameterNames">): object {
  const { program, route, stage } = x;
  const authorizer = restAuthorizer(x.caller);
  const { api } = program.program;
  const client = headerMaps(x);
  const query = queryMaps(parseQuery(x.query, true));
  const domain = program.targets.domains.of(client.host);
  const isBinary = x.body.length > 0 && program.targets.binaryTypes.matches(client.contentType);
  const requestContext = {
    resourceId: route.resourceId,
    resourcePath: route.resourcePath,
    httpMethod: x.method,
    extendedRequestId: x.extendedRequestId,
    requestTime: program.targets.times.text(x.receivedAt),
    path: x.rawPath,
    accountId: api.account,
    protocol: "HTTP/1.1",
    stage: stage.name,
    domainPrefix: domain.prefix,
    requestTimeEpoch: x.receivedAt,
    requestId: x.requestId,
    identity: restIdentity(x, client.userAgent),
    domainName: domain.name,
    deploymentId: stage.deploymentId,
    apiId: api.apiId,
    ...(authorizer && { authorizer }),
  };
  return {
    resource: route.resourcePath,
    // By a custom domain the base path is shown (section 7).
    path: x.basePath === undefined ? x.path : x.rawPath,
    httpMethod: x.method,
    headers: client.headers,
    multiValueHeaders: client.multiValueHeaders,
    queryStringParameters: query?.single ?? null,
    multiValueQueryStringParameters: query?.multiple ?? null,
    pathParameters: pathParameters(x, fn.parameterNames, false),
    stageVariables: stage.eventVariables && { ...stage.eventVariables },
    requestContext:
      route.operationName === undefined ? requestContext : { ...requestContext, operationName: route.operationName },
    body: x.body.length === 0 ? null : x.body.toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary,
  };
}

/** Member `requestContext.identity`. */
export function restIdentity(x: Exchange, userAgent: string | null): Record<string, unknown> {
  const { network } = x.program;
  const identity = x.caller?.identity ?? anonymousIdentity;
  return {
    cognitoIdentityPoolId: identity.cognitoIdentityPoolId,
    accountId: identity.accountId,
    cognitoIdentityId: identity.cognitoIdentityId,
    caller: identity.caller,
    sourceIp: x.sourceIp,
    principalOrgId: identity.principalOrgId,
    accessKey: identity.accessKey,
    cognitoAuthenticationType: identity.cognitoAuthenticationType,
    cognitoAuthenticationProvider: identity.cognitoAuthenticationProvider,
    userArn: identity.userArn,
    userAgent,
    user: identity.user,
    ...(network.isPrivate && { vpcId: network.vpc, vpceId: network.vpcEndpoint }),
    ...(x.apiKey && { apiKey: x.apiKey.value, apiKeyId: x.apiKey.id }),
    ...(x.clientCertificate && { clientCert: { ...x.clientCertificate } }),
  };
}

export interface HeaderMaps {
  readonly headers: Record<string, string> | null;
  readonly multiValueHeaders: Record<string, string[]> | null;
  readonly host: string;
  readonly userAgent: string | null;
  readonly contentType: string | undefined;
}

/** Both maps in one pass, with what else the event takes from the headers; then what the service adds (2.4). */
export function headerMaps(x: Exchange): HeaderMaps {
  const { headers: sent, sourceIp, traceId } = x;
  const { spellings } = x.program.targets;
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  let host = "";
  let userAgent: string | null = null;
  let contentType: string | undefined;
  for (let at = 0; at < sent.length; at += 2) {
    const name = spellings.of(sent[at] as string);
    if (name === "") continue;
    const value = sent[at + 1] as string;
    setOwn(headers, name, value);
    addOwn(multiValueHeaders, name, value);
    if (name === "Host") host = value;
    else if (name === "User-Agent") userAgent = value;
    else if (name.length === 12 && name.toLowerCase() === "content-type") contentType = value;
  }
  // A test has come over no network: it has the headers that it was given, or null.
  if (x.trace?.test !== undefined) return { ...testMaps(headers, multiValueHeaders), host, userAgent, contentType };
  headers["X-Amzn-Trace-Id"] = traceId;
  headers["X-Forwarded-For"] = sourceIp;
  headers["X-Forwarded-Port"] = "443";
  headers["X-Forwarded-Proto"] = "https";
  multiValueHeaders["X-Amzn-Trace-Id"] = [traceId];
  multiValueHeaders["X-Forwarded-For"] = [sourceIp];
  multiValueHeaders["X-Forwarded-Port"] = ["443"];
  multiValueHeaders["X-Forwarded-Proto"] = ["https"];
  return { headers, multiValueHeaders, host, userAgent, contentType };
}

function testMaps(headers: Record<string, string>, multiValueHeaders: Record<string, string[]>) {
  return Object.keys(headers).length === 0
    ? { headers: null, multiValueHeaders: null }
    : { headers, multiValueHeaders };
}

export interface QueryMaps {
  /** The last value of each name. */
  readonly single: Record<string, string>;
  readonly multiple: Record<string, string[]>;
}

/** Null when the request has no query (2.3). */
export function queryMaps(pairs: readonly string[]): QueryMaps | null {
  if (pairs.length === 0) return null;
  const single: Record<string, string> = {};
  const multiple: Record<string, string[]> = {};
  for (let at = 0; at < pairs.length; at += 2) {
    setOwn(single, pairs[at] as string, pairs[at + 1] as string);
    addOwn(multiple, pairs[at] as string, pairs[at + 1] as string);
  }
  return { single, multiple };
}
