/**
 * Every name that generated modules take from the runtime, and the module it comes from. A test compares the list
 * with the runtime's exports.
 */
export const runtimeNames = {
  route: "program",
  programFormat: "program",
  engine: "engine",
  edgeEndpoint: "http/edge-endpoint",
  TlsFront: "host/tls/tls-front",
  lambdaAuthorizer: "auth/lambda/lambda-authorizer",
  cognitoAuthorizer: "auth/tokens/cognito-authorizer",
  jwtAuthorizer: "auth/tokens/jwt-authorizer",
  invokeRemote: "integrations/invoke-remote",
  tokenPattern: "auth/lambda/token-pattern",
  redisState: "state/redis/redis-state",
  requireApiKey: "limits/require-api-key",
  usagePlan: "limits/usage-plan",
  throttle: "limits/throttle",
  iamService: "auth/iam/iam-service",
  iamSigner: "auth/iam/iam-steps",
  iamCaller: "auth/iam/iam-steps",
  policyAgrees: "auth/resource-policy-steps",
  policyAllows: "auth/resource-policy-steps",
  policyDenies: "auth/resource-policy-steps",
  requirePrivate: "auth/require-private",
  wafRules: "auth/waf/waf-rules",
  resourcePolicy: "auth/resource-policy",
  cached: "cache/cached",
  requireParameters: "validation/require-parameters",
  strictParameters: "validation/strict-parameters",
  readBody: "http/read-body",
  validateBody: "validation/validate-body",
  validateResponse: "validation/validate-response",
  corsPreflight: "http/cors",
  addCors: "http/cors",
  substitution: "mapping/substitution",
  fromBody: "mapping/parameters",
  fromBodyPart: "integrations/body-part",
  fromContext: "mapping/parameters",
  fromHeader: "mapping/parameters",
  fromMultiHeader: "mapping/parameters",
  fromMultiQuery: "mapping/parameters",
  fromPath: "mapping/parameters",
  fromRequestPath: "mapping/parameters",
  fromQuery: "mapping/parameters",
  fromResponseBody: "mapping/parameters",
  fromMultiResponseHeader: "mapping/parameters",
  fromResponseHeader: "mapping/parameters",
  fromResponseStatus: "mapping/parameters",
  fromStageVariable: "mapping/parameters",
  fromStatic: "mapping/parameters",
  fromText: "mapping/parameters",
  nothing: "mapping/parameters",
  orElse: "mapping/parameters",
  lambdaProxy: "integrations/lambda-proxy",
  lambdaProxyRemote: "integrations/lambda-proxy-remote",
  lambdaCustom: "integrations/lambda-custom",
  lambdaCustomRemote: "integrations/lambda-custom-remote",
  httpProxy: "integrations/http-proxy",
  httpCustom: "integrations/http-custom",
  awsService: "integrations/aws-service",
  firstClassService: "integrations/first-class-service",
  mapFunctionRequest: "integrations/map-function",
  mapFunctionAnswer: "integrations/map-function",
  mock: "integrations/mock",
  mockMapped: "integrations/mock-mapped",
  templateBody: "integrations/template-body",
  answerSelection: "websocket/select-answer",
  selection: "websocket/select-route",
  chosenModel: "websocket/choose-model",
  manageConnections: "websocket/manage-connections",
  webSocketEngine: "websocket/engine",
  createGateway: "host/gateway",
  main: "host/main",
  isMain: "host/is-main",
} as const;

export type RuntimeName = keyof typeof runtimeNames;

/** Import specifier of a runtime module in generated code. */
export function runtimeModule(module: string): string {
  return `gatewayc/runtime/${module}.js`;
}

/** Names of the runtime that a piece of generated code calls. What stands in its texts is the user's. */
export function calledNames(code: string): readonly string[] {
  const called = new Set(Array.from(withoutTexts(code).matchAll(/\b([a-z]\w*)\(/g), ([, name = ""]) => name));
  return Object.keys(runtimeNames).filter((name) => called.has(name));
}

/** Those of the names that a piece of generated code uses outside of its texts. */
export function usedNames(code: string, names: readonly string[]): readonly string[] {
  const words = new Set(withoutTexts(code).match(/\w+/g));
  return names.filter((name) => words.has(name));
}

function withoutTexts(code: string): string {
  return code.replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

/** Import lines for the names used, one a module, sorted. */
export function printRuntimeImports(names: Iterable<string>, types: Iterable<string> = []): string {
  const byModule = new Map<string, string[]>();
  const add = (module: string, name: string) => byModule.set(module, [...(byModule.get(module) ?? []), name]);
  for (const name of new Set(names)) add(runtimeNames[name as RuntimeName], name);
  for (const name of new Set(types)) add("program", `type ${name}`);
  return [...byModule]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, imported]) => `import { ${imported.sort().join(", ")} } from "${runtimeModule(module)}";\n`)
    .join("");
}
