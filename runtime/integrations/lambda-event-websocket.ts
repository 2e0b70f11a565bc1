import { restAuthorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import type { ConnectionInfo } from "../websocket/connection.js";
import type { SocketContext } from "../websocket/socket-context.js";
import { queryMaps } from "./lambda-event-rest.js";
import { addOwn, setOwn } from "./own-property.js";

/**
 * The event of a WebSocket API (aws-behaviour.md section 29.3): `$connect` has the handshake's headers and query,
 * `$disconnect` four headers of which one has a value, a message its text and no headers.
 */
export function webSocketEvent(x: Exchange, socket: SocketContext): object {
  const { stage } = x;
  const { message } = socket;
  const requestContext = requestContextOf(x, socket);
  if (message === undefined) {
    const parts = requestParts(x, socket.eventType === "CONNECT");
    const event = { ...parts, requestContext, isBase64Encoded: false };
    return stage.eventVariables === null ? event : { ...event, stageVariables: { ...stage.eventVariables } };
  }
  const { text: body } = message;
  if (stage.eventVariables === null) return { requestContext, body, isBase64Encoded: false };
  return { requestContext, body, isBase64Encoded: false, stageVariables: { ...stage.eventVariables } };
}

function requestContextOf(x: Exchange, socket: SocketContext): object {
  const context = socket.message === undefined ? lifeContext(x, socket) : messageContext(x, socket);
  const authorizer = restAuthorizer(x.caller);
  return authorizer === undefined ? context : Object.assign(context, { authorizer });
}

/** In one piece: it is made for each message. */
function messageContext(x: Exchange, socket: SocketContext): object {
  const { program, extendedRequestId, receivedAt } = x;
  const { connection } = socket;
  return {
    routeKey: x.route.key,
    eventType: "MESSAGE",
    extendedRequestId,
    requestTime: program.targets.times.text(receivedAt),
    messageDirection: "IN",
    stage: x.stage.name,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: receivedAt,
    identity: identityOf(x, connection),
    requestId: extendedRequestId,
    domainName: program.targets.domains.of(connection.host).name,
    connectionId: connection.connectionId,
    apiId: program.program.api.apiId,
    messageId: socket.messageId,
  };
}

/** Of `$connect` and `$disconnect`. */
function lifeContext(x: Exchange, socket: SocketContext): object {
  const { messageId: _, ...context } = messageContext(x, socket) as { readonly messageId: undefined };
  const { eventType, end } = socket;
  const ending = end && { disconnectStatusCode: end.code, disconnectReason: end.reason };
  return { ...context, eventType, ...ending };
}

function identityOf(x: Exchange, { userAgent, sourceIp }: ConnectionInfo): object {
  const identity = userAgent === undefined ? { sourceIp } : { userAgent, sourceIp };
  if (x.apiKey !== undefined) Object.assign(identity, { apiKey: x.apiKey.value, apiKeyId: x.apiKey.id });
  if (x.caller?.authorizer.kind !== "iam") return identity;
  const { accessKey, accountId, caller, principalOrgId, user, userArn } = x.caller.identity;
  return Object.assign(identity, { accessKey, accountId, caller, principalOrgId, user, userArn });
}

/** Headers as the client spelt them; the service adds its own to those of the handshake. */
function requestParts(x: Exchange, isHandshake: boolean): object {
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  const add = (name: string, value: string) => {
    setOwn(headers, name, value);
    addOwn(multiValueHeaders, name, value);
  };
  for (let at = 0; at < x.headers.length; at += 2) {
    const name = x.headers[at] as string;
    if (isHandshake && droppedNames.has(name.toLowerCase())) continue;
    add(name, x.headers[at + 1] as string);
  }
  if (!isHandshake) return { headers, multiValueHeaders };
  add("X-Amzn-Trace-Id", x.traceId);
  add("X-Forwarded-For", x.sourceIp);
  add("X-Forwarded-Port", "443");
  add("X-Forwarded-Proto", "https");
  const query = queryMaps(parseQuery(x.query, true));
  if (query === null) return { headers, multiValueHeaders };
  return {
    headers,
    multiValueHeaders,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multiple,
  };
}

/** Of the connection itself, and what the service sets. */
const droppedNames: ReadonlySet<string> = new Set(
  "connection upgrade x-amzn-trace-id x-forwarded-for x-forwarded-port x-forwarded-proto".split(" "),
);
