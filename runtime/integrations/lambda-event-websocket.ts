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
  const { program, route, stage } = x;
  const { connection, eventType, message, end } = socket;
  const { api } = program.program;
  const authorizer = restAuthorizer(x.caller);
  const { extendedRequestId } = x;
  const requestContext = {
    routeKey: route.key,
    ...(authorizer && { authorizer }),
    ...(message && { messageId: socket.messageId }),
    ...(end && { disconnectStatusCode: end.code, disconnectReason: end.reason }),
    eventType,
    extendedRequestId,
    requestTime: program.targets.times.text(x.receivedAt),
    messageDirection: "IN",
    stage: stage.name,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: x.receivedAt,
    identity: identityOf(x, socket),
    requestId: extendedRequestId,
    domainName: program.targets.domains.of(connection.host).name,
    connectionId: connection.connectionId,
    apiId: api.apiId,
  };
  const stageVariables = stage.eventVariables && { stageVariables: { ...stage.eventVariables } };
  if (message !== undefined) {
    return { requestContext, body: message.text, isBase64Encoded: false, ...stageVariables };
  }
  return { ...requestParts(x, eventType === "CONNECT"), requestContext, isBase64Encoded: false, ...stageVariables };
}

function identityOf(x: Exchange, { connection }: SocketContext): object {
  const { userAgent, sourceIp } = connection;
  const caller = x.caller?.identity;
  return {
    ...(x.apiKey && { apiKey: x.apiKey.value, apiKeyId: x.apiKey.id }),
    ...(x.caller?.authorizer.kind === "iam" && {
      accessKey: caller?.accessKey,
      accountId: caller?.accountId,
      caller: caller?.caller,
      principalOrgId: caller?.principalOrgId,
      user: caller?.user,
      userArn: caller?.userArn,
    }),
    ...(userAgent !== undefined && { userAgent }),
    sourceIp,
  };
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
