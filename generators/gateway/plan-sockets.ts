import type { WebSocketApi } from "../../src/model/websocket.js";
import { code, type Planned } from "../emit/code-literal.js";
import { apiIdOf } from "./ids.js";
import { type GuardsPlan, planGuards } from "./plan-guards.js";
import { planRoute, type RouteParts } from "./plan-routes.js";
import { isManagement } from "./plan-socket-model.js";
import { selectionCode } from "./print-selections.js";

/** The WebSocket API of a generated gateway. */
export interface SocketsPlan {
  readonly api: Planned;
  readonly routes: readonly {
    readonly entry: Planned;
    readonly replies: boolean;
    /** Code of a selection. */
    readonly template: string | undefined;
  }[];
  readonly management: readonly Planned[];
  /** Code of the route selection. */
  readonly select: string;
  readonly limits: Planned;
  readonly compression: boolean;
  readonly guards: GuardsPlan | undefined;
}

/** @param parts  with the WebSocket API as a REST API (`planSocketModel`) for a model */
export function planSockets(websocket: WebSocketApi, parts: RouteParts): SocketsPlan {
  const { model } = parts;
  return {
    api: {
      name: model.name,
      version: model.version,
      kind: model.kind,
      apiId: apiIdOf(model.name),
      region: model.aws.region,
      account: model.aws.account,
      binaryMediaTypes: [],
      minimumCompressionSize: code("undefined"),
      cors: code("undefined"),
      gatewayResponses: code("new Map()"),
    },
    routes: websocket.routes.map((route, index) => ({
      entry: entryOf(model.routes[index], parts),
      replies: route.reply !== undefined,
      template: route.templateSelection && selectionCode(route.templateSelection),
    })),
    management: model.routes.filter(isManagement).map((route) => ({
      ...planRoute(route, parts).entry,
      mock: undefined,
      connections: { messageBytes: websocket.limits.messageBytes },
    })),
    select: selectionCode(websocket.selection),
    limits: { ...websocket.limits },
    compression: websocket.compression,
    guards: planGuards(model),
  };
}

function entryOf(route: RouteParts["model"]["routes"][number] | undefined, parts: RouteParts): Planned {
  if (route === undefined) throw new Error("the routes of the REST view are those of the WebSocket API");
  // No request has such a method: the route is reached by messages alone.
  return { ...planRoute(route, parts).entry, method: "SOCKET" };
}
