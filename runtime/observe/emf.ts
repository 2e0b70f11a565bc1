import type { Exchange } from "../http/exchange.js";
import type { Histogram } from "./histogram.js";
import type { LineSink } from "./line-sink.js";
import { Measures, type Series } from "./measures.js";
import { type SocketMeasures, type SocketSeries, socketMetrics } from "./socket-measures.js";

/** A value with how often it came, as EMF takes distributions; CloudWatch makes percentiles of them. */
interface Distribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
  readonly Min: number;
  readonly Max: number;
  readonly Count: number;
  readonly Sum: number;
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
  readonly #measures = new Measures();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly sink: LineSink,
    private readonly now: () => number,
    intervalMs = 60_000,
  ) {
    this.#timer = setInterval(() => this.flush(), intervalMs).unref();
  }

  get sockets(): SocketMeasures {
    return this.#measures.sockets;
  }

  add(x: Exchange): void {
    this.#measures.add(x);
  }

  /** Writes what has been counted since the last time. */
  flush(): void {
    for (const series of this.#measures.drain()) this.sink.write(`${emfLine(series, this.now())}\n`);
    for (const series of this.sockets.all()) this.sink.write(`${socketLine(series, this.now())}\n`);
    this.sockets.clear();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    this.flush();
    return this.sink.close();
  }
}

type Counts = Readonly<Record<string, number>>;

/** REST APIs have a cache, HTTP APIs are billed by data; each has its own names for errors. */
function countsOf({ labels, count, clientErrors, serverErrors, cacheHits, cacheMisses, bytes }: Series): Counts {
  return labels.kind === "rest"
    ? {
        ...{ Count: count, "4XXError": clientErrors, "5XXError": serverErrors },
        ...{ CacheHitCount: cacheHits, CacheMissCount: cacheMisses },
      }
    : { Count: count, "4xx": clientErrors, "5xx": serverErrors, DataProcessed: bytes };
}

function emfLine(series: Series, now: number): string {
  const { api, apiId, kind, stage, isCanary, method, resource } = series.labels;
  const counts = countsOf(series);
  const name = kind === "rest" ? { ApiName: api } : { ApiId: apiId };
  const own = method === undefined ? {} : { Method: method, Resource: resource };
  const dimensions = { ...name, Stage: isCanary ? `${stage}/Canary` : stage, ...own };
  const hasIntegration = series.integrationLatency.count > 0;
  const Metrics = [
    ...Object.keys(counts).map((Name) => ({ Name, Unit: Name === "DataProcessed" ? "Bytes" : "Count" })),
    { Name: "Latency", Unit: "Milliseconds" },
    ...(hasIntegration ? [{ Name: "IntegrationLatency", Unit: "Milliseconds" }] : []),
  ];
  const names = Object.keys(dimensions);
  const Dimensions = method === undefined ? [Object.keys(name), names] : [names];
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: "AWS/ApiGateway", Dimensions, Metrics }] },
    ...dimensions,
    ...counts,
    Latency: distribution(series.latency),
    ...(hasIntegration && { IntegrationLatency: distribution(series.integrationLatency) }),
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
  const sum = Number(histogram.sum.toFixed(3));
  const [Min = 0, Max = 0] = [values[0], values.at(-1)];
  return { Values: values, Counts: counted, Min, Max, Count: histogram.count, Sum: sum };
}
