import { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { runBehind } from "../limits/run-behind.js";
import type { RouteEntry } from "../program.js";
import type { SocketContext } from "./socket-context.js";
import type { SocketTransport } from "./socket-transport.js";
import type { ServedSocketStage } from "./web-socket-program.js";

/** The parts of an exchange that depend on the event. */
export interface SocketRequest {
  readonly method: string;
  /** With the stage, as received; of a message the stage's. */
  readonly rawPath: string;
  readonly query: string;
  readonly headers: readonly string[];
}

/**
 * An exchange for one event of a connection, which the steps of a REST request can run on.
 *
 * @param receivedAt  wall clock, ms
 */
export function socketExchange(
  { stage, websocket }: ServedSocketStage,
  request: SocketRequest,
  context: SocketContext,
  transport: SocketTransport,
  receivedAt: number,
): Exchange {
  const { live } = websocket;
  const { connection } = context;
  const x = new Exchange(
    live,
    request.method,
    request.rawPath,
    "/",
    request.query,
    request.headers,
    connection.sourceIp,
    receivedAt,
    transport,
  );
  transport.exchange = x;
  x.stage = stage;
  x.isSecure = connection.isSecure;
  x.socket = context;
  x.caller = connection.caller;
  x.apiKey = connection.apiKey;
  return x;
}

/**
 * Runs a route to its whole answer, which is in the exchange then.
 *
 * @throws what a step threw, or a GatewayError when a streamed answer was broken off or no step answered
 */
export function runRoute(x: Exchange, route: RouteEntry): void | Promise<void> {
  x.route = route;
  const done = runBehind(x, route);
  if (typeof done !== "boolean") return done.then((isOver) => completed(x, isOver));
  return completed(x, done);
}

/** What is left to do when the steps of a route are over; a promise only where the answer was streamed. */
export function completed(x: Exchange, isOver: boolean): void | Promise<void> {
  if (!isOver)
    throw new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: "no step of the route answered" });
  if (!x.isStreaming) return;
  const { streamed } = x.transport as SocketTransport;
  return streamed?.then(
    (body) => {
      x.responseBody = body;
      x.isStreaming = false;
    },
    (error: unknown) => {
      throw new GatewayError("INTEGRATION_FAILURE", undefined, { detail: String(error) });
    },
  );
}

/** Notes a failure for logs. @returns its status, as a handshake shows it and metrics count it */
export function failed(x: Exchange, error: unknown): number {
  const { type, options } = x.program.gatewayResponses.note(x, error);
  return options.status ?? x.program.gatewayResponses.builtIn(type).status;
}
