import { authorizerValue } from "../auth/caller-view.js";
import type { Exchange } from "./exchange.js";

/** Reads one variable of a request; undefined when this request has none. */
export type ContextReader = (x: Exchange) => string | undefined;

/**
 * One `$context` variable by its name, `identity.sourceIp` (aws-behaviour.md 14.5 and 28.5). Undefined when this
 * request has none: templates print nothing then, mappings send nothing, access logs print `-`.
 */
export function contextValue(x: Exchange, name: string): string | undefined {
  const read = readers.get(name);
  return read === undefined ? derivedValue(x, name) : read(x);
}

/** The same for a name that is known before the requests are. */
export function contextReader(name: string): ContextReader {
  return readers.get(name) ?? ((x) => derivedValue(x, name));
}

const readers: ReadonlyMap<string, ContextReader> = new Map<string, ContextReader>([
  ["accountId", (x) => x.program.program.api.account],
  ["awsEndpointRequestId", endpointRequestId],
  ["awsEndpointRequestId2", (x) => backendHeader(x, "x-amz-id-2")],
  ["apiId", (x) => x.program.program.api.apiId],
  ["connectedAt", (x) => x.socket && String(x.socket.connection.connectedAt)],
  ["connectionId", (x) => x.socket?.connection.connectionId],
  ["customDomain.basePathMatched", (x) => x.basePath],
  ["deploymentId", (x) => x.stage.deploymentId],
  ["domainName", (x) => x.program.targets.domains.of(x.host).name],
  ["domainPrefix", (x) => x.program.targets.domains.of(x.host).prefix],
  ["eventType", (x) => x.socket?.eventType],
  ["extendedRequestId", (x) => x.extendedRequestId],
  ["httpMethod", (x) => x.method],
  ["identity.apiKey", (x) => x.apiKey?.value],
  ["identity.apiKeyId", (x) => x.apiKey?.id],
  ["identity.sourceIp", (x) => x.sourceIp],
  ["identity.userAgent", (x) => x.socket?.connection.userAgent ?? x.header("user-agent")],
  ["identity.vpcId", ({ program: { network } }) => (network.isPrivate ? network.vpc : undefined)],
  ["identity.vpceId", ({ program: { network } }) => (network.isPrivate ? network.vpcEndpoint : undefined)],
  // "Present only when you have a canary enabled" (developer guide, $context variables).
  ["isCanaryRequest", ({ stage: { isCanary, hasCanary } }) => (isCanary || hasCanary ? String(isCanary) : undefined)],
  ["messageDirection", (x) => x.socket && "IN"],
  ["messageId", (x) => x.socket?.messageId],
  ["operationName", (x) => route(x)?.operationName],
  ["path", (x) => x.rawPath],
  ["protocol", () => "HTTP/1.1"],
  ["requestId", (x) => (x.program.program.api.kind === "rest" ? x.requestId : x.extendedRequestId)],
  ["requestTime", (x) => x.program.targets.times.text(x.receivedAt)],
  ["requestTimeEpoch", (x) => String(x.receivedAt)],
  ["resourceId", (x) => (x.program.program.api.kind === "rest" ? route(x)?.resourceId : route(x)?.key)],
  ["resourcePath", (x) => route(x)?.resourcePath],
  ["routeKey", (x) => (x.program.program.api.kind === "http" || x.socket ? route(x)?.key : undefined)],
  ["stage", (x) => x.stage.name],
  // Documented for WebSocket APIs; known from the integration's answer on.
  ["status", (x) => (x.socket && x.backend ? String(x.status) : undefined)],
  ["wafResponseCode", (x) => x.program.waf && (x.error?.type === "WAF_FILTERED" ? "WAF_BLOCK" : "WAF_ALLOW")],
  ["xrayTraceId", (x) => x.traceId],
]);

/** Of the AWS service behind the route, or of its function: in this process that is the request's own. */
function endpointRequestId(x: Exchange): string | undefined {
  const lambda = route(x)?.lambda;
  if (lambda === undefined) return backendHeader(x, "x-amzn-requestid") ?? backendHeader(x, "x-amz-request-id");
  const isCalled = x.backend !== undefined || x.integration !== undefined;
  return isCalled && lambda.arn === undefined ? x.requestId : undefined;
}

/** A header of an AWS service's answer. */
function backendHeader(x: Exchange, name: string): string | undefined {
  if (route(x)?.aws === undefined) return undefined;
  const headers = x.backend?.headers ?? [];
  const at = headers.findIndex((each, index) => index % 2 === 0 && each.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1];
}

/** Variables in groups, by their first name. */
function derivedValue(x: Exchange, name: string): string | undefined {
  const dot = name.indexOf(".");
  const rest = name.slice(dot + 1);
  switch (name.slice(0, dot)) {
    case "authorizer":
      return authorizerValue(x.caller, rest);
    case "error":
      return errorValue(x, name);
    case "identity":
      return rest.startsWith("clientCert.") ? certificateValue(x, rest.slice(11)) : identityValue(x, rest);
    default:
      return undefined;
  }
}

function identityValue({ caller }: Exchange, name: string): string | undefined {
  const identity = caller?.identity;
  if (identity === undefined || !Object.hasOwn(identity, name)) return undefined;
  return identity[name as keyof typeof identity] ?? undefined;
}

function certificateValue({ clientCertificate }: Exchange, name: string): string | undefined {
  switch (name) {
    case "clientCertPem":
    case "issuerDN":
    case "serialNumber":
    case "subjectDN":
      return clientCertificate?.[name];
    case "validity.notAfter":
      return clientCertificate?.validity.notAfter;
    case "validity.notBefore":
      return clientCertificate?.validity.notBefore;
    default:
      return undefined;
  }
}

function errorValue({ error }: Exchange, name: string): string | undefined {
  switch (name) {
    case "error.message":
      return error?.message ?? undefined;
    case "error.messageString":
      return error && JSON.stringify(error.message);
    case "error.responseType":
      return error?.type;
    case "error.validationErrorString":
      return error?.validationErrors;
    default:
      return undefined;
  }
}

/** Undefined while no route has matched: gateway responses are rendered then too. */
function route(x: Exchange): Exchange["route"] | undefined {
  return x.route;
}
