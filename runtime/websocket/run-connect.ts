import type { AdmittedKey, Caller } from "../auth/caller.js";
import type { Exchange } from "../http/exchange.js";
import { beginExecutionLog } from "../observe/execution-log.js";
import { logs } from "../observe/logger.js";
import type { ClientEnd, ConnectionInfo } from "./connection.js";
import { errorText } from "./error-frame.js";
import { failed, runRoute, type SocketRequest, socketExchange } from "./run-route.js";
import { SocketContext } from "./socket-context.js";
import type { SocketEvents } from "./socket-events.js";
import { SocketTransport } from "./socket-transport.js";
import type { ServedSocketStage } from "./web-socket-program.js";

/** A handshake that is right as far as WebSocket goes. */
export interface ConnectArrival {
  readonly request: SocketRequest;
  readonly info: ConnectionInfo;
  /** Subprotocols that the client offers. */
  readonly protocols: readonly string[];
  readonly client: ClientEnd;
}

export type ConnectAnswer =
  | {
      readonly accepted: true;
      readonly protocol: string | undefined;
      readonly caller: Caller | undefined;
      readonly apiKey: AdmittedKey | undefined;
    }
  | {
      readonly accepted: false;
      readonly status: number;
      /** Flat list. */
      readonly headers: readonly string[];
      readonly body: string | Uint8Array;
    };

/** `$connect`: 2xx completes the handshake, everything else is its answer (aws-behaviour.md section 29.2). */
export async function runConnect(
  served: ServedSocketStage,
  { request, info, protocols, client }: ConnectArrival,
  events: SocketEvents,
): Promise<ConnectAnswer> {
  const { connect, live } = served.websocket;
  events.counted("ConnectCount", served.stage, "$connect");
  const context = new SocketContext(info, "CONNECT", undefined, live.ids);
  const transport = new SocketTransport(served.websocket.entry.limits.messageBytes, client);
  const x = socketExchange(served, request, context, transport, info.connectedAt);
  if (events.isObserved) x.startedAt = live.clock.monotonic();
  const ended = (status: number, error: unknown) => {
    events.ended(x, connect && "$connect", status, error);
  };
  if (connect === undefined) {
    // No route runs, but the access log tells who has come.
    ended(200, undefined);
    return accepted(x, undefined);
  }
  try {
    x.route = connect.route;
    beginExecutionLog(x);
    await runRoute(x, connect.route);
    ended(x.status, undefined);
    if (x.status >= 200 && x.status < 300) return accepted(x, chosenProtocol(x, protocols));
    return { accepted: false, status: x.status, headers: x.responseHeaders, body: x.responseBody };
  } catch (error) {
    const status = failed(x, error);
    ended(status, error);
    return refused(x, info, status, error);
  } finally {
    transport.release();
  }
}

function accepted(x: Exchange, protocol: string | undefined): ConnectAnswer {
  return { accepted: true, protocol, caller: x.caller, apiKey: x.apiKey };
}

/** The answer's own Sec-WebSocket-Protocol, when the client offered it: a client would close on any other, as on an echo of several. */
function chosenProtocol(x: Exchange, offered: readonly string[]): string | undefined {
  const { responseHeaders } = x;
  for (let at = 0; at < responseHeaders.length; at += 2) {
    if ((responseHeaders[at] as string).toLowerCase() !== "sec-websocket-protocol") continue;
    const value = (responseHeaders[at + 1] as string).trim();
    if (offered.includes(value)) return value;
    if (offered.length > 0) complain(x);
    return undefined;
  }
  return undefined;
}

/** Without the values: some clients carry a token in them. */
function complain({ program, stage, requestId, route }: Exchange): void {
  if (!logs(stage.entry, "error")) return;
  const message =
    "Sec-WebSocket-Protocol of $connect's answer is not one of the protocols that the client offers: none is chosen";
  program.logger.write({ level: "error", message, stage: stage.name, requestId, route: route.key });
}

function refused(x: Exchange, info: ConnectionInfo, status: number, error: unknown): ConnectAnswer {
  x.program.gatewayResponses.answer(x, error);
  const type = x.responseHeaders.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === "x-amzn-errortype");
  const headers = ["Content-Type", "application/json", "x-amzn-RequestId", x.requestId];
  if (type !== -1) headers.push("x-amzn-ErrorType", x.responseHeaders[type + 1] as string);
  return { accepted: false, status, headers, body: errorText(x, info, error) };
}
