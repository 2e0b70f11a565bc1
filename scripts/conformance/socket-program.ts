import type { Program, RouteEntry } from "../../runtime/program.js";
import { webSocketEngine } from "../../runtime/websocket/engine.js";
import { manageConnections } from "../../runtime/websocket/manage-connections.js";
import { type SelectionPart, selection } from "../../runtime/websocket/select-route.js";
import type { WebSocketProgram } from "../../runtime/websocket/web-socket-program.js";
import { testProgram, testRoute } from "./program.js";

export interface SocketRouteInput {
  readonly run: RouteEntry["run"];
  readonly replies?: boolean;
  readonly entry?: Partial<RouteEntry>;
}

interface SocketProgramOptions {
  readonly select?: readonly SelectionPart[];
  readonly limits?: Partial<WebSocketProgram["limits"]>;
  readonly compression?: boolean;
  /** Steps before `@connections`. */
  readonly authorize?: RouteEntry["run"];
  readonly stages?: Program["stages"];
  readonly routes?: readonly RouteEntry[];
}

/** A Program made by hand whose stage `dev` has these WebSocket routes. */
export function socketProgram(
  routes: Readonly<Record<string, SocketRouteInput>>,
  options: SocketProgramOptions = {},
): Program {
  const { select = [{ path: ["action"] }], limits, compression = false, authorize, stages } = options;
  const program = testProgram(options.routes ?? [], stages ? { stages } : {});
  const run: RouteEntry["run"] = (x) => {
    authorize?.(x);
    return manageConnections(x);
  };
  const websocket: WebSocketProgram = {
    api: { ...program.api, name: "test-websocket", apiId: "klmnopqrst" },
    routes: Object.entries(routes).map(([key, { run, replies = false, entry }]) => ({
      route: testRoute(`SOCKET ${key}`, run, { ...entry, key, resourcePath: key, segments: [] }),
      replies,
      template: undefined,
    })),
    management: ["POST", "GET", "DELETE"].map((method) =>
      testRoute(`${method} /@connections/{connectionId}`, run, { connections: { messageBytes: 131_072 } }),
    ),
    select: selection(select),
    limits: { idleMs: 600_000, lifeMs: 7_200_000, messageBytes: 131_072, frameBytes: 32_768, ...limits },
    compression,
    engine: webSocketEngine,
  };
  return { ...program, websocket };
}

/** Answers with the message itself. */
export const echo: SocketRouteInput = {
  run: (x) => x.answer(200, [], x.socket?.message?.text ?? ""),
  replies: true,
};
