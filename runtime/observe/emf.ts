import type { Exchange } from "../http/exchange.js";
import type { Histogram } from "./histogram.js";
import type { LineSink } from "./line-sink.js";
import { isOfWebSocket, Series } from "./measures.js";
import { SocketMeasures, type SocketSeries, socketMetrics } from "./socket-measures.js";

/** A value with how often it came, as EMF takes distributions; CloudWatch makes percentiles of them. */
interface Distribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
}

/** Values of one distribution in one line; EMF allows no more. */
const maxValues = 100;

/**
 * CloudWatch's embedded metric format: one line for each series and minute, by API Gateway's names and dimensions
 * (aws-behaviour.md section 31). The agent that reads the lines makes metrics of them.
 *
 * @see CloudWatch user guide, "Specification: Embedded metric format"
 */
export class EmfMetrics {
  readonly sockets = new SocketMeasures();
  readonly #series = new Map<string, Series>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly sink: LineSink,
    private readonly now: () => number,
    intervalMs = 60_000,
  ) {
    this.#timer = setInterval(() => this.flush(), intervalMs).unref();
  }

  add(x: Exchange): void {
    const stage = x.stage as Exchange["stage"] | undefined;
    if (isOfWebSocket(x) || stage === undefined || stage.entry.metrics === "off") return;
    const latencyMs = Math.max(0, x.program.clock.monotonic() - x.startedAt);
    const { name: api } = x.program.program.api;
    this.#of(api, stage.name, stage.isCanary, undefined, undefined).add(x, latencyMs);
    const route = x.route as Exchange["route"] | undefined;
    if (stage.entry.metrics === "detailed" && route !== undefined) {
      this.#of(api, stage.name, stage.isCanary, x.method, route.resourcePath).add(x, latencyMs);
    }
  }

  /** Writes what has been counted since the last time. */
  flush(): void {
    for (const series of this.#series.values()) this.sink.write(`${emfLine(series, this.now())}\n`);
    this.#series.clear();
    for (const series of this.sockets.all()) this.sink.write(`${socketLine(series, this.now())}\n`);
    this.sockets.clear();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    this.flush();
    return this.sink.close();
  }

  #of(api: string, stage: string, isCanary: boolean, method: string | undefined, resource: string | undefined): Series {
    const key = `${api}\n${stage}\n${isCanary}\n${method ?? ""}\n${resource ?? ""}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = new Series({ api, stage, isCanary, method, resource });
      this.#series.set(key, series);
    }
    return series;
  }
}

const counts = ["Count", "4XXError", "5XXError", "CacheHitCount", "CacheMissCount"] as const;

function emfLine(series: Series, now: number): string {
  const { api, stage, isCanary, method, resource } = series.labels;
  const dimensions: Record<string, string> = { ApiName: api, Stage: isCanary ? `${stage}/Canary` : stage };
  if (method !== undefined) Object.assign(dimensions, { Method: method, Resource: resource });
  const metrics = [
    ...counts.map((Name) => ({ Name, Unit: "Count" })),
    { Name: "Latency", Unit: "Milliseconds" },
    ...(series.integrationLatency.count > 0 ? [{ Name: "IntegrationLatency", Unit: "Milliseconds" }] : []),
  ];
  const names = Object.keys(dimensions);
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: "AWS/ApiGateway",
          Dimensions: method === undefined ? [["ApiName"], names] : [names],
          Metrics: metrics,
        },
      ],
    },
    ...dimensions,
    Count: series.count,
    "4XXError": series.clientErrors,
    "5XXError": series.serverErrors,
    CacheHitCount: series.cacheHits,
    CacheMissCount: series.cacheMisses,
    Latency: distribution(series.latency),
    ...(series.integrationLatency.count > 0 && { IntegrationLatency: distribution(series.integrationLatency) }),
  });
}

/** WebSocket APIs have metrics and dimensions of their own. */
function socketLine({ labels, counts, integrationLatency }: SocketSeries, now: number): string {
  const { apiId, stage, route } = labels;
  const dimensions = { ApiId: apiId, Stage: stage, ...(route !== undefined && { Route: route }) };
  const names = Object.keys(dimensions);
  const hasLatency = integrationLatency.count > 0;
  const Metrics = [
    ...socketMetrics.map((Name) => ({ Name, Unit: "Count" })),
    ...(hasLatency ? [{ Name: "IntegrationLatency", Unit: "Milliseconds" }] : []),
  ];
  const Dimensions = route === undefined ? [["ApiId"], names] : [names];
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: "AWS/ApiGateway", Dimensions, Metrics }] },
    ...dimensions,
    ...counts,
    ...(hasLatency && { IntegrationLatency: distribution(integrationLatency) }),
  });
}

/** The buckets of a histogram; where they are more than a line may have, neighbours are put together. */
function distribution(histogram: Histogram): Distribution {
  const all = [...histogram.values()];
  const step = Math.ceil(all.length / maxValues);
  const values: number[] = [];
  const counted: number[] = [];
  for (let at = 0; at < all.length; at += step) {
    const group = all.slice(at, at + step);
    const count = group.reduce((sum, [, n]) => sum + n, 0);
    values.push(Number((group.reduce((sum, [ms, n]) => sum + ms * n, 0) / count).toFixed(3)));
    counted.push(count);
  }
  return { Values: values, Counts: counted };
}
