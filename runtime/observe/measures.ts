import type { Exchange } from "../http/exchange.js";
import type { ApiEntry, MethodOverride } from "../program.js";
import { Histogram, type HistogramCounts } from "./histogram.js";
import { type SocketDelta, SocketMeasures } from "./socket-measures.js";

/** What is counted, by API, stage and canary; by method and resource too where the stage asks for details. */
export interface MetricLabels {
  readonly api: string;
  readonly apiId: string;
  readonly kind: ApiEntry["kind"];
  readonly stage: string;
  readonly isCanary: boolean;
  /** Undefined: of the whole stage. */
  readonly method: string | undefined;
  readonly resource: string | undefined;
}

/** One series by API Gateway's names (aws-behaviour.md section 31). */
export class Series {
  count = 0;
  clientErrors = 0;
  serverErrors = 0;
  cacheHits = 0;
  cacheMisses = 0;
  /** Bytes of answers; HTTP APIs have it as DataProcessed. */
  bytes = 0;
  readonly latency = new Histogram();
  readonly integrationLatency = new Histogram();

  constructor(readonly labels: MetricLabels) {}

  add(x: Exchange, latencyMs: number): void {
    this.count++;
    if (x.status >= 500) this.serverErrors++;
    else if (x.status >= 400) this.clientErrors++;
    if (x.cacheResult === "hit") this.cacheHits++;
    else if (x.cacheResult === "miss") this.cacheMisses++;
    this.bytes += x.transport.responseBytes;
    this.latency.add(latencyMs);
    if (x.integration !== undefined && x.integration.latencyMs >= 0) {
      this.integrationLatency.add(x.integration.latencyMs);
    }
  }
}

const counters = ["count", "clientErrors", "serverErrors", "cacheHits", "cacheMisses", "bytes"] as const;

/** What one process has counted since it last told, for the one that adds up. */
export interface MeasuresDelta {
  readonly unlocated: number;
  readonly droppedLines: number;
  /** Undefined: none. */
  readonly refused?: number;
  readonly series: readonly SeriesDelta[];
  readonly sockets: readonly SocketDelta[];
}

interface SeriesDelta {
  readonly labels: MetricLabels;
  /** In the order of `counters`. */
  readonly counts: readonly number[];
  readonly latency: HistogramCounts;
  readonly integrationLatency: HistogramCounts;
}

/** Routes of a Program are as many as they are; series are bounded all the same, deployments come and go. */
const maxSeries = 20_000;

/** All series of a host since it started. */
export class Measures {
  readonly #series = new Map<string, Series>();
  #known = new WeakMap<Exchange["stage"], KnownSeries>();
  /** Of the last request, which is nearly always the next one's too. */
  #lastStage: Exchange["stage"] | undefined = undefined;
  #last: KnownSeries | undefined = undefined;
  /** Requests that no stage was found for, and malformed ones that reached the gateway. */
  unlocated = 0;
  /** Requests that were refused unread in an overload. */
  refused = 0;
  readonly sockets = new SocketMeasures();
  /** Lines of logs that this process has given up so far. */
  linesGivenUp: () => number = () => 0;
  /** Those of others, less what others have been told of ours. */
  #otherLines = 0;

  /** Lines of logs that were given up, because their receiver could not take them. */
  get droppedLines(): number {
    return this.#otherLines + this.linesGivenUp();
  }

  /** Counts an answered request. */
  add(x: Exchange): void {
    if (isOfWebSocket(x)) return;
    const stage = x.stage as Exchange["stage"] | undefined;
    if (stage === undefined) {
      this.unlocated++;
      return;
    }
    if (stage.entry.metrics === "off") return;
    const known = stage === this.#lastStage && this.#last !== undefined ? this.#last : this.#knownOf(x);
    const latencyMs = Math.max(0, x.program.clock.monotonic() - x.startedAt);
    known.series?.add(x, latencyMs);
    const route = x.route as Exchange["route"] | undefined;
    if (route === undefined) return;
    const cell = known.byRoute.get(route);
    // Routes for any method have a series for each.
    const own = cell?.method === x.method ? cell.series : this.#ofRoute(x, known);
    own?.add(x, latencyMs);
  }

  /** Putting the labels together costs as much as the rest of counting: a stage that is served keeps its series. */
  #knownOf({ program, stage }: Exchange): KnownSeries {
    let known = this.#known.get(stage);
    if (known === undefined) {
      known = { series: this.#of(placeOf(program.program.api, stage), undefined, undefined), byRoute: new Map() };
      this.#known.set(stage, known);
    }
    this.#lastStage = stage;
    this.#last = known;
    return known;
  }

  #ofRoute({ program, stage, route, method }: Exchange, { byRoute }: KnownSeries): Series | undefined {
    const { metrics = "standard", methods } = stage.entry;
    const series = isDetailed(metrics, methods?.[route.key])
      ? this.#of(placeOf(program.program.api, stage), method, route.resourcePath)
      : undefined;
    byRoute.set(route, { method, series });
    return series;
  }

  /** What has been counted since the last time; it counts from zero again. */
  take(): MeasuresDelta {
    const series: SeriesDelta[] = [];
    for (const one of this.#series.values()) {
      const counts = counters.map((name) => one[name]);
      if (one.count === 0) continue;
      const { labels, latency, integrationLatency } = one;
      series.push({ labels, counts, latency: latency.counts(), integrationLatency: integrationLatency.counts() });
      for (const name of counters) one[name] = 0;
      latency.reset();
      integrationLatency.reset();
    }
    const { unlocated, refused, droppedLines } = this;
    this.unlocated = 0;
    this.refused = 0;
    this.#otherLines -= droppedLines;
    return { unlocated, refused, droppedLines, series, sockets: this.sockets.take() };
  }

  /** Adds what another process has counted. */
  merge({ unlocated, refused = 0, droppedLines, series, sockets }: MeasuresDelta): void {
    this.sockets.merge(sockets);
    this.#otherLines += droppedLines;
    this.unlocated += unlocated;
    this.refused += refused;
    for (const { labels, counts, latency, integrationLatency } of series) {
      const one = this.#of(labels, labels.method, labels.resource);
      if (one === undefined) continue;
      counters.forEach((name, at) => {
        one[name] += counts[at] ?? 0;
      });
      one.latency.merge(latency);
      one.integrationLatency.merge(integrationLatency);
    }
  }

  all(): readonly Series[] {
    return [...this.#series.values()];
  }

  /** All that has been counted since it was last asked; it counts in new series from now on. */
  drain(): readonly Series[] {
    const all = this.all();
    this.#series.clear();
    this.#known = new WeakMap();
    this.#lastStage = undefined;
    this.#last = undefined;
    return all;
  }

  #of(place: MetricPlace, method: string | undefined, resource: string | undefined): Series | undefined {
    const { api, apiId, kind, stage, isCanary } = place;
    const key = `${api}\n${stage}\n${isCanary}\n${method ?? ""}\n${resource ?? ""}`;
    let series = this.#series.get(key);
    if (series === undefined && this.#series.size < maxSeries) {
      series = new Series({ api, apiId, kind, stage, isCanary, method, resource });
      this.#series.set(key, series);
    }
    return series;
  }
}

/**
 * WebSocket APIs have series of their own, in which a request to `@connections` is the message that it sends and nothing
 * else (API Gateway developer guide, "Monitor WebSocket API execution with CloudWatch metrics").
 */
function isOfWebSocket(x: Exchange): boolean {
  return x.socket !== undefined || x.program.program.api.isWebSocket === true;
}

interface KnownSeries {
  /** Undefined: there are too many. */
  readonly series: Series | undefined;
  readonly byRoute: Map<Exchange["route"], RouteSeries>;
}

/** What the last request of a route was counted in. */
interface RouteSeries {
  readonly method: string;
  /** Undefined: the stage asks for no details of it, or there are too many. */
  readonly series: Series | undefined;
}

type MetricPlace = Omit<MetricLabels, "method" | "resource">;

function placeOf({ name, apiId, kind }: ApiEntry, { name: stage, isCanary }: Exchange["stage"]): MetricPlace {
  return { api: name, apiId, kind, stage, isCanary };
}

function isDetailed(ofStage: string, own: MethodOverride | undefined): boolean {
  return (own?.metrics ?? ofStage) === "detailed";
}
