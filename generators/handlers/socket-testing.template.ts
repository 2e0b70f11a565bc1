import type { SocketLambdaHandler } from "./socket-binder.template.js";

/** Parts of an event that a test gives itself; all others are valid samples. */
export interface GivenMessage<Body, Auth> {
  readonly connectionId?: string;
  readonly body?: Body;
  /** Of the handshake, in `$connect`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly auth?: Auth;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Of `$disconnect`. */
  readonly code?: number;
  readonly reason?: string;
  /** Milliseconds that the function has left; default 3,000. */
  readonly remainingMs?: number;
}

/** What a handler answered. */
export interface SocketAnswer {
  readonly status: number;
  /** The subprotocol that `$connect` chose. */
  readonly protocol: string | undefined;
  /** What the client would get, parsed where it is JSON; undefined when it gets nothing. */
  readonly reply: unknown;
}

interface SocketSample {
  readonly key: string;
  readonly body: unknown;
  readonly isJson: boolean;
  readonly auth: unknown;
  readonly stageVariables: object;
}

/** Events have numbers and booleans of an authorizer's context as text. */
function asText(context: unknown): object {
  return Object.fromEntries(
    Object.entries(context as object).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

/** Calls a handler with an event as API Gateway sends it, made of a valid sample and what is given. */
export async function callSocketHandler(
  handler: SocketLambdaHandler,
  sample: SocketSample,
  given: GivenMessage<unknown, unknown>,
): Promise<SocketAnswer> {
  const { key } = sample;
  const isConnect = key === "$connect";
  const isEnd = key === "$disconnect";
  const auth = "auth" in given ? given.auth : sample.auth;
  const value = "body" in given ? given.body : sample.body;
  const body = sample.isJson ? JSON.stringify(value) : String(value ?? "");
  const event = {
    ...(isConnect ? { headers: given.headers ?? {}, queryStringParameters: given.query ?? null } : {}),
    ...(isConnect || isEnd ? {} : { body }),
    requestContext: {
      routeKey: key,
      eventType: isConnect ? "CONNECT" : isEnd ? "DISCONNECT" : "MESSAGE",
      connectionId: given.connectionId ?? "test-connection=",
      connectedAt: 0,
      requestId: "test-request",
      stage: "test",
      domainName: "example.com",
      identity: { sourceIp: "127.0.0.1", userAgent: "test" },
      ...(auth === undefined ? {} : { authorizer: asText(auth) }),
      ...(isEnd ? { disconnectStatusCode: given.code ?? 1000, disconnectReason: given.reason ?? "" } : {}),
    },
    stageVariables: { ...sample.stageVariables, ...given.stageVariables },
    isBase64Encoded: false,
  };
  const answer = await handler(event, {
    awsRequestId: "00000000-0000-4000-8000-000000000000",
    getRemainingTimeInMillis: () => given.remainingMs ?? 3000,
  });
  const { statusCode = 200, headers, body: text } = answer as Result;
  return { status: statusCode, protocol: headers?.["Sec-WebSocket-Protocol"], reply: parsed(text) };
}

interface Result {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
