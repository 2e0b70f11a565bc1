import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { runBehind } from "../limits/run-behind.js";
import { beginExecutionLog } from "../observe/execution-log.js";
import type { Connection } from "./connection.js";
import { errorText, forbiddenText } from "./error-frame.js";
import { completed, failed, release, socketExchange } from "./run-route.js";
import { SocketContext } from "./socket-context.js";
import type { SocketEvents } from "./socket-events.js";
import type { ServedSocketStage, SocketRouteEntry } from "./web-socket-program.js";

/**
 * One message: the selection expression chooses the route, what is no JSON or matches none goes to `$default`, and
 * without one the client is told (aws-behaviour.md sections 29.1 and 29.4). The answer is sent where the route replies.
 */
export function runMessage(
  served: ServedSocketStage,
  connection: Connection,
  body: Buffer,
  text: string,
  events: SocketEvents,
): void {
  const { websocket, stage } = served;
  const context = new SocketContext(connection.info, "MESSAGE", { body, text }, websocket.live.ids);
  const { json } = context;
  const message = json?.ok ? json.value : undefined;
  const chosen = json?.ok ? websocket.messages.get(websocket.entry.select(message)) : undefined;
  const entry = chosen ?? websocket.fallback;
  context.templateKey = entry?.template?.(message);
  const x = socketExchange(served, served.messageRequest, context, connection);
  x.body = body;
  x.isBodyRead = true;
  events.counted("MessageCount", stage, entry?.route.key);
  if (entry === undefined) {
    const error = new GatewayError("ACCESS_DENIED", "no route takes the message");
    events.ended(x, { routeKey: undefined, status: failed(x, error), error });
    connection.send(forbiddenText(x, context));
    return;
  }
  new MessageRun(x, context, entry, connection, events).start();
}

/** A message whose route is at work. */
class MessageRun {
  constructor(
    private readonly x: Exchange,
    private readonly context: SocketContext,
    private readonly entry: SocketRouteEntry,
    private readonly connection: Connection,
    private readonly events: SocketEvents,
  ) {}

  start(): void {
    const { connection, x, events } = this;
    connection.inFlight++;
    if (events.isObserved) x.startedAt = x.program.clock.monotonic();
    try {
      x.route = this.entry.route;
      beginExecutionLog(x);
      const done = runBehind(x, this.entry.route);
      if (typeof done === "boolean") this.#over(done);
      else {
        done.then(
          (isOver) => this.#overLater(isOver),
          (error: unknown) => this.#fail(error),
        );
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #overLater(isOver: boolean): void {
    try {
      this.#over(isOver);
    } catch (error) {
      this.#fail(error);
    }
  }

  #over(isOver: boolean): void {
    const streamed = completed(this.x, isOver);
    if (streamed === undefined) this.#answer();
    else {
      streamed.then(
        () => this.#answer(),
        (error: unknown) => this.#fail(error),
      );
    }
  }

  #answer(): void {
    const { x, entry, connection } = this;
    const { responseBody } = x;
    let reply: string | undefined;
    if (entry.replies && responseBody.length > 0) {
      const { messageBytes } = connection.limits;
      if (
        responseBody.length * (typeof responseBody === "string" ? 3 : 1) > messageBytes &&
        isTooBig(x, messageBytes)
      ) {
        const detail = `the reply has more than ${messageBytes} bytes`;
        this.#fail(new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail }));
        return;
      }
      reply = typeof responseBody === "string" ? responseBody : asText(responseBody);
    }
    this.#end(x.status, undefined, reply);
  }

  #fail(error: unknown): void {
    const { x } = this;
    this.#end(failed(x, error), error, errorText(x, this.context, error));
  }

  #end(status: number, error: unknown, reply: string | undefined): void {
    const { x, connection, events } = this;
    release(x);
    connection.settled(reply);
    events.ended(x, { routeKey: this.entry.route.key, status, error });
  }
}

function isTooBig({ responseBody }: Exchange, maxBytes: number): boolean {
  return Buffer.byteLength(responseBody) > maxBytes;
}

/** Frames are text: bytes of an integration that are no UTF-8 become replacement characters. */
function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
