import type { Authorization } from "../model/authorizers.js";
import type { Cors, Throttle } from "../model/gateway-model.js";
import type { Route, Validation } from "../model/routes.js";
import type { RouteSyntax, ValidateSyntax } from "../syntax/gateway-syntax.js";
import { AuthorizationReader } from "./authorization.js";
import { checkExtensions } from "./aws-options.js";
import { checkBody, checkOtherwise, checkResponses } from "./bodies.js";
import type { Checking } from "./checking.js";
import { inheritCors } from "./cors.js";
import type { FunctionTable } from "./functions.js";
import { checkIntegration } from "./integrations.js";
import { recordOf } from "./json-of.js";
import { checkCount } from "./limits.js";
import { checkOperations } from "./operations.js";
import { checkPagination } from "./pagination.js";
import { checkParametersOf } from "./parameters.js";
import { type CheckedRoute, checkPreflights, checkProtectedPreflights } from "./preflights.js";
import { checkResourceTree } from "./resource-tree.js";
import { checkRouteCache } from "./route-cache.js";
import { checkRouteKey, type RouteKey } from "./route-key.js";
import { checkThrottle } from "./throttles.js";
import { checkTimeout } from "./timeouts.js";

interface KeyedRoute {
  readonly syntax: RouteSyntax;
  readonly key: RouteKey;
}

/** What a route inherits from the top of the file, where it says nothing itself. */
interface Inherited {
  readonly cors: Cors | undefined;
  readonly authorization: Authorization;
  readonly throttle: Throttle | undefined;
  readonly timeoutMs: number;
  readonly apiKey: boolean;
}

interface RoutesContext {
  readonly checking: Checking;
  readonly functions: FunctionTable;
  readonly authorizations: AuthorizationReader;
  readonly inherited: Inherited;
}

/** All routes that can be understood, in the order of the file. */
export async function checkRoutes(
  checking: Checking,
  functions: FunctionTable,
  cors: Cors | undefined,
): Promise<readonly Route[]> {
  const { syntax, report } = checking;
  const keyed = syntax.routes.flatMap((route): readonly KeyedRoute[] => {
    const key = checkRouteKey(route.key, checking.kind, report);
    return key ? [{ syntax: route, key }] : [];
  });
  const keys = keyed.map(({ key }) => key);
  const what = checking.kind === "rest" ? "routes of a REST API (AWS counts resources)" : "routes of an HTTP API";
  const instead = "ask AWS to raise the quota, or put routes of one backend behind {proxy+}";
  checkCount(keys, { most: 300, what, instead, canBeRaised: true }, report);
  checkResourceTree(keys, checking);
  const operations = checkOperations(keyed, checking);
  const authorizations = new AuthorizationReader(checking);
  const inherited = inheritedSettings(checking, authorizations, cors);
  const context = { checking, functions, authorizations, inherited };
  const checked: CheckedRoute[] = [];
  for (const keyedRoute of keyed) {
    const { syntax, key } = keyedRoute;
    const route = await checkRoute(keyedRoute, operations.get(syntax) ?? key.text, context);
    if (route) checked.push({ route, syntax });
  }
  checkPreflights(checked, checking);
  checkProtectedPreflights(checked, cors, checking);
  return checked.map(({ route }) => route);
}

function inheritedSettings(checking: Checking, authorizations: AuthorizationReader, cors: Cors | undefined): Inherited {
  const { syntax } = checking;
  return {
    cors,
    authorization: authorizations.read(syntax.auth),
    throttle: checkThrottle(syntax.throttle, checking),
    timeoutMs: checkTimeout(syntax.timeout, checking),
    apiKey: syntax.apiKey?.value ?? false,
  };
}

async function checkRoute(
  { syntax, key }: KeyedRoute,
  operation: string,
  { checking, functions, authorizations, inherited }: RoutesContext,
): Promise<Route | undefined> {
  const parameters = checkParametersOf(syntax, key, checking);
  const body = checkBody(syntax.body, checking);
  const authorization = syntax.auth ? authorizations.read(syntax.auth) : inherited.authorization;
  const timeoutMs = syntax.timeout ? checkTimeout(syntax.timeout, checking) : inherited.timeoutMs;
  checkExtensions(syntax.awsOptions, checking);
  const responses = checkResponses(syntax, checking);
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
    ...(syntax.otherwise ? { otherwise: checkOtherwise(syntax, checking) } : {}),
    authorization,
    apiKeyRequired: syntax.apiKey?.value ?? inherited.apiKey,
    validation: validationOf(syntax.validate ?? checking.syntax.validate, checking),
    responseValidation: responseValidationOf(syntax.validateResponses ?? checking.syntax.validateResponses, checking),
    cors: inheritCors(syntax.cors, inherited.cors, checking),
    throttle: syntax.throttle ? checkThrottle(syntax.throttle, checking) : inherited.throttle,
    log: syntax.log?.value,
    cache: checkRouteCache(syntax, key.method, parameters, authorization, checking),
    pagination: checkPagination(syntax.paginate, { parameters, responses }, checking),
    awsOptions: recordOf(syntax.awsOptions),
  };
  const request = { path: key.path, parameters, body, authorization };
  const integration = await checkIntegration({ ...request, route: syntax, timeoutMs, checking, functions });
  return integration && { ...route, integration };
}

function responseValidationOf(
  asked: RouteSyntax["validateResponses"],
  { kind }: Checking,
): Route["responseValidation"] {
  return kind === "http" || asked === undefined || asked.value === "off" ? undefined : asked.value;
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
