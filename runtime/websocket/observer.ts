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

interface Counter {
  readonly metric: SocketMetric;
  readonly stage: string;
  readonly routeKey: string;
  count: number;
}

/** Counters by metric, stage and route, as the admin API and metrics read them. */
export class SocketCounters implements SocketObserver {
  readonly #byRoute = new Map<string | undefined, Counter[]>();

  count(metric: SocketMetric, stage: string, routeKey: string | undefined): void {
    let counters = this.#byRoute.get(routeKey);
    if (counters === undefined) {
      counters = [];
      this.#byRoute.set(routeKey, counters);
    }
    // A route has a handful: metrics × stages.
    for (const counter of counters) {
      if (counter.metric === metric && counter.stage === stage) {
        counter.count++;
        return;
      }
    }
    counters.push({ metric, stage, routeKey: routeKey ?? "-", count: 1 });
  }

  /** Sum over stages and routes. */
  total(metric: SocketMetric): number {
    let sum = 0;
    for (const counter of this.all()) if (counter.metric === metric) sum += counter.count;
    return sum;
  }

  /** In the order of first use of the routes. */
  all(): readonly Readonly<Counter>[] {
    return [...this.#byRoute.values()].flat();
  }
}
