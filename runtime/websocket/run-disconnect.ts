import { beginExecutionLog } from "../observe/execution-log.js";
import type { ClientEnd, Connection } from "./connection.js";
import { failed, runRoute, socketExchange } from "./run-route.js";
import { SocketContext } from "./socket-context.js";
import type { SocketEvents } from "./socket-events.js";
import { SocketTransport } from "./socket-transport.js";
import type { ServedSocketStage } from "./web-socket-program.js";

/** `$disconnect`: best effort, after the end; whatever it answers is dropped (aws-behaviour.md section 29.2). */
export async function runDisconnect(
  served: ServedSocketStage,
  { info }: Connection,
  code: number,
  reason: string,
  events: SocketEvents,
): Promise<void> {
  const { disconnect, live } = served.websocket;
  if (disconnect === undefined) return;
  const context = new SocketContext(info, "DISCONNECT", undefined, live.ids, { code, reason });
  const headers = ["Host", info.host, "x-api-key", "", "X-Forwarded-For", "", "x-restapi", ""];
  const request = { method: "POST", rawPath: `/${served.stage.name}`, query: "", headers };
  const transport = new SocketTransport(served.websocket.entry.limits.messageBytes, nobody);
  const x = socketExchange(served, request, context, transport, live.clock.now());
  if (events.isObserved) x.startedAt = live.clock.monotonic();
  const ended = (status: number, error: unknown) => events.ended(x, "$disconnect", status, error);
  try {
    x.route = disconnect.route;
    beginExecutionLog(x);
    await runRoute(x, disconnect.route);
    ended(x.status, undefined);
  } catch (error) {
    ended(failed(x, error), error);
  }
}

/** The client is gone, but not what is to be done about it: nothing is given up. */
const nobody: ClientEnd = { isGone: false, watch: () => () => undefined };
