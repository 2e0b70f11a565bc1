import { authorizerValue } from "../auth/caller-view.js";
import type { Exchange } from "./exchange.js";

/**
 * One `$context` variable by its name, `identity.sourceIp` (aws-behaviour.md 14.5 and 28.5). Undefined when this
 * request has none: templates print nothing then, mappings send nothing, access logs print `-`.
 */
export function contextValue(x: Exchange, name: string): string | undefined {
  const { api } = x.program.program;
  switch (name) {
    case "accountId":
      return api.account;
    case "apiId":
      return api.apiId;
    case "connectedAt":
      return x.socket && String(x.socket.connection.connectedAt);
    case "connectionId":
      return x.socket?.connection.connectionId;
    case "customDomain.basePathMatched":
      return x.basePath;
    case "deploymentId":
      return x.stage.deploymentId;
    case "domainName":
      return x.program.targets.domains.of(x.host).name;
    case "domainPrefix":
      return x.program.targets.domains.of(x.host).prefix;
    case "eventType":
      return x.socket?.eventType;
    case "extendedRequestId":
      return x.extendedRequestId;
    case "httpMethod":
      return x.method;
    case "identity.apiKey":
      return x.apiKey?.value;
    case "identity.apiKeyId":
      return x.apiKey?.id;
    case "identity.sourceIp":
      return x.sourceIp;
    case "identity.userAgent":
      return x.socket?.connection.userAgent ?? x.header("user-agent");
    case "isCanaryRequest":
      return x.stage.isCanary ? "true" : "false";
    case "messageDirection":
      return x.socket && "IN";
    case "messageId":
      return x.socket?.messageId;
    case "operationName":
      return route(x)?.operationName;
    case "path":
      return x.rawPath;
    case "protocol":
      return "HTTP/1.1";
    case "requestId":
      return api.kind === "rest" ? x.requestId : x.extendedRequestId;
    case "requestTime":
      return x.program.targets.times.text(x.receivedAt);
    case "requestTimeEpoch":
      return String(x.receivedAt);
    case "resourceId":
      return api.kind === "rest" ? route(x)?.resourceId : route(x)?.key;
    case "resourcePath":
      return route(x)?.resourcePath;
    case "routeKey":
      return api.kind === "http" || x.socket ? route(x)?.key : undefined;
    case "stage":
      return x.stage.name;
    case "identity.vpcId":
      return x.program.network.isPrivate ? x.program.network.vpc : undefined;
    case "identity.vpceId":
      return x.program.network.isPrivate ? x.program.network.vpcEndpoint : undefined;
    case "wafResponseCode":
      return x.program.waf && (x.error?.type === "WAF_FILTERED" ? "WAF_BLOCK" : "WAF_ALLOW");
    case "xrayTraceId":
      return x.traceId;
    default:
      return derivedValue(x, name);
  }
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
