import type { ServedApi } from "../../host/host-table.js";
import { authorizerIdOf, resourceIdOf, validatorIdOf } from "../../host/stable-ids.js";
import type { RouteEntry } from "../../program.js";
import { notFound } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { type Design, designOf, type Members, membersOf, said } from "./design.js";
import { gatewayOf, programOf } from "./served.js";
import { integration, methodResponses, requestModels, requestParameters, validatorOf } from "./stored-methods.js";
import { storedAuthorizer } from "./stored-objects.js";

/** HTTP APIs are told by the second version (`v2/`); whoever has their ids may use them here too. */
export function restApis(target: AdminTarget): readonly ServedApi[] {
  return gatewayOf(target).apis.filter((api) => programOf(api).api.kind === "rest");
}

/** An API as GetRestApi tells it. */
export function restApi(target: AdminTarget, api: ServedApi): Readonly<Record<string, unknown>> {
  const { api: entry, limits } = programOf(api);
  const { endpoint = "regional", disableExecuteApiEndpoint = false, minimumCompressionSize } = entry;
  const { description } = membersOf(designOf(target, api)?.document["info"]);
  return {
    id: api.apiId,
    name: entry.name,
    ...said({ description }),
    version: entry.version,
    apiKeySource: limits?.apiKeySource ?? "HEADER",
    endpointConfiguration: {
      types: [endpoint.toUpperCase()],
      ipAddressType: endpoint === "private" ? "dualstack" : "ipv4",
    },
    disableExecuteApiEndpoint,
    rootResourceId: resourceIdOf("/"),
    ...(entry.binaryMediaTypes.length > 0 && { binaryMediaTypes: entry.binaryMediaTypes }),
    ...(minimumCompressionSize !== undefined && { minimumCompressionSize }),
  };
}

interface Resource {
  readonly id: string;
  readonly path: string;
  readonly parentId?: string;
  readonly pathPart?: string;
  readonly routes: RouteEntry[];
}

/** The tree of resources: each part of each path is one, whether it has methods or not. */
export function resourcesOf(api: ServedApi): readonly Resource[] {
  const byPath = new Map<string, Resource>([["/", { id: resourceIdOf("/"), path: "/", routes: [] }]]);
  for (const route of programOf(api).routes) {
    if (!route.resourcePath.startsWith("/")) continue;
    const parts = route.resourcePath.split("/").filter((part) => part !== "");
    let parent = "/";
    for (const pathPart of parts) {
      const path = parent === "/" ? `/${pathPart}` : `${parent}/${pathPart}`;
      if (!byPath.has(path))
        byPath.set(path, { id: resourceIdOf(path), path, parentId: resourceIdOf(parent), pathPart, routes: [] });
      parent = path;
    }
    byPath.get(parent)?.routes.push(route);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @throws AdminProblem */
export function resourceOf(api: ServedApi, id: string): Resource {
  const resource = resourcesOf(api).find((candidate) => candidate.id === id);
  if (resource === undefined) throw notFound("Invalid Resource identifier specified");
  return resource;
}

/** @param embedsMethods  with all of each method @param design  what was built for API Gateway */
export function resourceView(
  { routes, ...resource }: Resource,
  api: ServedApi,
  embedsMethods: boolean,
  design: Design | undefined,
): object {
  if (routes.length === 0) return resource;
  const methods = routes.map((route) => [route.method, embedsMethods ? methodView(route, api, design) : {}]);
  return { ...resource, resourceMethods: Object.fromEntries(methods) };
}

/** @throws AdminProblem */
export function methodOf(resource: Resource, method: string): RouteEntry {
  const route = resource.routes.find((candidate) => candidate.method === method);
  if (route === undefined) throw notFound("Invalid Method identifier specified");
  return route;
}

/** As GetMethod tells it: what the document has of it, and without one what the gateway itself needs to know. */
export function methodView(route: RouteEntry, api: ServedApi, design: Design | undefined): Members {
  const { method, operationName, authorizer, requiredParameters } = route;
  const operation = design?.operation(route.resourcePath, method);
  const required = requiredParameters.map(({ label, in: place, name }) => [
    label || `method.request.${place}.${name}`,
    true,
  ]);
  const validator = operation && design && validatorOf(operation, design);
  const parameters = operation ? requestParameters(operation) : Object.fromEntries(required);
  return {
    httpMethod: method,
    authorizationType: authorizationType(route),
    apiKeyRequired: route.needsKey === true,
    ...(authorizer && { authorizerId: authorizerIdOf(api.name, authorizer.name) }),
    ...(route.scopes.length > 0 && { authorizationScopes: route.scopes }),
    ...(validator !== undefined && { requestValidatorId: validatorIdOf(api.apiId, validator) }),
    ...(operationName !== undefined && { operationName }),
    ...said({ requestParameters: parameters }),
    ...(operation && said({ requestModels: requestModels(operation), methodResponses: methodResponses(operation) })),
    methodIntegration: integrationView(route, design),
  };
}

/** As GetIntegration tells it. */
export function integrationView(route: RouteEntry, design: Design | undefined): Members {
  const operation = design?.operation(route.resourcePath, route.method);
  const stored = operation && integration(operation);
  return { ...(stored ?? integrationOf(route)), timeoutInMillis: route.timeoutMs, cacheNamespace: route.resourceId };
}

function authorizationType({ authorizer, isSigned }: RouteEntry): string {
  if (isSigned) return "AWS_IAM";
  switch (authorizer?.kind) {
    case undefined:
      return "NONE";
    case "lambda":
      return "CUSTOM";
    case "cognito":
      return "COGNITO_USER_POOLS";
    case "jwt":
      return "JWT";
  }
}

function integrationOf({ lambda, http, aws, mock }: RouteEntry): Members {
  if (lambda) return { type: "AWS_PROXY", httpMethod: "POST", uri: lambda.functionName };
  if (http) return { type: http.proxy ? "HTTP_PROXY" : "HTTP" };
  if (aws) return { type: "AWS" };
  if (mock) return { type: "MOCK" };
  return { type: "MOCK" };
}

/** Authorizers that guard a route. */
export function authorizersOf(api: ServedApi, design?: Design): readonly (Members & { readonly id: string })[] {
  const entries = new Set(programOf(api).routes.flatMap(({ authorizer }) => authorizer ?? []));
  return [...entries].map((entry) => {
    const { name, kind } = entry;
    const id = authorizerIdOf(api.name, name);
    const stored = storedAuthorizer(design, name);
    if (entry.kind !== "lambda") {
      const type = kind === "cognito" ? "COGNITO_USER_POOLS" : "JWT";
      return { id, name, type, authType: "cognito_user_pools", ...stored };
    }
    const [source] = entry.identity;
    return {
      id,
      name,
      type: entry.type.toUpperCase(),
      authType: "custom",
      authorizerUri: entry.function.functionName,
      ...(source && { identitySource: `method.request.${source.in}.${source.name}` }),
      authorizerResultTtlInSeconds: entry.ttlSeconds,
      ...stored,
    };
  });
}
