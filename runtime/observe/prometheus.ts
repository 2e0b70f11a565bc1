import type { SocketMetric } from "../websocket/observer.js";
import type { Histogram } from "./histogram.js";
import type { Measures, MetricLabels, Series } from "./measures.js";
import { type SocketLabels, type SocketSeries, socketMetrics } from "./socket-measures.js";

/** Upper bounds of the buckets that are shown, seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Counter {
  readonly name: string;
  readonly help: string;
  readonly read: (series: Series) => number;
}

const counters: readonly Counter[] = [
  { name: "apigateway_count_total", help: "Count: requests.", read: (series) => series.count },
  {
    name: "apigateway_4xx_error_total",
    help: "4XXError: answers of 400 to 499.",
    read: (series) => series.clientErrors,
  },
  {
    name: "apigateway_5xx_error_total",
    help: "5XXError: answers of 500 and above.",
    read: (series) => series.serverErrors,
  },
  { name: "apigateway_cache_hit_total", help: "CacheHitCount.", read: (series) => series.cacheHits },
  { name: "apigateway_cache_miss_total", help: "CacheMissCount.", read: (series) => series.cacheMisses },
  { name: "apigateway_response_bytes_total", help: "Bytes of answers.", read: (series) => series.bytes },
];

/** The exposition format of Prometheus, version 0.0.4. */
export function prometheusText(measures: Measures): string {
  const all = measures.all();
  const lines: string[] = [];
  for (const { name, help, read } of counters) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
    for (const series of all) lines.push(`${name}{${labelsOf(series.labels)}} ${read(series)}`);
  }
  pushHistogram(
    lines,
    "apigateway_latency_seconds",
    "Latency: from the request to its answer.",
    all,
    (s) => s.latency,
    labelsOf,
  );
  pushHistogram(
    lines,
    "apigateway_integration_latency_seconds",
    "IntegrationLatency: of the backend alone.",
    all,
    (series) => series.integrationLatency,
    labelsOf,
  );
  pushSockets(lines, measures.sockets.all());
  lines.push("# TYPE apigateway_unlocated_total counter", `apigateway_unlocated_total ${measures.unlocated}`);
  lines.push(
    "# HELP apigateway_overload_refused_total Requests refused unread with 503, because there were too many.",
    "# TYPE apigateway_overload_refused_total counter",
    `apigateway_overload_refused_total ${measures.refused}`,
  );
  lines.push(
    "# HELP apigateway_log_lines_dropped_total Lines of logs that their receiver could not take.",
    "# TYPE apigateway_log_lines_dropped_total counter",
    `apigateway_log_lines_dropped_total ${measures.droppedLines}`,
  );
  return `${lines.join("\n")}\n`;
}

const socketHelp: Readonly<Record<SocketMetric, { readonly name: string; readonly help: string }>> = {
  ConnectCount: { name: "connect_count", help: "ConnectCount: handshakes that reached $connect." },
  MessageCount: { name: "message_count", help: "MessageCount: messages from and to clients." },
  IntegrationError: { name: "integration_error", help: "IntegrationError: answers of integrations of 400 and above." },
  ClientError: { name: "client_error", help: "ClientError: events refused before an integration was called." },
  ExecutionError: { name: "execution_error", help: "ExecutionError: integrations that could not be called." },
};

/** WebSocket APIs; nothing where there is none. */
function pushSockets(lines: string[], all: readonly SocketSeries[]): void {
  if (all.length === 0) return;
  for (const metric of socketMetrics) {
    const name = `apigateway_websocket_${socketHelp[metric].name}_total`;
    lines.push(`# HELP ${name} ${socketHelp[metric].help}`, `# TYPE ${name} counter`);
    for (const { labels, counts } of all) lines.push(`${name}{${socketLabels(labels)}} ${counts[metric]}`);
  }
  const name = "apigateway_websocket_integration_latency_seconds";
  pushHistogram(
    lines,
    name,
    "IntegrationLatency: of the backends of WebSocket routes.",
    all,
    readLatency,
    socketLabels,
  );
}

function readLatency({ integrationLatency }: SocketSeries): Histogram {
  return integrationLatency;
}

function socketLabels({ api, stage, route }: SocketLabels): string {
  const labels = `api="${escaped(api)}",stage="${escaped(stage)}"`;
  return route === undefined ? labels : `${labels},route="${escaped(route)}"`;
}

function pushHistogram<S extends { readonly labels: L }, L>(
  lines: string[],
  name: string,
  help: string,
  all: readonly S[],
  read: (series: S) => Histogram,
  print: (labels: L) => string,
): void {
  lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} histogram`);
  for (const series of all) {
    const histogram = read(series);
    const labels = print(series.labels);
    for (const bound of bounds) {
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${histogram.countUpTo(bound * 1000)}`);
    }
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${histogram.count}`,
      `${name}_sum{${labels}} ${histogram.sum / 1000}`,
      `${name}_count{${labels}} ${histogram.count}`,
    );
  }
}

function labelsOf({ api, stage, isCanary, method, resource }: MetricLabels): string {
  const labels = [`api="${escaped(api)}"`, `stage="${escaped(stage)}"`, `canary="${isCanary}"`];
  if (method !== undefined) labels.push(`method="${escaped(method)}"`, `resource="${escaped(resource ?? "")}"`);
  return labels.join(",");
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
