import type { Authorization } from "../../src/model/authorizers.js";
import type { Reference, Text, Value } from "../../src/model/expressions.js";
import type { GatewayModel, LambdaFunction, Stage } from "../../src/model/gateway-model.js";
import type {
  AwsIntegration,
  HttpIntegration,
  IntegrationResponse,
  LambdaIntegration,
  MockIntegration,
  RequestMapping,
  Template,
} from "../../src/model/integrations.js";
import type { HttpMethod, Parameter, PathSegment, Response, Route, RoutePath } from "../../src/model/routes.js";
import { primitive } from "../../src/model/type-builders.js";
import { type Model, noDocs, type Type } from "../../src/model/types.js";

/**
 * Checked models for tests of generators, with the defaults that the compiler would fill in. Everything can be
 * overridden; a function that a route or an authorizer names and `functions` lacks is added as `handlers/<name>.ts`.
 */
export function gatewayModel(overrides: Partial<GatewayModel> = {}): GatewayModel {
  const routes = overrides.routes ?? [route("GET /hello")];
  const authorizers = overrides.authorizers ?? [];
  const kind = overrides.kind ?? "rest";
  const functions = withMissing(overrides.functions ?? [], [
    ...routes.flatMap(({ integration }) => (integration.kind === "lambda" ? [integration.function] : [])),
    ...authorizers.flatMap((authorizer) => (authorizer.kind === "lambda" ? [authorizer.function] : [])),
  ]);
  return {
    name: "shop",
    version: "1.0.0",
    description: undefined,
    kind,
    endpoint: "regional",
    disableExecuteApiEndpoint: false,
    aws: { region: "us-east-1", account: "123456789012" },
    license: undefined,
    sdk: {
      languages: ["typescript", "python"],
      version: overrides.version ?? "1.0.0",
      license: overrides.license,
      templates: undefined,
      history: [],
      validate: false,
      typescript: { packageName: undefined, enums: "closed", int64: "number", apigClient: false },
      python: { packageName: undefined, models: "typed-dict" },
      go: { module: undefined, package: undefined },
      java: { package: undefined, artifact: undefined },
    },
    models: [],
    authorizers,
    apiKeySource: "HEADER",
    cors: undefined,
    state: undefined,
    plans: [],
    keys: [],
    policy: undefined,
    waf: undefined,
    gatewayResponses: [],
    binaryMediaTypes: [],
    minimumCompressionSize: undefined,
    stages: [stage(kind === "http" ? "$default" : "dev")],
    domains: [],
    websocket: undefined,
    awsOptions: {},
    ...overrides,
    routes,
    functions,
  };
}

function withMissing(declared: readonly LambdaFunction[], names: readonly string[]): readonly LambdaFunction[] {
  const all = new Map(declared.map((entry) => [entry.name, entry]));
  for (const name of names) if (!all.has(name)) all.set(name, lambdaFunction(name));
  return [...all.values()];
}

export function lambdaFunction(name: string, overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  return { name, code: { kind: "module", file: `handlers/${name}.ts` }, timeoutMs: undefined, ...overrides };
}

/** A route by its key (`GET /orders/{id}`, `$default`); path parameters and the operation's name come from the key. */
export function route(key: string, overrides: Partial<Route> = {}): Route {
  const [method, pathText] = key.startsWith("$") ? ["ANY", key] : (key.split(" ") as [string, string]);
  const path = routePath(pathText);
  const operation = overrides.operation ?? operationOf(method, path);
  return {
    key,
    method: method as HttpMethod | "ANY",
    path,
    operation,
    summary: undefined,
    description: undefined,
    tags: [],
    deprecated: false,
    parameters: pathParameters(path),
    body: undefined,
    responses: [],
    authorization: { kind: "none" },
    apiKeyRequired: false,
    validation: { parameters: false, body: false, strict: false },
    integration: lambda(operation),
    cors: undefined,
    throttle: undefined,
    cache: undefined,
    pagination: undefined,
    awsOptions: {},
    ...overrides,
  };
}

export function routePath(text: string): RoutePath {
  if (text === "$default" || text === "/") return { text, segments: [] };
  return { text, segments: text.slice(1).split("/").map(segment) };
}

function segment(text: string): PathSegment {
  const name = /^\{(.+)\}$/.exec(text)?.[1];
  if (name === undefined) return { kind: "static", text };
  return name.endsWith("+") ? { kind: "greedy", name: name.slice(0, -1) } : { kind: "parameter", name };
}

function pathParameters(path: RoutePath): readonly Parameter[] {
  return path.segments.flatMap((part) => (part.kind === "static" ? [] : [parameter("path", part.name)]));
}

function operationOf(method: string, path: RoutePath): string {
  if (path.text === "$default") return "default";
  const words = path.segments.map((part) => (part.kind === "static" ? part.text : part.name));
  const joined = words
    .map((word) => word.replace(/[^A-Za-z0-9]/g, ""))
    .map((w) => w.charAt(0).toUpperCase() + w.slice(1));
  return method.toLowerCase() + (joined.join("") || "Root");
}

/** A required parameter; for an optional one override `required`. */
export function parameter(
  where: Parameter["in"],
  name: string,
  type: Type = primitive("string"),
  overrides: Partial<Parameter> = {},
): Parameter {
  return { in: where, name, type, required: true, description: undefined, ...overrides };
}

/** A documented response; with a type it has a JSON body. */
export function response(status: number, type?: Type, overrides: Partial<Response> = {}): Response {
  const body = type === undefined ? undefined : { type, mediaType: "application/json" };
  return { status, description: undefined, body, headers: [], ...overrides };
}

export function stage(name: string, overrides: Partial<Stage> = {}): Stage {
  return {
    name,
    socketAccessLog: undefined,
    description: undefined,
    variables: [],
    throttle: undefined,
    log: "off",
    accessLog: undefined,
    tracing: false,
    metrics: "off",
    cache: undefined,
    canary: undefined,
    routes: [],
    ...overrides,
  };
}

/** Stage variables from a plain object. */
export function variables(values: Readonly<Record<string, string>>): Stage["variables"] {
  return Object.entries(values).map(([name, value]) => ({ name, value: text(value) }));
}

export function model(name: string, type: Type, overrides: Partial<Model> = {}): Model {
  return { name, type, docs: noDocs, recursive: false, ...overrides };
}

export const noMapping: RequestMapping = { headers: [], query: [], path: [], templates: [] };

const integrationDefaults = {
  timeoutMs: 29_000,
  passthrough: "WHEN_NO_MATCH",
  contentHandling: undefined,
  request: noMapping,
  responses: [],
  awsOptions: {},
} as const;

/** AWS_PROXY to a function of the gateway. */
export function lambda(name: string, overrides: Partial<LambdaIntegration> = {}): LambdaIntegration {
  return { kind: "lambda", proxy: true, function: name, payloadFormat: "1.0", ...integrationDefaults, ...overrides };
}

/** HTTP_PROXY with the client's method. */
export function http(uri: string | Text, overrides: Partial<HttpIntegration> = {}): HttpIntegration {
  return {
    kind: "http",
    proxy: true,
    method: "ANY",
    uri: typeof uri === "string" ? text(uri) : uri,
    connection: undefined,
    insecureSkipVerification: false,
    ...integrationDefaults,
    ...overrides,
  };
}

/** An action of an AWS service, POST. */
export function aws(service: string, action: string, overrides: Partial<AwsIntegration> = {}): AwsIntegration {
  return {
    kind: "aws",
    service,
    target: { kind: "action", action },
    method: "POST",
    parameters: [],
    credentials: undefined,
    ...integrationDefaults,
    passthrough: "NEVER",
    ...overrides,
  };
}

/** MOCK that answers 200 with a constant JSON body (none when it is undefined). */
export function mock(body?: unknown, overrides: Partial<MockIntegration> = {}): MockIntegration {
  const templates = body === undefined ? [] : [jsonTemplate(JSON.stringify(body))];
  return {
    kind: "mock",
    status: 200,
    ...integrationDefaults,
    responses: [integrationResponse(200, { templates })],
    ...overrides,
  };
}

/** The default response of an integration; with a `pattern`, one that is chosen by it. */
export function integrationResponse(status: number, overrides: Partial<IntegrationResponse> = {}): IntegrationResponse {
  const none = { pattern: undefined, statusRule: undefined, headers: [], templates: [], contentHandling: undefined };
  return { status, ...none, ...overrides };
}

/** A constant `application/json` template. */
export function jsonTemplate(body: string): Template {
  return { mediaType: "application/json", source: { kind: "constant", text: body } };
}

/** A text without references, or made of strings and references in order. */
export function text(...parts: readonly (string | Reference)[]): Text {
  return { parts };
}

/** A reference in the language's grammar without the `$`: `request.header.X`, `context.a.b`, `stageVariables.x`. */
export function ref(written: string): Reference {
  const [room = "", ...rest] = written.split(".");
  if (room === "context") return { kind: "context", path: rest };
  if (room === "stageVariables") return { kind: "stageVariable", name: rest.join(".") };
  if (room === "env") return { kind: "env", name: rest.join(".") };
  const [where = "", ...names] = rest;
  const path = names.map((name) => ({ kind: "member", name }) as const);
  if (room === "response") {
    if (where === "body") return { kind: "responseBody", path };
    return where === "status" ? { kind: "responseStatus" } : { kind: "responseHeader", name: names.join(".") };
  }
  if (where === "body") return { kind: "body", path };
  return { kind: where as "path" | "querystring" | "header", name: names.join(".") };
}

/** A plain JSON value, or a reference (by `ref`), as a `Value`. */
export function value(of: string | number | boolean | null | Reference): Value {
  if (typeof of === "object" && of !== null) return { kind: "reference", reference: of };
  return { kind: "constant", value: of };
}

/** `auth: <name>` with the scopes it needs. */
export function authorizedBy(name: string, ...scopes: readonly string[]): Authorization {
  return { kind: "authorizer", name, scopes };
}
