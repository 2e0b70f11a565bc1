import type { JsonSpec, LocalHandler } from "./binder/contract.template.js";
import { given, readContext, wholeEvent, withSignal } from "./binder/decode.template.js";

/** What a WebSocket route says about its messages. */
export interface SocketRouteSpec {
  readonly key: string;
  /** `json`: parsed; `text`: as sent, where no type is declared. */
  readonly body: "json" | "text";
  readonly replies: boolean;
  /** Reads and writes messages whose whole numbers are exact; the platform's own JSON where there are none. */
  readonly json?: JsonSpec;
  /** Members of the authorizer's context that events have as text and that are none. */
  readonly authContext?: Readonly<Record<string, "number" | "boolean">>;
}

/** The part of AWS Lambda's context object that is used here. */
export interface SocketLambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** A Node.js Lambda handler: deploy it as it is, or let the gateway call it in process. */
export interface SocketLambdaHandler {
  (event: unknown, context: SocketLambdaContext): Promise<unknown>;
  /** The generated gateway's way in for messages; what is wrapped around the handler hides it, and is called with events. */
  readonly local?: Pick<LocalHandler, "of"> & ((message: object, context: SocketLambdaContext) => Promise<unknown>);
}

/** `AbortSignal`, where the project knows its type: by the library "DOM" or by @types/node. */
type Signal = typeof globalThis extends { readonly AbortSignal: { readonly prototype: infer S } } ? S : unknown;

/** What every event of a connection has. */
export interface SocketEventBase {
  readonly connectionId: string;
  readonly connectedAt: Date;
  readonly requestId: string;
  readonly stage: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** Where AWS's SDKs find `@connections`: `https://{domain}/{stage}`; in the generated gateway its own address. */
  readonly endpoint: string;
  /** Aborted shortly before the function's time is over. */
  readonly signal: Signal;
  /** The event as API Gateway sent it. */
  readonly event: unknown;
  readonly context: SocketLambdaContext;
}

/** The handshake, in `$connect`. */
export interface ConnectEvent extends SocketEventBase {
  /** Names in lower case; the last of several values. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Subprotocols that the client offers. */
  readonly protocols: readonly string[];
}

/** Nothing, or no status, lets the client in; a status that is not 2xx refuses it. */
export type ConnectResult =
  | undefined
  | {
      readonly status?: number;
      readonly body?: unknown;
      /** One of those that the client offered. */
      readonly protocol?: string;
    };

/** The end of a connection, in `$disconnect`. */
export interface DisconnectEvent extends SocketEventBase {
  readonly code: number;
  readonly reason: string;
}

/** What is used of Node here, so that nobody needs @types/node for it. */
declare const Buffer: { from(data: string | Uint8Array, encoding?: Encoding): Uint8Array & Encoded };
type Encoding = "base64" | "utf8";
interface Encoded {
  toString(encoding: Encoding): string;
}

interface RawEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly stageVariables?: Readonly<Record<string, string>> | null;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  /** The message, where the gateway has parsed it and no event was made. */
  readonly json?: { readonly value: unknown } | undefined;
  readonly whole?: object;
  readonly requestContext: {
    readonly routeKey: string;
    readonly connectionId: string;
    readonly connectedAt: number;
    readonly requestId: string;
    readonly apiId: string;
    readonly stage: string;
    readonly domainName: string;
    readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
    readonly authorizer?: Readonly<Record<string, unknown>>;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
  };
}

/** Makes a Lambda handler of a typed one. One function may serve several routes. */
export function bindSocket(
  routes: readonly SocketRouteSpec[],
  handler: (message: never) => unknown,
): SocketLambdaHandler {
  const byKey = new Map(routes.map((route) => [route.key, route]));
  const typed = handler as (message: object) => unknown;
  const entry = async (event: unknown, context: SocketLambdaContext) => {
    const raw = event as RawEvent;
    const { routeKey } = raw.requestContext;
    const route = byKey.get(routeKey) ?? routes[0];
    if (route === undefined) throw new Error("this function has no route");
    if (routeKey === "$connect") {
      const handshake = Object.assign(baseOf(raw, route, context), handshakeOf(raw));
      return connectAnswer((await typed(handshake)) as ConnectResult);
    }
    if (routeKey === "$disconnect") {
      const { disconnectStatusCode: code = 1005, disconnectReason: reason = "" } = raw.requestContext;
      await typed(Object.assign(baseOf(raw, route, context), { code, reason }));
      return { statusCode: 200 };
    }
    return answer(route, raw, context);
  };
  const local = async (message: object, context: SocketLambdaContext) => {
    const raw = message as RawEvent;
    const route = byKey.get(raw.requestContext.routeKey);
    return route === undefined ? entry(raw.whole, context) : answer(route, raw, context);
  };
  return Object.assign(entry, { local: Object.assign(local, { of: entry }) });

  async function answer(route: SocketRouteSpec, raw: RawEvent, context: SocketLambdaContext): Promise<object> {
    const text = raw.isBase64Encoded ? Buffer.from(raw.body ?? "", "base64").toString("utf8") : (raw.body ?? "");
    const body = route.body === "json" ? bodyOf(raw, text, route) : text;
    const reply = await typed(Object.assign(baseOf(raw, route, context), { body }));
    if (reply === undefined || !route.replies) return { statusCode: 200 };
    return { statusCode: 200, body: replyText(reply, text, route.json ?? JSON) };
  }
}

/** What the gateway has parsed is read again where whole numbers are exact. */
function bodyOf(raw: RawEvent, text: string, { json }: SocketRouteSpec): unknown {
  if (text === "") return null;
  return raw.json === undefined || json ? (json ?? JSON).parse(text) : raw.json.value;
}

/** A client that asks for it gets its own `$id` back, so that it knows which message the reply is to. */
function replyText(reply: unknown, text: string, json: JsonSpec): string {
  const id = text.includes('"$id"') ? idOf(text) : undefined;
  return json.stringify(id === undefined ? reply : { $id: id, reply });
}

function idOf(text: string): unknown {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== "object" || message === null || !("$id" in message)) return undefined;
    return typeof message.$id === "string" ? message.$id : undefined;
  } catch {
    return undefined;
  }
}

function baseOf(raw: RawEvent, { authContext }: SocketRouteSpec, context: SocketLambdaContext) {
  const { requestContext } = raw;
  const { authorizer, identity, domainName, stage } = requestContext;
  const message = {
    route: requestContext.routeKey,
    connectionId: requestContext.connectionId,
    connectedAt: new Date(requestContext.connectedAt),
    requestId: requestContext.requestId,
    stage,
    sourceIp: identity.sourceIp,
    userAgent: identity.userAgent,
    endpoint: endpointHere(requestContext) ?? `https://${domainName}/${stage}`,
    auth: authorizer && authContext ? readContext(authorizer, authContext) : authorizer,
    stageVariables: raw.stageVariables ?? {},
    context,
    [given]: raw,
  };
  return withSignal(Object.defineProperty(message, "event", wholeEvent));
}

type EndpointOf = (apiId: string, stage: string) => string | undefined;

const endpointPlace = Symbol.for("gatewayc.connections.endpoint");

/** In the generated gateway its own address, which no client can name otherwise; undefined on AWS. */
function endpointHere({ apiId, stage }: RawEvent["requestContext"]): string | undefined {
  return (globalThis as { readonly [endpointPlace]?: EndpointOf })[endpointPlace]?.(apiId, stage);
}

function handshakeOf({ headers, queryStringParameters }: RawEvent) {
  const lower: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(headers ?? {})) lower[name.toLowerCase()] = value;
  const offered = lower["sec-websocket-protocol"] ?? "";
  const protocols = offered.split(",").map((name) => name.trim());
  return {
    headers: lower,
    query: queryStringParameters ?? {},
    protocols: protocols.filter((name) => name !== ""),
  };
}

function connectAnswer(result: ConnectResult) {
  const { status = 200, body, protocol } = result ?? {};
  return {
    statusCode: status,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(protocol !== undefined && { headers: { "Sec-WebSocket-Protocol": protocol } }),
  };
}
