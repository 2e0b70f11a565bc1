import type { GatewayModel } from "../../src/model/gateway-model.js";
import { type HttpMethod, httpMethods, type Route } from "../../src/model/routes.js";
import type { JsonValue } from "../../src/model/types.js";
import { oncePerModel } from "../emit/once-per-model.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { freshName } from "../emit/unique-names.js";
import { type CleanSecurity, planCleanSecurity } from "./clean-security.js";
import { planSchemas, type Schemas } from "./flavour.js";
import { planInfo } from "./info.js";
import { planOperation } from "./operation.js";
import { routesByPath } from "./paths.js";
import { planServers } from "./servers.js";

/**
 * The document for people and tools that call the API: standard OpenAPI 3.0.1 without an extension. A route for any
 * method stands as one operation a method; `$default`, which has no path, is left out.
 */
export const planCleanDocument = oncePerModel(cleanDocument);

function cleanDocument(model: GatewayModel): JsonObject {
  const schemas = planSchemas(model, "clean");
  const security = planCleanSecurity(model);
  return jsonObject({
    openapi: "3.0.1",
    info: planInfo(model),
    servers: planServers(model),
    tags: unlessEmpty(planTags(model.routes)),
    paths: planPaths(model, schemas, security),
    components: unlessEmpty(
      jsonObject({ schemas: unlessEmpty(schemas.components), securitySchemes: unlessEmpty(security.schemes) }),
    ),
  });
}

function planTags(routes: readonly Route[]): readonly JsonObject[] {
  return [...new Set(routes.flatMap((route) => route.tags))].map((name) => ({ name }));
}

function planPaths(model: GatewayModel, schemas: Schemas, security: CleanSecurity): JsonObject {
  const operationIds = new Set(model.routes.map((route) => route.operation));
  const paths: [string, JsonValue][] = [];
  for (const [path, routes] of routesByPath(model.routes)) {
    if (path === "$default") continue;
    const operations = operationsOf(routes, operationIds);
    const planned = operations.map(
      ({ method, route, operationId }) =>
        [method.toLowerCase(), planCleanOperation(route, operationId, schemas, security, model)] as const,
    );
    paths.push([standardPath(path), objectOf(planned)]);
  }
  return objectOf(paths);
}

/** OpenAPI knows no greedy parameters: `{path+}` stands as `{path}`. */
function standardPath(path: string): string {
  return path.replace(/\+\}$/, "}");
}

interface CleanOperation {
  readonly method: HttpMethod;
  readonly route: Route;
  readonly operationId: string;
}

/** The routes of a path by method. ANY stands for each method that has no route of its own but OPTIONS, a browser's affair. */
function operationsOf(routes: readonly Route[], operationIds: Set<string>): readonly CleanOperation[] {
  const declared = new Set(routes.map((route) => route.method));
  return routes.flatMap((route): readonly CleanOperation[] => {
    if (route.method !== "ANY") return [{ method: route.method, route, operationId: route.operation }];
    const methods = httpMethods.filter((method) => method !== "OPTIONS" && !declared.has(method));
    return methods.map((method) => {
      const operationId = freshName(`${route.operation}_${method.toLowerCase()}`, operationIds);
      operationIds.add(operationId);
      return { method, route, operationId };
    });
  });
}

function planCleanOperation(
  route: Route,
  operationId: string,
  schemas: Schemas,
  security: CleanSecurity,
  model: GatewayModel,
): JsonObject {
  return planOperation(route, schemas, "clean", {
    operationId,
    parameters: [],
    responses: happeningStatuses(route, model),
    note: security.noteOf(route),
    security: security.requirementsOf(route),
    extensions: {},
  });
}

/** Statuses that the gateway itself makes of a backend's answer, with the headers that it sets. */
function happeningStatuses({ integration }: Route, model: GatewayModel): ReadonlyMap<number, readonly string[]> {
  if (model.kind === "http") return new Map();
  return new Map(integration.responses.map(({ status, headers }) => [status, headers.map(({ name }) => name)]));
}
