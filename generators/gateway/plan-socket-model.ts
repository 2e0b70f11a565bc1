import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { asRestRoute } from "../../src/model/websocket.js";

const managementPath = "/@connections/{connectionId}";

/**
 * The WebSocket API of a gateway as a REST API of its own, for all that plans routes: its routes in their order, then
 * those of `@connections`, which take signed requests only (aws-behaviour.md section 29.6).
 */
export function planSocketModel(model: GatewayModel): GatewayModel | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const routes = websocket.routes.map((route) => asRestRoute(route, websocket));
  return {
    ...model,
    name: websocket.name,
    kind: "rest",
    routes: [...routes, ...(["POST", "GET", "DELETE"] as const).map(managementRoute)],
    cors: undefined,
    policy: undefined,
    gatewayResponses: [],
    binaryMediaTypes: [],
    minimumCompressionSize: undefined,
    websocket: undefined,
  };
}

export function isManagement(route: Route): boolean {
  return route.path.text === managementPath;
}

function managementRoute(method: "POST" | "GET" | "DELETE"): Route {
  return {
    key: `${method} ${managementPath}`,
    method,
    path: {
      text: managementPath,
      segments: [
        { kind: "static", text: "@connections" },
        { kind: "parameter", name: "connectionId" },
      ],
    },
    operation: `${method.toLowerCase()}Connection`,
    summary: undefined,
    description: undefined,
    tags: [],
    deprecated: false,
    parameters: [],
    body: undefined,
    responses: [],
    authorization: { kind: "iam" },
    apiKeyRequired: false,
    validation: { parameters: false, body: false, strict: false },
    integration: {
      kind: "mock",
      status: 200,
      timeoutMs: 29_000,
      passthrough: "WHEN_NO_MATCH",
      contentHandling: undefined,
      request: { headers: [], query: [], path: [], templates: [] },
      responses: [],
      awsOptions: {},
    },
    cors: undefined,
    throttle: undefined,
    cache: undefined,
    pagination: undefined,
    awsOptions: {},
  };
}
