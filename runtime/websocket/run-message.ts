import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { listenTo, type OutcomeListener } from "../http/outcome.js";
import { runBehind } from "../limits/run-behind.js";
import { beginExecutionLog } from "../observe/execution-log.js";
import type { Connection } from "./connection.js";
import { errorText, forbiddenText } from "./error-frame.js";
import { completed, failed, socketExchange } from "./run-route.js";
import { SocketContext } from "./socket-context.js";
import type { SocketEvents } from "./socket-events.js";
import type { SocketMessage } from "./socket-message.js";
import { SocketTransport } from "./socket-transport.js";
import type { LiveWebSocket, ServedSocketStage, SocketRouteEntry } from "./web-socket-program.js";

/**
 * One message: the selection expression chooses the route, what is no JSON or matches none goes to `$default`, and
 * without one the client is told (aws-behaviour.md sections 29.1 and 29.4). The answer is sent where the route replies.
 */
export function runMessage(
  served: ServedSocketStage,
  connection: Connection,
  message: SocketMessage,
  events: SocketEvents,
): void {
  const { websocket, stage } = served;
  const context = new SocketContext(connection.info, "MESSAGE", message, websocket.live.ids);
  const entry = routeOf(websocket, message, context);
  if (entry?.template !== undefined) context.templateKey = entry.template(jsonOf(context));
  const transport = new SocketTransport(websocket.entry.limits.messageBytes, connection);
  const x = socketExchange(served, served.messageRequest, context, transport, connection.receivedAt);
  x.isBodyRead = true;
  const run = new MessageRun(x, transport, connection, entry, events);
  events.counted("MessageCount", stage, entry?.route.key);
  if (entry === undefined) run.refuse();
  else run.start(entry);
}

/** Undefined: no route takes the message. */
function routeOf(
  { entry: { select }, messages, messageKeys, fallback }: LiveWebSocket,
  message: SocketMessage,
  context: SocketContext,
): SocketRouteEntry | undefined {
  const found = select.member && message.find(select.member);
  if (found !== undefined) return messageKeys.find(message.data, found.start, found.end) ?? fallback;
  const key = context.json?.ok ? select(context.json.value) : undefined;
  return (key === undefined ? undefined : messages.get(key)) ?? fallback;
}

function jsonOf({ json }: SocketContext): unknown {
  return json?.ok ? json.value : undefined;
}

/** A message at work: who is told how its route has ended. */
class MessageRun implements OutcomeListener {
  constructor(
    private readonly exchange: Exchange,
    private readonly transport: SocketTransport,
    private readonly connection: Connection,
    private readonly entry: SocketRouteEntry | undefined,
    private readonly events: SocketEvents,
  ) {}

  /** No route takes the message. */
  refuse(): void {
    const { exchange: x, connection, events } = this;
    const error = new GatewayError("ACCESS_DENIED", "Forbidden", { note: "no route takes the message" });
    events.ended(x, undefined, failed(x, error), error);
    connection.send(forbiddenText(x, connection.info));
  }

  start({ route }: SocketRouteEntry): void {
    const { connection, exchange: x, events } = this;
    connection.inFlight++;
    if (events.isObserved) x.startedAt = x.program.clock.monotonic();
    try {
      x.route = route;
      beginExecutionLog(x);
      const done = runBehind(x, route);
      if (typeof done === "boolean") this.over(done);
      else listenTo(done, this);
    } catch (error) {
      this.failed(error);
    }
  }

  over(isOver: boolean): void {
    let streamed: void | Promise<void>;
    try {
      streamed = completed(this.exchange, isOver);
    } catch (error) {
      this.failed(error);
      return;
    }
    if (streamed === undefined) this.#answer();
    else {
      streamed.then(
        () => this.#answer(),
        (error: unknown) => this.failed(error),
      );
    }
  }

  #answer(): void {
    const { exchange: x, entry, connection } = this;
    const { responseBody } = x;
    let reply: string | undefined;
    if (entry?.replies && responseBody.length > 0) {
      const { messageBytes } = connection.limits;
      if (
        responseBody.length * (typeof responseBody === "string" ? 3 : 1) > messageBytes &&
        isTooBig(x, messageBytes)
      ) {
        const detail = `the reply has more than ${messageBytes} bytes`;
        this.failed(new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail }));
        return;
      }
      reply = typeof responseBody === "string" ? responseBody : asText(responseBody);
    }
    this.#end(x.status, undefined, reply);
  }

  failed(error: unknown): void {
    const { exchange: x, connection } = this;
    this.#end(failed(x, error), error, errorText(x, connection.info, error));
  }

  #end(status: number, error: unknown, reply: string | undefined): void {
    this.transport.release();
    this.connection.settled(reply);
    this.events.ended(this.exchange, this.entry?.route.key, status, error);
  }
}

function isTooBig({ responseBody }: Exchange, maxBytes: number): boolean {
  return Buffer.byteLength(responseBody) > maxBytes;
}

/** Frames are text: bytes of an integration that are no UTF-8 become replacement characters. */
function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
