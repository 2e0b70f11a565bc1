import { authorizerIdOf, integrationIdOf, routeIdOf } from "../../../host/stable-ids.js";
import type { RouteEntry } from "../../../program.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { missing } from "../../design/lookup-rules.js";
import { type Design, extensionOf, isMembers, listOf, type Members, membersOf, said } from "../design.js";
import { programOf } from "../served.js";
import { type V2Api, v2ApiOf, v2Design, v2Page } from "./apis.js";

/** GetRoutes. @throws AdminProblem */
export function getRoutes(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  const api = v2ApiOf(target, id);
  const design = v2Design(target, api);
  return jsonAnswer(
    v2Page(
      api.routes.map((route) => routeView(api, route, design)),
      query,
    ),
  );
}

/** GetRoute. @throws AdminProblem */
export function getRoute(target: AdminTarget, _: AdminRequest, [id = "", wanted = ""]: readonly string[]): AdminAnswer {
  const api = v2ApiOf(target, id);
  return jsonAnswer(routeView(api, v2RouteOf(api, wanted), v2Design(target, api)));
}

/** @throws AdminProblem */
function v2RouteOf(api: V2Api, id: string): RouteEntry {
  const found = api.routes.find((route) => routeIdOf(api.apiId, route.key) === id);
  if (found === undefined) throw missing("route");
  return found;
}

function routeView(api: V2Api, route: RouteEntry, design: Design | undefined): Members {
  const { apiId } = api;
  const { key, authorizer, scopes, operationName } = route;
  const { requestModels, modelSelectionExpression } = socketRoute(design, key);
  return {
    routeId: routeIdOf(apiId, key),
    routeKey: key,
    target: `integrations/${integrationIdOf(apiId, key)}`,
    authorizationType: authorizationType(route),
    ...(authorizer && { authorizerId: authorizerIdOf(api.served.name, authorizer.name) }),
    ...said({ authorizationScopes: scopes, operationName, requestModels, modelSelectionExpression }),
    ...(replies(api, key) && { routeResponseSelectionExpression: "$default" }),
    apiKeyRequired: route.needsKey,
  };
}

function authorizationType({ isSigned, authorizer }: RouteEntry): string {
  if (isSigned) return "AWS_IAM";
  if (authorizer === undefined) return "NONE";
  return authorizer.kind === "jwt" ? "JWT" : "CUSTOM";
}

/** Whether the answer of a WebSocket route is sent to the client. */
function replies({ protocol, served }: V2Api, key: string): boolean {
  const routes = protocol === "WEBSOCKET" ? programOf(served).websocket?.routes : undefined;
  return routes?.some(({ route, replies: does }) => route.key === key && does) === true;
}

/** GetRouteResponses. @throws AdminProblem */
export function getRouteResponses(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(v2Page(routeResponses(v2ApiOf(target, id), wanted), query));
}

/** GetRouteResponse. @throws AdminProblem */
export function getRouteResponse(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = "", response = ""]: readonly string[],
): AdminAnswer {
  const found = routeResponses(v2ApiOf(target, id), wanted).find((each) => each["routeResponseId"] === response);
  if (found === undefined) throw missing("routeResponse");
  return jsonAnswer(found);
}

function routeResponses(api: V2Api, id: string): readonly Members[] {
  const { key } = v2RouteOf(api, id);
  if (!replies(api, key)) return [];
  return [{ routeResponseId: routeIdOf(api.apiId, `reply ${key}`), routeResponseKey: "$default" }];
}

/** GetIntegrations: one a route. @throws AdminProblem */
export function getIntegrations(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  const api = v2ApiOf(target, id);
  const design = v2Design(target, api);
  return jsonAnswer(
    v2Page(
      api.routes.map((route) => integrationView(api, route, design)),
      query,
    ),
  );
}

/** GetIntegration. @throws AdminProblem */
export function getV2Integration(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  const api = v2ApiOf(target, id);
  return jsonAnswer(integrationView(api, ownerOf(api, wanted), v2Design(target, api)));
}

/** The route of an integration. @throws AdminProblem */
function ownerOf(api: V2Api, integrationId: string): RouteEntry {
  const found = api.routes.find(({ key }) => integrationIdOf(api.apiId, key) === integrationId);
  if (found === undefined) throw missing("integration");
  return found;
}

function integrationView(api: V2Api, route: RouteEntry, design: Design | undefined): Members {
  const stored =
    api.protocol === "HTTP" ? httpIntegration(route, design) : socketRoute(design, route.key)["integration"];
  return {
    connectionType: "INTERNET",
    ...(isMembers(stored) ? stored : knownIntegration(route)),
    integrationId: integrationIdOf(api.apiId, route.key),
    timeoutInMillis: route.timeoutMs,
  };
}

/** What API Gateway makes of the extension when it imports it (API reference, Integration). */
function httpIntegration({ method, resourcePath }: RouteEntry, design: Design | undefined): Members | undefined {
  const path = resourcePath.startsWith("/") ? resourcePath : `/${resourcePath}`;
  const operation = design?.operation(path, method);
  const extension = operation && extensionOf(operation, "integration");
  if (!isMembers(extension)) return undefined;
  const { type, uri, httpMethod, credentials, integrationSubtype, payloadFormatVersion, tlsConfig } = extension;
  const { requestParameters, responseParameters, connectionType, connectionId } = extension;
  const own = { integrationUri: functionArn(uri), integrationMethod: httpMethod, credentialsArn: credentials };
  return {
    integrationType: String(type).toUpperCase(),
    ...said({ ...own, integrationSubtype, payloadFormatVersion, tlsConfig, connectionType, connectionId }),
    ...said({ requestParameters, responseParameters }),
  };
}

/** HTTP APIs tell a function by its own ARN. */
function functionArn(uri: unknown): unknown {
  const arn = typeof uri === "string" ? /\/functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] : undefined;
  return arn ?? uri;
}

/** Without a document there is what the gateway needs to know. */
function knownIntegration({ lambda, http, aws, mock }: RouteEntry): Members {
  if (lambda) {
    const { functionName: integrationUri, payloadFormat } = lambda;
    return {
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri,
      payloadFormatVersion: payloadFormat,
    };
  }
  if (http) return { integrationType: http.proxy ? "HTTP_PROXY" : "HTTP", integrationMethod: http.method };
  if (aws) return { integrationType: "AWS" };
  return { integrationType: mock ? "MOCK" : "AWS_PROXY" };
}

/** What the documents have of a route of the WebSocket API. */
function socketRoute(design: Design | undefined, key: string): Members {
  return membersOf(membersOf(design?.document["routes"])[key]);
}

/** GetIntegrationResponses: WebSocket APIs have some. @throws AdminProblem */
export function getIntegrationResponses(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(v2Page(integrationResponses(target, id, wanted), query));
}

/** GetIntegrationResponse. @throws AdminProblem */
export function getV2IntegrationResponse(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = "", response = ""]: readonly string[],
): AdminAnswer {
  const all = integrationResponses(target, id, wanted);
  const found = all.find((each) => each["integrationResponseId"] === response);
  if (found === undefined) throw missing("integrationResponse");
  return jsonAnswer(found);
}

function integrationResponses(target: AdminTarget, id: string, wanted: string): readonly Members[] {
  const api = v2ApiOf(target, id);
  const { key } = ownerOf(api, wanted);
  const responses = listOf(socketRoute(v2Design(target, api), key)["integrationResponses"]).map(membersOf);
  return responses.map((each) => ({
    ...each,
    integrationResponseId: integrationIdOf(api.apiId, `${key} ${String(each["integrationResponseKey"])}`),
  }));
}

/** GetAuthorizers. @throws AdminProblem */
export function getV2Authorizers(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(v2Page(authorizersOf(target, v2ApiOf(target, id)), query));
}

/** GetAuthorizer. @throws AdminProblem */
export function getV2Authorizer(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  const found = authorizersOf(target, v2ApiOf(target, id)).find((each) => each["authorizerId"] === wanted);
  if (found === undefined) throw missing("authorizer");
  return jsonAnswer(found);
}

/** Those that guard a route. */
function authorizersOf(target: AdminTarget, api: V2Api): readonly Members[] {
  const entries = new Set(api.routes.flatMap(({ authorizer }) => authorizer ?? []));
  const design = v2Design(target, api);
  return [...entries].map((entry) => {
    const { name } = entry;
    const own = { authorizerId: authorizerIdOf(api.served.name, name), name };
    const scheme = design?.schemes[name] ?? membersOf(design?.document["authorizers"])[name];
    const stored = membersOf(extensionOf(membersOf(scheme), "authorizer"));
    if (entry.kind !== "lambda") {
      const { jwtConfiguration, identitySource } = stored;
      const places = [entry.identity].map((source) => `$request.${source.in}.${source.name}`);
      return {
        ...own,
        authorizerType: "JWT",
        identitySource: typeof identitySource === "string" ? [identitySource] : places,
        ...said({ jwtConfiguration }),
      };
    }
    const { authorizerUri, identityValidationExpression, authorizerCredentials } = stored;
    const isHttp = api.protocol === "HTTP";
    const prefix = isHttp ? "$request" : "route.request";
    return {
      ...own,
      authorizerType: "REQUEST",
      authorizerUri: authorizerUri ?? entry.function.functionName,
      identitySource: entry.identity.map((source) => sourceText(source, prefix)),
      authorizerResultTtlInSeconds: entry.ttlSeconds,
      ...(isHttp && {
        authorizerPayloadFormatVersion: entry.payloadFormat,
        enableSimpleResponses: entry.simpleResponses,
      }),
      ...said({ identityValidationExpression, authorizerCredentialsArn: authorizerCredentials }),
    };
  });
}

function sourceText({ in: place, name }: { readonly in: string; readonly name: string }, prefix: string): string {
  const dollar = prefix.startsWith("$") ? "$" : "";
  if (place === "context") return `${dollar}context.${name}`;
  if (place === "stageVariable") return `${dollar}stageVariables.${name}`;
  return `${prefix}.${place === "query" ? "querystring" : place}.${name}`;
}
