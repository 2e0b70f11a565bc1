import type { Clock } from "../clock.js";
import type { Exchange } from "../http/exchange.js";
import { AccessLog } from "./access-log.js";
import { EmfMetrics } from "./emf.js";
import { FileSink } from "./file-sink.js";
import { type LineSink, StreamSink } from "./line-sink.js";
import { Measures } from "./measures.js";
import type { Observer } from "./observer.js";
import { OtlpExporter } from "./otlp.js";
import { SpanObserver } from "./request-span.js";
import { Sampler } from "./sampler.js";
import { parseSocketAddress, SocketSink } from "./socket-sink.js";
import { XRayExporter } from "./xray.js";

export interface ObserverOptions {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where lines of the process's output go. */
  readonly print: (text: string) => void;
  /** Whether any stage may have an access log, or be traced. */
  readonly hasAccessLog: boolean;
  readonly hasTracing: boolean;
  /** `-` (the output, default), a file, `tcp://host:port` or `unix:/path`. */
  readonly accessLog?: string | undefined;
  /** The same for lines of CloudWatch's embedded metric format; undefined: none. */
  readonly emf?: string | undefined;
  /** Whether series are counted for a metrics endpoint. */
  readonly hasMeasures: boolean;
  readonly logFileBytes?: number | undefined;
  readonly logFiles?: number | undefined;
}

export interface Observers {
  readonly all: readonly Observer[];
  readonly measures: Measures | undefined;
  readonly sampler: Sampler | undefined;
  /** Opens log files again, as after they have been moved away. */
  reopen(): void;
}

/** What the operator asked to observe. @throws Error in words for people, for a destination that is none */
export function openObservers(options: ObserverOptions): Observers {
  const all: Observer[] = [];
  const sinks: LineSink[] = [];
  const sinkTo = (destination: string) => {
    const sink = openSink(destination, options);
    sinks.push(sink);
    return sink;
  };
  if (options.hasAccessLog) all.push(new AccessLog(sinkTo(options.accessLog ?? "-")));
  const measures = options.hasMeasures ? new Measures() : undefined;
  if (measures !== undefined) {
    const { sockets } = measures;
    measures.linesGivenUp = () => sinks.reduce((sum, sink) => sum + sink.dropped, 0);
    all.push({
      answered: (x: Exchange) => measures.add(x),
      refused: () => void measures.refused++,
      sockets,
      close: async () => undefined,
    });
  }
  if (options.emf !== undefined) {
    const emf = new EmfMetrics(sinkTo(options.emf), options.clock.now);
    all.push({ answered: (x: Exchange) => emf.add(x), sockets: emf.sockets, close: () => emf.close() });
  }
  const tracer = options.hasTracing ? openTracer(options.environment) : undefined;
  if (tracer !== undefined) all.push(tracer);
  return {
    all,
    measures,
    sampler: tracer && new Sampler(options.clock),
    reopen() {
      for (const sink of sinks) sink.reopen();
    },
  };
}

function openSink(destination: string, { print, logFileBytes, logFiles }: ObserverOptions): LineSink {
  if (destination === "-") return new StreamSink(print);
  if (/^(?:tcp|unix):/.test(destination)) {
    const address = parseSocketAddress(destination);
    if (address === undefined)
      throw new Error(`not an address of a log receiver: ${destination} (tcp://host:port or unix:/path)`);
    return new SocketSink(address);
  }
  try {
    return new FileSink({
      path: destination,
      ...(logFileBytes !== undefined && { maxBytes: logFileBytes }),
      ...(logFiles !== undefined && { keep: logFiles }),
    });
  } catch (error) {
    throw new Error(`the log file ${destination} cannot be opened: ${(error as Error).message}`);
  }
}

/** X-Ray's daemon where AWS_XRAY_DAEMON_ADDRESS says, OpenTelemetry's collector where OTEL_EXPORTER_OTLP_… says; else X-Ray's own default. */
function openTracer(environment: ObserverOptions["environment"]): SpanObserver {
  const { AWS_XRAY_DAEMON_ADDRESS: daemon, OTEL_EXPORTER_OTLP_HEADERS: headers } = environment;
  const serviceName = environment["OTEL_SERVICE_NAME"] || undefined;
  const base = environment["OTEL_EXPORTER_OTLP_ENDPOINT"]?.replace(/\/$/, "");
  const collector = environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] ?? (base && `${base}/v1/traces`);
  const exporters = [
    ...(daemon !== undefined || collector === undefined ? [new XRayExporter(daemonAddress(daemon))] : []),
    ...(collector === undefined
      ? []
      : [new OtlpExporter({ url: collector, headers: headersOf(headers ?? ""), serviceName })]),
  ];
  return new SpanObserver(exporters);
}

/** `127.0.0.1:2000`, or `tcp:… udp:127.0.0.1:2000`. */
function daemonAddress(text = "127.0.0.1:2000"): { readonly host: string; readonly port: number } {
  const udp = /(?:^|\s)udp:(\S+)/.exec(text)?.[1] ?? text;
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(udp.trim());
  if (match === null) throw new Error(`AWS_XRAY_DAEMON_ADDRESS is no address: ${text}`);
  return { host: match[1] as string, port: Number(match[2]) };
}

/** `name=value,name=value`, percent-encoded (OpenTelemetry, "OTLP exporter configuration"). */
function headersOf(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",")) {
    const at = pair.indexOf("=");
    if (at > 0) headers[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1).trim());
  }
  return headers;
}
