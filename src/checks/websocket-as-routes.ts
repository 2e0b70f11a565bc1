import { connectKey } from "../model/websocket.js";
import type { GatewaySyntax, RouteSyntax } from "../syntax/gateway-syntax.js";
import type { WebSocketRouteSyntax, WebSocketSyntax } from "../syntax/websocket-syntax.js";

/** Every route of the file, those of the WebSocket API after the others. */
export function withWebSocketRoutes(syntax: GatewaySyntax): GatewaySyntax {
  const { websocket, routes } = syntax;
  if (websocket === undefined) return syntax;
  return { ...syntax, routes: [...routes, ...websocket.routes.map((route) => asRouteSyntax(route, websocket))] };
}

/** A WebSocket route as the checks of routes see it: a route of a REST API without a request. */
export function asRouteSyntax(syntax: WebSocketRouteSyntax, api: WebSocketSyntax | undefined): RouteSyntax {
  const isConnect = syntax.key.text === connectKey;
  return {
    span: syntax.span,
    key: { ...syntax.key, text: isConnect ? "GET $connect" : `POST ${syntax.key.text}` },
    operation: syntax.operation,
    summary: undefined,
    description: syntax.description,
    tags: [],
    deprecated: undefined,
    params: [],
    query: [],
    headers: [],
    body: undefined,
    responses: syntax.responses,
    integration: syntax.integration,
    request: syntax.request,
    cache: undefined,
    paginate: undefined,
    auth: isConnect ? api?.auth : undefined,
    apiKey: isConnect ? api?.apiKey : undefined,
    cors: undefined,
    throttle: syntax.throttle,
    log: undefined,
    timeout: syntax.timeout,
    validate: undefined,
    validateResponses: undefined,
    awsOptions: undefined,
  };
}
