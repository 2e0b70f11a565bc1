import { connectKey } from "../model/websocket.js";
import type { RouteSyntax } from "../syntax/gateway-syntax.js";
import type { WebSocketRouteSyntax } from "../syntax/websocket-syntax.js";

/** A WebSocket route as the checks of routes see it: a route of a REST API without a request. */
export function asRouteSyntax(syntax: WebSocketRouteSyntax): RouteSyntax {
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
    otherwise: undefined,
    integration: syntax.integration,
    request: syntax.request,
    cache: undefined,
    paginate: undefined,
    auth: undefined,
    apiKey: undefined,
    cors: undefined,
    throttle: syntax.throttle,
    log: syntax.log,
    timeout: syntax.timeout,
    validate: undefined,
    validateResponses: undefined,
    awsOptions: undefined,
  };
}
