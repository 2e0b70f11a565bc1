import { createHash } from "node:crypto";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { RequestSpan, SpanExporter } from "./request-span.js";

/** Spans are sent together: after so long … */
const batchMs = 1000;
/** … or when they are so many. One batch is on its way at a time; beyond twice as many behind it they are dropped. */
const batchSize = 512;
const timeoutMs = 5000;

export interface OtlpOptions {
  /** `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** Flat record of more headers, as OTEL_EXPORTER_OTLP_HEADERS has them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** OTEL_SERVICE_NAME. Default: `gateway`. */
  readonly serviceName?: string | undefined;
}

/** Spans to an OpenTelemetry collector: OTLP over HTTP, as JSON. */
export class OtlpExporter implements SpanExporter {
  dropped = 0;
  #spans: object[] = [];
  #timer: NodeJS.Timeout | undefined = undefined;
  #sending: Promise<void> | undefined = undefined;

  /** @throws Error in words for people, for a URL that is none */
  constructor(private readonly options: OtlpOptions) {
    if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url)) {
      throw new Error(`not a URL of an OpenTelemetry collector: ${options.url} (http://host:4318)`);
    }
  }

  export(trace: RequestSpan): void {
    if (this.#spans.length >= 2 * batchSize) {
      this.dropped++;
      return;
    }
    this.#spans.push(...spansOf(trace));
    if (this.#spans.length >= batchSize) void this.#send();
    else this.#sendSoon();
  }

  async close(): Promise<void> {
    await this.#sending;
    await this.#send();
  }

  #sendSoon(): void {
    this.#timer ??= setTimeout(() => void this.#send(), batchMs).unref();
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#spans.length === 0) return;
    const spans = this.#spans;
    this.#spans = [];
    this.#sending = this.#post(spans).catch(() => {
      // Node refuses a header, such as one of OTEL_EXPORTER_OTLP_HEADERS.
      this.dropped += spans.length;
    });
    await this.#sending;
    this.#sending = undefined;
    if (this.#spans.length > 0) this.#sendSoon();
  }

  #post(spans: readonly object[]): Promise<void> {
    const { url, headers, serviceName = "gateway" } = this.options;
    const body = Buffer.from(JSON.stringify({ resourceSpans: [resourceSpansOf(spans, serviceName)] }), "utf8");
    const options: RequestOptions = {
      method: "POST",
      timeout: timeoutMs,
      headers: { ...headers, "Content-Type": "application/json", "Content-Length": body.length },
    };
    return new Promise((resolve) => {
      const failed = () => {
        this.dropped += spans.length;
        resolve();
      };
      const sent = (url.startsWith("https:") ? httpsRequest : httpRequest)(url, options, (response) => {
        response.resume();
        response.on("end", resolve);
        response.on("error", resolve);
        if ((response.statusCode ?? 500) >= 300) this.dropped += spans.length;
      });
      sent.on("timeout", () => sent.destroy());
      sent.on("error", failed);
      sent.end(body);
    });
  }
}

function resourceSpansOf(spans: readonly object[], serviceName: string): object {
  return {
    resource: {
      attributes: attributes({
        "service.name": serviceName,
        "cloud.provider": "aws",
        "cloud.platform": "aws_api_gateway",
      }),
    },
    scopeSpans: [{ scope: { name: "gatewayc" }, spans }],
  };
}

/** The request as a server span, the integration as a client span below it (OpenTelemetry semantic conventions, HTTP). */
function spansOf(trace: RequestSpan): readonly object[] {
  const traceId = traceIdOf(trace.traceId);
  const server = {
    traceId,
    spanId: trace.id,
    ...(trace.parentId !== undefined && { parentSpanId: trace.parentId }),
    name: `${trace.method} ${trace.resource ?? trace.path}`,
    kind: 2,
    startTimeUnixNano: nanoseconds(trace.startMs),
    endTimeUnixNano: nanoseconds(trace.endMs),
    attributes: attributes({
      "http.request.method": trace.method,
      "http.route": trace.resource,
      "url.path": trace.path,
      "server.address": trace.host,
      "client.address": trace.clientIp,
      "user_agent.original": trace.userAgent,
      "http.response.status_code": trace.status,
      "http.response.body.size": trace.bytes,
      "aws.request_id": trace.requestId,
      "aws.api_gateway.api": trace.api,
      "aws.api_gateway.stage": trace.stage,
      "aws.api_gateway.canary": trace.isCanary,
    }),
    status: { code: trace.status >= 500 ? 2 : 0 },
  };
  const { integration } = trace;
  if (integration === undefined) return [server];
  const client = {
    traceId,
    spanId: integration.id,
    parentSpanId: trace.id,
    name: integration.name,
    kind: 3,
    startTimeUnixNano: nanoseconds(integration.startMs),
    endTimeUnixNano: nanoseconds(integration.endMs),
    attributes: attributes({
      "server.address": integration.host,
      "http.response.status_code": integration.status,
      "error.type": integration.error,
    }),
    status: { code: integration.error !== undefined || (integration.status ?? 0) >= 500 ? 2 : 0 },
  };
  return [server, client];
}

/**
 * The sixteen bytes of an OpenTelemetry trace id. A client may send a Root of another form, which API Gateway hands on as it is: one
 * span without an id that is one would make a collector refuse all that are sent with it.
 */
function traceIdOf(root: string): string {
  const [, seconds, random] = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/.exec(root) ?? [];
  if (seconds !== undefined && random !== undefined) return seconds + random;
  return createHash("sha256").update(root).digest("hex").slice(0, 32);
}

function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

function attributes(values: Readonly<Record<string, string | number | boolean | undefined>>): readonly object[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "number" ? { intValue: String(value) } : { boolValue: value };
}
