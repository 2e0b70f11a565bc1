import type { GatewayModel, LambdaFunction } from "../../src/model/gateway-model.js";
import type { Type } from "../../src/model/types.js";
import {
  isMessageRoute,
  type WebSocketApi,
  type WebSocketEvent,
  type WebSocketRoute,
} from "../../src/model/websocket.js";

/** Typed handlers of the WebSocket API; undefined where the file has none. */
export interface SocketHandlersPlan {
  readonly functions: readonly SocketFunctionPlan[];
  readonly events: readonly WebSocketEvent[];
}

/** A function that WebSocket routes call and routes of requests do not; one that does both is the latter's. */
export interface SocketFunctionPlan {
  /** As in gateway.yaml; also the name of its module. */
  readonly name: string;
  readonly binder: string;
  readonly typeName: string;
  readonly routes: readonly SocketHandlerRoute[];
}

export interface SocketHandlerRoute {
  readonly key: string;
  readonly description: string | undefined;
  readonly typeName: string;
  readonly kind: "connect" | "disconnect" | "message";
  readonly body: Type | undefined;
  readonly reply: Type | undefined;
  /** What the authorizer of $connect hands on; undefined: nothing. */
  readonly context: readonly { readonly name: string; readonly type: string }[] | undefined;
}

interface Names {
  readonly camel: (name: string) => string;
  readonly pascal: (name: string) => string;
}

export function planSocketHandlers(model: GatewayModel, names: Names): SocketHandlersPlan | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const functions = model.functions.flatMap((fn) => {
    const routes = websocket.routes.filter(({ integration }) => calls(integration, fn));
    const isTaken = model.routes.some(({ integration }) => calls(integration, fn));
    return routes.length === 0 || isTaken ? [] : [planFunction(fn, routes, model, names)];
  });
  return { functions, events: websocket.events };
}

function calls(integration: WebSocketRoute["integration"], fn: LambdaFunction): boolean {
  return integration.kind === "lambda" && integration.proxy && integration.function === fn.name;
}

function planFunction(
  fn: LambdaFunction,
  routes: readonly WebSocketRoute[],
  model: GatewayModel,
  { camel, pascal }: Names,
): SocketFunctionPlan {
  const typeName = pascal(fn.name);
  const context = contextOf(model.websocket, model);
  return {
    name: fn.name,
    binder: camel(fn.name),
    typeName,
    routes: routes.map((route) => ({
      key: route.key,
      description: route.description,
      typeName: routes.length === 1 ? typeName : pascal(route.operation),
      kind: isMessageRoute(route) ? "message" : route.key === "$connect" ? "connect" : "disconnect",
      body: route.body,
      reply: route.reply,
      context,
    })),
  };
}

/** Context of the REQUEST authorizer: events have every value as text, as on REST APIs (aws-behaviour.md section 20); the binder reads it back. */
function contextOf(api: WebSocketApi | undefined, { authorizers }: GatewayModel): SocketHandlerRoute["context"] {
  const authorization = api?.authorization;
  if (authorization?.kind !== "authorizer") return undefined;
  const authorizer = authorizers.find(({ name }) => name === authorization.name);
  if (authorizer?.kind !== "lambda") return undefined;
  return [{ name: "principalId", type: "string" }, ...authorizer.context];
}
