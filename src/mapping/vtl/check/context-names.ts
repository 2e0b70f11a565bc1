/** Whose templates: those of REST APIs and of WebSocket APIs have variables that the others lack. */
export type TemplateContext = "mapping" | "socket";

const sharedVariables = [
  "apiId",
  "authorizer.principalId",
  "authorizer.*",
  "domainName",
  "extendedRequestId",
  "identity.accountId",
  "identity.apiKey",
  "identity.apiKeyId",
  "identity.caller",
  "identity.cognitoAuthenticationProvider",
  "identity.cognitoAuthenticationType",
  "identity.cognitoIdentityId",
  "identity.cognitoIdentityPoolId",
  "identity.principalOrgId",
  "identity.sourceIp",
  "identity.user",
  "identity.userAgent",
  "identity.userArn",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "stage",
];

/** Of events of a connection only (developer guide, "WebSocket API mapping template reference"). */
const eventVariables = ["connectedAt", "connectionId", "eventType", "messageId", "routeKey"];

const restVariables = [
  "accountId",
  "authorizer.claims.*",
  "awsEndpointRequestId",
  "deploymentId",
  "domainPrefix",
  "httpMethod",
  "identity.accessKey",
  "identity.clientCert.clientCertPem",
  "identity.clientCert.issuerDN",
  "identity.clientCert.serialNumber",
  "identity.clientCert.subjectDN",
  "identity.clientCert.validity.notAfter",
  "identity.clientCert.validity.notBefore",
  "identity.vpcId",
  "identity.vpceId",
  "isCanaryRequest",
  "path",
  "protocol",
  "requestOverride.header.*",
  "requestOverride.path.*",
  "requestOverride.querystring.*",
  "resourceId",
  "resourcePath",
  "responseOverride.*",
  "responseOverride.header.*",
  "responseOverride.status",
  "wafResponseCode",
  "webaclArn",
];

export const errorVariables: readonly string[] = [
  "error.message",
  "error.messageString",
  "error.responseType",
  "error.validationErrorString",
];

/**
 * Variables of `$context` in mapping templates (aws-behaviour 14.5 and 29.5). `*`: any name below. Those of an error are documented for
 * WebSocket APIs, though no template runs after a failure there: they print nothing.
 */
export const contextVariables: Readonly<Record<TemplateContext, readonly string[]>> = {
  mapping: [...sharedVariables, ...restVariables],
  socket: [...sharedVariables, ...eventVariables, ...errorVariables, "status"],
};

/** All of both: places that REST and WebSocket APIs share. */
export const anyContextVariables: readonly string[] = [...sharedVariables, ...eventVariables, ...restVariables];

/** Whose variables a WebSocket API may lack: a warning, as API Gateway's pages disagree about it. */
export const restApis = "REST APIs";

interface Elsewhere {
  readonly names: readonly string[];
  readonly where: string;
}

const logNames = [
  "authenticate",
  "authorize",
  "customDomain",
  "integration",
  "integrationErrorMessage",
  "integrationLatency",
  "integrationStatus",
  "responseLatency",
  "responseLength",
  "waf",
  "xrayTraceId",
];

/** Variables that have a value elsewhere only, by their first names. */
export const contextElsewhere: Readonly<Record<TemplateContext, readonly Elsewhere[]>> = {
  mapping: [
    { where: "access logs", names: [...logNames, "status"] },
    { where: "gateway responses and access logs", names: ["error"] },
    { where: "WebSocket APIs", names: eventVariables },
  ],
  socket: [
    { where: "access logs", names: logNames },
    { where: restApis, names: firstNamesOf(restVariables) },
  ],
};

/** Groups that only these have. */
function firstNamesOf(names: readonly string[]): readonly string[] {
  const shared = new Set(sharedVariables.map((name) => name.split(".")[0]));
  return [...new Set(names.map((name) => name.split(".")[0] ?? name))].filter((name) => !shared.has(name));
}
