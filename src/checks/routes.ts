import type { Authorization } from "../model/authorizers.js";
import type { Cors, Throttle } from "../model/gateway-model.js";
import type { RequestBody, Response, Route, RouteCache, Validation } from "../model/routes.js";
import { primitive } from "../model/type-builders.js";
import { nearest } from "../nearest.js";
import type {
  BodySyntax,
  ResponseSyntax,
  RouteSyntax,
  ThrottleSyntax,
  ValidateSyntax,
} from "../syntax/gateway-syntax.js";
import { checkAuth } from "./authorizers.js";
import type { Checking } from "./checking.js";
import { inheritCors } from "./cors.js";
import type { FunctionTable } from "./functions.js";
import { checkIntegration } from "./integrations.js";
import { recordOf } from "./json-of.js";
import { isInRange } from "./limits.js";
import { checkOperations } from "./operations.js";
import { checkParametersOf } from "./parameters.js";
import { checkResourceTree } from "./resource-tree.js";
import { checkRouteKey, type RouteKey } from "./route-key.js";

interface KeyedRoute {
  readonly syntax: RouteSyntax;
  readonly key: RouteKey;
}

/** What a route inherits from the top of the file. */
interface Inherited {
  readonly cors: Cors | undefined;
  readonly authorization: Authorization;
  readonly throttle: Throttle | undefined;
}

/** All routes that can be understood, in the order of the file. */
export function checkRoutes(checking: Checking, functions: FunctionTable, cors: Cors | undefined): readonly Route[] {
  const { syntax, report } = checking;
  const keyed = syntax.routes.flatMap((route): KeyedRoute[] => {
    const key = checkRouteKey(route.key, checking.kind, report);
    return key ? [{ syntax: route, key }] : [];
  });
  checkResourceTree(
    keyed.map(({ key }) => key),
    checking,
  );
  const operations = checkOperations(keyed, checking);
  const inherited = {
    cors,
    authorization: checkAuth(syntax.auth, checking),
    throttle: checkThrottle(syntax.throttle, checking),
  };
  return keyed.flatMap(
    (route) => checkRoute(route, operations.get(route.syntax) ?? "", inherited, checking, functions) ?? [],
  );
}

function checkRoute(
  { syntax, key }: KeyedRoute,
  operation: string,
  inherited: Inherited,
  checking: Checking,
  functions: FunctionTable,
): Route | undefined {
  const parameters = checkParametersOf(syntax, key.path, checking);
  const body = checkBody(syntax.body, checking);
  const responses = checkResponses(syntax.responses, checking);
  const authorization = syntax.auth ? checkAuth(syntax.auth, checking) : inherited.authorization;
  const timeoutMs = checkTimeout(syntax, checking);
  const integration = checkIntegration({ route: syntax, path: key.path, timeoutMs, checking, functions });
  const route = {
    key: key.text,
    method: key.method,
    path: key.path,
    operation,
    summary: syntax.summary?.text,
    description: syntax.description?.text,
    tags: syntax.tags.map(({ text }) => text),
    deprecated: syntax.deprecated?.value ?? false,
    parameters,
    body,
    responses,
    authorization,
    apiKeyRequired: syntax.apiKey?.value ?? checking.syntax.apiKey?.value ?? false,
    validation: validationOf(syntax.validate ?? checking.syntax.validate, checking),
    cors: inheritCors(syntax.cors, inherited.cors, checking),
    throttle: syntax.throttle ? checkThrottle(syntax.throttle, checking) : inherited.throttle,
    cache: checkCache(syntax, parameters, checking),
    awsOptions: recordOf(syntax.awsOptions),
  };
  return integration && { ...route, integration };
}

function checkBody(body: BodySyntax | undefined, { types, report }: Checking): RequestBody | undefined {
  if (body?.type === undefined) return undefined;
  const type = types.resolveType(body.type.text, body.type.spanMap, report) ?? primitive("any");
  return {
    type,
    mediaTypes: body.mediaTypes?.map(({ text }) => text.toLowerCase()) ?? [defaultMediaType(type)],
    required: body.required?.value ?? true,
  };
}

function defaultMediaType(type: RequestBody["type"]): string {
  return type.kind === "primitive" && type.name === "binary" ? "application/octet-stream" : "application/json";
}

function checkResponses(responses: readonly ResponseSyntax[], checking: Checking): readonly Response[] {
  const { types, report } = checking;
  return responses.map(({ status, description, body, headers }) => {
    isInRange(status, { least: 100, most: 599, what: "a response's status" }, report);
    const type = body?.type && types.resolveType(body.type.text, body.type.spanMap, report);
    return {
      status: status.value,
      description: description?.text,
      body: type && { type, mediaType: body?.mediaTypes?.[0]?.text ?? defaultMediaType(type) },
      headers: headers.map((header) => ({
        name: header.name.text,
        type: (header.type && types.resolveType(header.type.text, header.type.spanMap, report)) ?? primitive("string"),
      })),
    };
  });
}

/** REST 50–29,000 ms, HTTP APIs up to 30,000 (aws-behaviour.md section 33). */
function checkTimeout(route: RouteSyntax, { syntax, kind, report }: Checking): number {
  const most = kind === "rest" ? 29_000 : 30_000;
  const timeout = route.timeout ?? syntax.timeout;
  if (timeout === undefined) return most;
  return isInRange(timeout, { least: 50, most, what: "the timeout, in milliseconds" }, report) ? timeout.value : most;
}

/** HTTP APIs validate nothing; on REST what is declared is checked. */
function validationOf(validate: ValidateSyntax | undefined, { kind }: Checking): Validation {
  const value = kind === "http" ? "none" : (validate?.value ?? "all");
  return {
    parameters: value === "all" || value === "parameters" || value === "strict",
    body: value === "all" || value === "body" || value === "strict",
    strict: value === "strict",
  };
}

export function checkThrottle(throttle: ThrottleSyntax | undefined, { report }: Checking): Throttle | undefined {
  if (throttle?.rate === undefined) return undefined;
  isInRange(throttle.rate, { least: 0, most: 1e9, what: "the rate, in requests a second", isReal: true }, report);
  if (throttle.burst)
    isInRange(throttle.burst, { least: 0, most: 2_147_483_647, what: "the burst, in requests" }, report);
  return { rate: throttle.rate.value, burst: throttle.burst?.value ?? Math.ceil(throttle.rate.value) };
}

function checkCache(route: RouteSyntax, parameters: Route["parameters"], { report }: Checking): RouteCache | undefined {
  const { cache } = route;
  if (cache === undefined || cache.enabled?.value === false) return undefined;
  if (cache.ttl) isInRange(cache.ttl, { least: 0, most: 3600, what: "the cache's ttl, in seconds" }, report);
  const all = parameters.map((parameter) => ({ in: parameter.in, name: parameter.name }));
  const keys = cache.keys?.flatMap(({ text, span }) => {
    const name = text.replace(/^\$request\.(path|querystring|header)\./, "");
    const found = all.find((parameter) => parameter.name === name);
    if (!found)
      report("unknown-cache-key", span, {
        name: text,
        near: nearest(
          name,
          all.map((parameter) => parameter.name),
        ),
      });
    return found ? [found] : [];
  });
  return { ttlSeconds: cache.ttl?.value ?? 300, keys: keys ?? all, shared: cache.shared?.value ?? false };
}
