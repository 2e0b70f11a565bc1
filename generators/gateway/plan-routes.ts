import { invariant } from "../../src/invariant.js";
import { byName } from "../../src/model/by-name.js";
import type { Cors, GatewayModel } from "../../src/model/gateway-model.js";
import type { HttpIntegration, LambdaIntegration, MockIntegration, Template } from "../../src/model/integrations.js";
import { httpMethods, type PathSegment, type Route, type RouteCache } from "../../src/model/routes.js";
import { code, type Planned } from "../emit/code-literal.js";
import { constantHeaders, isConstantMock, mockResponse } from "./constant-mock.js";
import { resourceIdOf } from "./ids.js";
import type { AuthorizerPlan } from "./plan-authorizers.js";
import { authorizerNameOf } from "./plan-authorizers.js";
import { planAws } from "./plan-aws.js";
import { planFirstClass } from "./plan-first-class.js";
import { planAnswerChanges, planResponses } from "./plan-integration-responses.js";
import { planChanges, planMappings, valueSource } from "./plan-mappings.js";
import { type PipelinePlans, preflightPipeline } from "./plan-pipelines.js";
import { constantBody, planCors } from "./plan-responses.js";
import { secretsOf } from "./plan-secrets.js";
import type { TemplatePlans } from "./plan-templates.js";
import { targetText } from "./plan-texts.js";
import { requiredParametersOf } from "./plan-validation.js";
import type { ValidatorPlans } from "./plan-validators.js";

export interface RoutePlan {
  readonly pipeline: string;
  readonly entry: { readonly [name: string]: Planned };
}

/** A function whose code is in modules of the project; alias `` where there is one only. */
export interface FunctionPlan {
  readonly constant: string;
  readonly modules: readonly { readonly alias: string; readonly importPath: string }[];
}

export interface RouteParts {
  readonly functions: ReadonlyMap<string, FunctionPlan>;
  readonly authorizers: readonly AuthorizerPlan[];
  readonly validators: ValidatorPlans;
  readonly pipelines: PipelinePlans;
  readonly templates: TemplatePlans;
  readonly model: GatewayModel;
}

/** Every route of the file, then the OPTIONS methods that CORS adds to REST APIs. */
export function planRoutes(parts: RouteParts): readonly RoutePlan[] {
  const { model } = parts;
  const declared = model.routes.map((route) => planRoute(route, parts));
  return model.kind === "rest" ? [...declared, ...planPreflights(model)] : declared;
}

export function planRoute(route: Route, parts: RouteParts): RoutePlan {
  const pipeline = parts.pipelines.byRoute.get(route)?.name ?? "";
  const required = requiredParametersOf(route);
  const secrets = secretsOf(route, parts.model);
  return {
    pipeline,
    entry: {
      key: route.key,
      method: route.method,
      resourcePath: route.path.text,
      resourceId: resourceIdOf(route.path.text),
      operationName: route.operation,
      segments: route.path.segments.map(segmentText),
      run: code(pipeline),
      timeoutMs: route.integration.timeoutMs,
      cors: parts.model.kind === "rest" && route.cors ? planCors(route.cors, methodsOf(route)) : undefined,
      ...planAuthorization(route, parts),
      isSigned: route.authorization.kind === "iam" ? true : undefined,
      needsKey: parts.model.kind === "rest" && route.apiKeyRequired ? true : undefined,
      throttle: route.throttle && { rate: route.throttle.rate, burst: route.throttle.burst },
      log: route.log,
      secrets: secrets.length > 0 ? secrets : undefined,
      cache: route.cache && planRouteCache(route.cache),
      requiredParameters: required.length > 0 ? required : undefined,
      parameterChecks: parts.validators.parameters.get(route),
      bodyCheck: parts.validators.bodies.get(route),
      responseCheck: parts.validators.responses.get(route),
      ...planTarget(route, parts),
    },
  };
}

function planAuthorization(route: Route, { authorizers }: RouteParts): { readonly [name: string]: Planned } {
  const name = authorizerNameOf(route);
  if (route.authorization.kind !== "authorizer" || name === undefined) return {};
  const plan = authorizers.find(({ authorizer }) => authorizer.name === name);
  invariant(plan, "a route's authorizer is declared");
  const { scopes } = route.authorization;
  return { authorizer: code(plan.constant), scopes: scopes.length > 0 ? scopes : undefined };
}

function planRouteCache({ ttlSeconds, keys, namespace, shared }: RouteCache): Planned {
  const parts = keys.map((key) => ({ in: key.in, name: key.in === "header" ? key.name.toLowerCase() : key.name }));
  return { ttlSeconds, keys: parts, namespace, shared };
}

function segmentText(segment: PathSegment): string {
  switch (segment.kind) {
    case "static":
      return segment.text;
    case "parameter":
      return `{${segment.name}}`;
    case "greedy":
      return `{${segment.name}+}`;
  }
}

function planTarget(route: Route, parts: RouteParts): { readonly [name: string]: Planned } {
  const { integration } = route;
  switch (integration.kind) {
    case "lambda": {
      const plan = parts.functions.get(integration.function);
      const declared = byName(parts.model.functions).get(integration.function);
      return {
        lambda: {
          functionName: integration.function,
          payloadFormat: integration.payloadFormat,
          modules: code(plan?.constant ?? "new Map()"),
          alias: declared?.code.kind === "aliases" ? targetText(declared.code.alias) : undefined,
          arn: declared?.code.kind === "arn" ? targetText(declared.code.arn) : undefined,
          timeoutMs: declared?.timeoutMs,
          changes: parts.model.kind === "http" ? planFunctionChanges(integration) : undefined,
          mapping: integration.proxy ? undefined : planLambdaMapping(integration, parts.templates),
        },
      };
    }
    case "http":
      return { http: planHttp(integration, parts) };
    case "mock":
      return {
        mock: isConstantMock(integration) ? planMock(integration) : planMappedMock(integration, parts.templates),
      };
    case "aws":
      return { aws: parts.model.kind === "http" ? planFirstClass(integration) : planAws(integration, parts.templates) };
  }
}

function planLambdaMapping(integration: LambdaIntegration, templates: TemplatePlans): Planned {
  const { headers, query } = integration.request;
  return {
    headers: headers.length > 0 ? planMappings(headers) : undefined,
    query: query.length > 0 ? planMappings(query) : undefined,
    templates: templates.mapOf(integration.request.templates, "request"),
    passthrough: integration.passthrough,
    contentHandling: integration.contentHandling ?? code("undefined"),
    responses: planResponses(integration, templates),
  };
}

/** Parameter mapping of an HTTP API around a function; undefined where there is none. */
function planFunctionChanges(integration: LambdaIntegration): Planned | undefined {
  const { headers, query } = integration.request;
  if (headers.length + query.length + integration.responses.length === 0) return undefined;
  return { headers: planChanges(headers), query: planChanges(query), responses: planAnswerChanges(integration) };
}

/** HTTP_PROXY of an HTTP API: what is mapped is overwritten, added or taken out. */
function planHttpApiProxy(integration: HttpIntegration): Planned {
  const { request } = integration;
  return {
    proxy: true,
    method: integration.method,
    uri: targetText(integration.uri),
    headers: planChanges(request.headers),
    query: planChanges(request.query),
    path: planMappings(request.path),
    overwritePath: request.wholePath && code(valueSource(request.wholePath)),
    isPrivate: integration.connection ? true : undefined,
    insecureSkipVerification: integration.insecureSkipVerification,
    responses: planAnswerChanges(integration),
  };
}

function planHttp(integration: HttpIntegration, { templates, model }: RouteParts): Planned {
  const { request, proxy } = integration;
  if (model.kind === "http") return planHttpApiProxy(integration);
  return {
    proxy,
    method: integration.method,
    uri: targetText(integration.uri),
    headers: planMappings(request.headers),
    query: planMappings(request.query),
    path: planMappings(request.path),
    insecureSkipVerification: integration.insecureSkipVerification,
    responses: planResponses(integration, templates),
    templates: request.templates.length > 0 ? templates.mapOf(request.templates, "request") : undefined,
    passthrough: proxy ? undefined : integration.passthrough,
    contentHandling: integration.contentHandling,
  };
}

/** The answer of a MOCK integration of which everything is known at build time. */
function planMock(integration: MockIntegration): { readonly [name: string]: Planned } {
  const chosen = mockResponse(integration);
  const template = chosen?.templates[0];
  return {
    status: chosen?.status ?? integration.status,
    headers: ["Content-Type", template?.mediaType ?? "application/json", ...constantHeaders(chosen)],
    body: template ? constantBody(template) : "",
  };
}

function planMappedMock(integration: MockIntegration, templates: TemplatePlans): Planned {
  const { request } = integration;
  const source: Template["source"] = { kind: "constant", text: `{"statusCode": ${integration.status}}` };
  const written = request.templates.length > 0 ? request.templates : [{ mediaType: "$default", source }];
  return {
    status: integration.status,
    headers: [],
    body: "",
    mapping: {
      templates: templates.mapOf(written, "request"),
      passthrough: integration.passthrough,
      responses: planResponses(integration, templates),
    },
  };
}

function methodsOf(route: Route): readonly string[] {
  return route.method === "ANY" ? httpMethods : [route.method];
}

/** OPTIONS for each resource that has CORS and no OPTIONS or ANY method of its own. */
function planPreflights(model: GatewayModel): readonly RoutePlan[] {
  const byResource = new Map<string, Route[]>();
  for (const route of model.routes)
    byResource.set(route.path.text, [...(byResource.get(route.path.text) ?? []), route]);
  const plans: RoutePlan[] = [];
  for (const [resourcePath, routes] of byResource) {
    const cors = routes.find((route) => route.cors)?.cors;
    if (!cors || routes.some((route) => route.method === "OPTIONS")) continue;
    plans.push(planPreflight(resourcePath, routes, cors));
  }
  return plans;
}

function planPreflight(resourcePath: string, routes: readonly Route[], cors: Cors): RoutePlan {
  const methods = new Set([...routes.flatMap(methodsOf), "OPTIONS"]);
  return {
    pipeline: preflightPipeline,
    entry: {
      key: `OPTIONS ${resourcePath}`,
      method: "OPTIONS",
      resourcePath,
      resourceId: resourceIdOf(resourcePath),
      segments: (routes[0] as Route).path.segments.map(segmentText),
      run: code(preflightPipeline),
      cors: planCors(cors, [...methods].sort()),
    },
  };
}
