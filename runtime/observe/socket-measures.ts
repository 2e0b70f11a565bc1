import type { LiveStage } from "../host/live-program.js";
import type { Exchange } from "../http/exchange.js";
import type { SocketMetric, SocketObserver } from "../websocket/observer.js";
import { Histogram, type HistogramCounts } from "./histogram.js";

/** What the events of WebSocket APIs are counted by; by route too where the stage asks for details. */
export interface SocketLabels {
  readonly api: string;
  readonly apiId: string;
  readonly stage: string;
  /** Undefined: of the whole stage. */
  readonly route: string | undefined;
}

/** One series by the names of CloudWatch (aws-behaviour.md section 31). */
export class SocketSeries {
  readonly counts: Record<SocketMetric, number> = {
    ConnectCount: 0,
    MessageCount: 0,
    IntegrationError: 0,
    ClientError: 0,
    ExecutionError: 0,
  };
  readonly integrationLatency = new Histogram();

  constructor(readonly labels: SocketLabels) {}
}

/** What one process has counted since it last told, for the one that adds up. */
export interface SocketDelta {
  readonly labels: SocketLabels;
  readonly counts: SocketSeries["counts"];
  readonly integrationLatency: HistogramCounts;
}

export const socketMetrics: readonly SocketMetric[] = [
  "ConnectCount",
  "MessageCount",
  "IntegrationError",
  "ClientError",
  "ExecutionError",
];

/** Routes are as many as they are; series are bounded all the same, deployments come and go. */
const maxSeries = 20_000;

/** The series of the WebSocket APIs of a host: since it started, or since they were cleared. */
export class SocketMeasures implements SocketObserver {
  readonly #series = new Map<string, SocketSeries>();

  count(metric: SocketMetric, stage: LiveStage, routeKey: string | undefined): void {
    for (const series of this.#of(stage, routeKey)) series.counts[metric]++;
  }

  /** Mocks have no latency, as nothing is called. */
  finished(x: Exchange): void {
    const { integration, stage } = x;
    if (integration === undefined || integration.latencyMs < 0) return;
    for (const series of this.#of(stage, x.route?.key)) series.integrationLatency.add(integration.latencyMs);
  }

  all(): readonly SocketSeries[] {
    return [...this.#series.values()];
  }

  /** What has been counted since the last time; it counts from zero again. */
  take(): readonly SocketDelta[] {
    const taken = this.all().map(({ labels, counts, integrationLatency }) => {
      return { labels, counts, integrationLatency: integrationLatency.counts() };
    });
    this.clear();
    return taken;
  }

  /** Adds what another process has counted. */
  merge(deltas: readonly SocketDelta[]): void {
    for (const { labels, counts, integrationLatency } of deltas) {
      const series = this.#named(labels);
      if (series === undefined) continue;
      for (const metric of socketMetrics) series.counts[metric] += counts[metric];
      series.integrationLatency.merge(integrationLatency);
    }
  }

  clear(): void {
    this.#series.clear();
  }

  #of({ program, name, entry }: LiveStage, routeKey: string | undefined): readonly SocketSeries[] {
    const { metrics = "standard" } = entry;
    if (metrics === "off") return [];
    const { name: api, apiId } = program.program.api;
    const found = [this.#named({ api, apiId, stage: name, route: undefined })];
    if (metrics === "detailed" && routeKey !== undefined) {
      found.push(this.#named({ api, apiId, stage: name, route: routeKey }));
    }
    return found.filter((series) => series !== undefined);
  }

  #named(labels: SocketLabels): SocketSeries | undefined {
    const key = `${labels.apiId}\n${labels.stage}\n${labels.route ?? ""}`;
    let series = this.#series.get(key);
    if (series === undefined && this.#series.size < maxSeries) {
      series = new SocketSeries(labels);
      this.#series.set(key, series);
    }
    return series;
  }
}
