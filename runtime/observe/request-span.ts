import type { Exchange } from "../http/exchange.js";
import type { Observer } from "./observer.js";

/** One traced request, as both X-Ray and OpenTelemetry tell of it. Times are wall clock, ms. */
export interface RequestSpan {
  /** `1-5759e988-bd862e3fe1be46a994272793`. */
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly api: string;
  readonly apiId: string;
  readonly account: string;
  readonly stage: string;
  readonly isCanary: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly resource: string | undefined;
  readonly clientIp: string;
  readonly userAgent: string | undefined;
  readonly status: number;
  readonly bytes: number;
  readonly requestId: string;
  readonly integration: IntegrationSpan | undefined;
}

export interface IntegrationSpan {
  readonly id: string;
  /** Of the function, the AWS service, or the backend's host. */
  readonly name: string;
  /** Of the backend; undefined: a function. */
  readonly host: string | undefined;
  readonly isAws: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
}

export interface SpanExporter {
  export(trace: RequestSpan): void;
  close(): Promise<void>;
}

/** Hands the requests that are sampled, on stages that are traced, to the exporters. */
export class SpanObserver implements Observer {
  constructor(private readonly exporters: readonly SpanExporter[]) {}

  answered(x: Exchange): void {
    const stage = x.stage as Exchange["stage"] | undefined;
    if (stage?.entry.tracing !== true || !x.traceContext.isSampled) return;
    const trace = traceOf(x);
    for (const exporter of this.exporters) exporter.export(trace);
  }

  async close(): Promise<void> {
    await Promise.all(this.exporters.map((exporter) => exporter.close()));
  }
}

/** No query, no header values but the two that X-Ray has fields for, no body. */
function traceOf(x: Exchange): RequestSpan {
  const { api } = x.program.program;
  const elapsedMs = Math.max(0, x.program.clock.monotonic() - x.startedAt);
  const { root, parent, clientParent } = x.traceContext;
  return {
    traceId: root,
    id: parent,
    parentId: clientParent,
    api: api.name,
    apiId: api.apiId,
    account: api.account,
    stage: x.stage.name,
    isCanary: x.stage.isCanary,
    startMs: x.receivedAt,
    endMs: x.receivedAt + elapsedMs,
    method: x.method,
    host: x.host,
    path: x.rawPath,
    resource: (x.route as Exchange["route"] | undefined)?.resourcePath,
    clientIp: x.sourceIp,
    userAgent: x.header("user-agent"),
    status: x.status,
    bytes: x.transport.responseBytes,
    requestId: x.requestId,
    integration: integrationOf(x),
  };
}

function integrationOf({ integration, route, receivedAt, startedAt, program }: Exchange): IntegrationSpan | undefined {
  if (integration === undefined || integration.latencyMs < 0) return undefined;
  const startMs = receivedAt + (integration.startedAt - startedAt);
  const host = integration.origin?.replace(/^https?:\/\//, "");
  return {
    id: program.ids.hex(16),
    name: route.lambda?.functionName ?? route.aws?.service.signingName ?? host ?? "HTTP",
    host,
    isAws: route.lambda !== undefined || route.aws !== undefined,
    startMs,
    endMs: startMs + integration.latencyMs,
    status: integration.status,
    error: integration.error,
  };
}
