import type { Guards } from "../auth/guards.js";
import type { LiveProgram, LiveStage } from "../host/live-program.js";
import type { LoadOptions } from "../host/load-program.js";
import type { ApiEntry, Program, RouteEntry } from "../program.js";
import type { Connection } from "./connection.js";
import type { RouteKeys } from "./route-keys.js";
import type { ConnectAnswer, ConnectArrival } from "./run-connect.js";
import type { SocketRequest } from "./run-route.js";
import type { Select } from "./select-route.js";
import type { SocketEvents } from "./socket-events.js";
import type { SocketMessage } from "./socket-message.js";
import type { OpenSockets } from "./sockets.js";
import type { upgrade } from "./upgrade.js";

/** The WebSocket API of a build. */
export interface WebSocketProgram {
  /** An API of its own, with an id of its own; what `kind: "rest"` means for steps holds for messages. */
  readonly api: ApiEntry;
  readonly routes: readonly SocketRouteEntry[];
  /** `@connections`: routes of requests. */
  readonly management: readonly RouteEntry[];
  readonly select: Select;
  readonly limits: {
    readonly idleMs: number;
    readonly lifeMs: number;
    readonly messageBytes: number;
    readonly frameBytes: number;
  };
  readonly compression: boolean;
  /** What stands in front of its routes; `@connections` takes signed requests only. */
  readonly guards?: Guards;
  readonly engine: SocketEngine;
}

export interface SocketRouteEntry {
  /** Its `key` is the route key; its `method` is none of HTTP's. */
  readonly route: RouteEntry;
  /** Whether the integration's answer is sent to the client: the route has a route response. */
  readonly replies: boolean;
  /** Key of the request template by the message; undefined: the one for JSON. */
  readonly template: Select | undefined;
}

/**
 * What runs a WebSocket API. As with `Engine`, a build links its own; connections outlive it, so what host and build
 * share is data and the shape of these calls.
 */
export interface SocketEngine {
  /** What lives as long as the host: connections and their frames. */
  readonly open: OpenSockets;
  /** A request that asks to leave HTTP, to its connection or its refusal. */
  readonly upgrade: typeof upgrade;
  readonly load: (program: Program, websocket: WebSocketProgram, options: LoadOptions) => LiveWebSocket;
  /** Runs `$connect` and says how the handshake ends. Never rejects. */
  readonly connect: (
    served: ServedSocketStage,
    arrival: ConnectArrival,
    events: SocketEvents,
  ) => Promise<ConnectAnswer>;
  /** Runs the route of a message. Never throws. */
  readonly message: (
    served: ServedSocketStage,
    connection: Connection,
    message: SocketMessage,
    events: SocketEvents,
  ) => void;
  /** Runs `$disconnect`. Never rejects. */
  readonly disconnect: (
    served: ServedSocketStage,
    connection: Connection,
    code: number,
    reason: string,
    events: SocketEvents,
  ) => Promise<void>;
}

/** A WebSocket API that a host has taken into service. */
export interface LiveWebSocket {
  readonly entry: WebSocketProgram;
  /** Name of the API that it stands beside: the host knows stages by it. */
  readonly besideApi: string;
  /** The API as a Program of its own. */
  readonly live: LiveProgram;
  /** Routes that messages can choose, by key. */
  readonly messages: ReadonlyMap<string, SocketRouteEntry>;
  /** The same, for keys that stand in a message. */
  readonly messageKeys: RouteKeys<SocketRouteEntry>;
  readonly connect: SocketRouteEntry | undefined;
  readonly disconnect: SocketRouteEntry | undefined;
  readonly fallback: SocketRouteEntry | undefined;
}

/** A stage of a WebSocket API: `stage.program` is `websocket.live`. */
export interface ServedSocketStage {
  readonly websocket: LiveWebSocket;
  readonly stage: LiveStage;
  /** What steps see as the request of a message. */
  readonly messageRequest: SocketRequest;
}

/** A message has no headers; backends are told what it is. */
const messageHeaders: readonly string[] = ["Content-Type", "application/json"];

/** The stage of the WebSocket API beside a stage; undefined where there is none. */
export function socketStageOf({ program, name }: LiveStage): ServedSocketStage | undefined {
  const { websocket } = program;
  const stage = websocket?.live.stages.get(name);
  if (websocket === undefined || stage === undefined) return undefined;
  const messageRequest = { method: "POST", rawPath: `/${name}`, query: "", headers: messageHeaders };
  return { websocket, stage, messageRequest };
}
