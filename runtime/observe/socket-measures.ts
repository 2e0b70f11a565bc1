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
  /** Looking series up by their labels costs more than counting: a stage that is served keeps its own. */
  #known = new WeakMap<LiveStage, KnownSeries>();

  count(metric: SocketMetric, stage: LiveStage, routeKey: string | undefined): void {
    const known = this.#knownOf(stage);
    if (known.ofStage !== undefined) known.ofStage.counts[metric]++;
    const ofRoute = this.#ofRoute(known, stage, routeKey);
    if (ofRoute !== undefined) ofRoute.counts[metric]++;
  }

  /** Mocks have no latency, as nothing is called. */
  finished(x: Exchange): void {
    const { integration, stage } = x;
    if (integration === undefined || integration.latencyMs < 0) return;
    const known = this.#knownOf(stage);
    known.ofStage?.integrationLatency.add(integration.latencyMs);
    this.#ofRoute(known, stage, x.route?.key)?.integrationLatency.add(integration.latencyMs);
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
    this.#known = new WeakMap();
  }

  #knownOf(stage: LiveStage): KnownSeries {
    let known = this.#known.get(stage);
    if (known === undefined) {
      const isOff = stage.entry.metrics === "off";
      known = { ofStage: isOff ? undefined : this.#named(labelsOf(stage, undefined)), byRoute: new Map() };
      this.#known.set(stage, known);
    }
    return known;
  }

  /** Undefined where the stage does not ask for details, or no route took the event. */
  #ofRoute({ byRoute }: KnownSeries, stage: LiveStage, routeKey: string | undefined): SocketSeries | undefined {
    if (stage.entry.metrics !== "detailed" || routeKey === undefined) return undefined;
    let series = byRoute.get(routeKey);
    if (series === undefined) {
      series = this.#named(labelsOf(stage, routeKey));
      if (series !== undefined) byRoute.set(routeKey, series);
    }
    return series;
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

interface KnownSeries {
  /** Undefined: the stage is not counted, or there are too many. */
  readonly ofStage: SocketSeries | undefined;
  readonly byRoute: Map<string, SocketSeries>;
}

function labelsOf({ program, name: stage }: LiveStage, route: string | undefined): SocketLabels {
  const { name: api, apiId } = program.program.api;
  return { api, apiId, stage, route };
}
