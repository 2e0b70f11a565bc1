import { restAuthorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
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
  const { program, extendedRequestId, receivedAt } = x;
  const { connection, eventType, end } = socket;
  const common = {
    routeKey: x.route.key,
    eventType,
    extendedRequestId,
    requestTime: program.targets.times.text(receivedAt),
    messageDirection: "IN",
    stage: x.stage.name,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: receivedAt,
    identity: identityOf(x, socket),
    requestId: extendedRequestId,
    domainName: program.targets.domains.of(connection.host).name,
    connectionId: connection.connectionId,
    apiId: program.program.api.apiId,
    messageId: socket.messageId,
  };
  // JSON leaves a member without a value out; a function sees the object itself.
  if (common.messageId === undefined) Reflect.deleteProperty(common, "messageId");
  const authorizer = restAuthorizer(x.caller);
  if (authorizer !== undefined) Object.assign(common, { authorizer });
  if (end !== undefined) Object.assign(common, { disconnectStatusCode: end.code, disconnectReason: end.reason });
  return common;
}

function identityOf(x: Exchange, { connection }: SocketContext): object {
  const { userAgent, sourceIp } = connection;
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
