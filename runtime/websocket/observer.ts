import type { LiveStage } from "../host/live-program.js";
import type { Exchange } from "../http/exchange.js";

/** Names of CloudWatch (aws-behaviour.md section 31). */
export type SocketMetric = "ConnectCount" | "MessageCount" | "IntegrationError" | "ClientError" | "ExecutionError";

/** Told of what happens on the WebSocket connections of a host; metrics are made of it. */
export interface SocketObserver {
  /** @param routeKey  undefined: of a message to a client, and of one that no route takes */
  count(metric: SocketMetric, stage: LiveStage, routeKey: string | undefined): void;
  /** An event is over. */
  finished?(x: Exchange): void;
}
