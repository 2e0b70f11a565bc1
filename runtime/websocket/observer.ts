import type { Exchange } from "../http/exchange.js";

/** Names of CloudWatch (aws-behaviour.md section 31). */
export type SocketMetric = "ConnectCount" | "MessageCount" | "IntegrationError" | "ClientError" | "ExecutionError";

/** How an event of a WebSocket API ended. */
export interface SocketOutcome {
  /** Key of the route; undefined where none took the message. */
  readonly routeKey: string | undefined;
  /** Status of a handshake; of a message that of its integration, or of the failure that was told. */
  readonly status: number;
  /** What was thrown, where something was. */
  readonly error: unknown;
  /** Milliseconds, monotonic. */
  readonly elapsedMs: number;
}

/** Told of every event once it is over; logs, metrics and traces are made of it. */
export interface SocketObserver {
  count(metric: SocketMetric, stage: string, routeKey: string | undefined): void;
  finished?(x: Exchange, outcome: SocketOutcome): void;
}

/** Counters by metric, stage and route, as the admin API and metrics read them. */
export class SocketCounters implements SocketObserver {
  readonly #counts = new Map<string, number>();

  count(metric: SocketMetric, stage: string, routeKey: string | undefined): void {
    const key = `${metric} ${stage} ${routeKey ?? "-"}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Sum over stages and routes. */
  total(metric: SocketMetric): number {
    let sum = 0;
    for (const [key, count] of this.#counts) if (key.startsWith(`${metric} `)) sum += count;
    return sum;
  }

  /** `[metric, stage, route, count]`, in the order of first use. */
  *entries(): Generator<readonly [metric: string, stage: string, routeKey: string, count: number]> {
    for (const [key, count] of this.#counts) {
      const [metric = "", stage = "", ...route] = key.split(" ");
      yield [metric, stage, route.join(" "), count];
    }
  }
}
