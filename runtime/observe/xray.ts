import { createSocket, type Socket } from "node:dgram";
import type { IntegrationSpan, RequestSpan, SpanExporter } from "./request-span.js";

/** Segments to X-Ray's daemon, one datagram each (aws-behaviour.md section 32; X-Ray developer guide, "Sending trace data"). */
export class XRayExporter implements SpanExporter {
  readonly #socket: Socket;

  constructor(private readonly daemon: { readonly host: string; readonly port: number }) {
    this.#socket = createSocket(daemon.host.includes(":") ? "udp6" : "udp4");
    this.#socket.unref();
    // A daemon that is not there is no affair of the requests'.
    this.#socket.on("error", () => undefined);
  }

  export(trace: RequestSpan): void {
    const { host, port } = this.daemon;
    const document = JSON.stringify(segmentOf(trace));
    if (document.length > maxDocument) return;
    this.#socket.send(`{"format":"json","version":1}\n${document}`, port, host, () => undefined);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}

const maxDocument = 60_000;

function segmentOf(trace: RequestSpan): object {
  return {
    trace_id: trace.traceId,
    id: trace.id,
    ...(trace.parentId !== undefined && { parent_id: trace.parentId }),
    name: `${trace.api}/${trace.stage}`.slice(0, 200),
    origin: "AWS::ApiGateway::Stage",
    start_time: trace.startMs / 1000,
    end_time: trace.endMs / 1000,
    http: {
      request: {
        method: trace.method,
        url: `https://${trace.host}${trace.path}`,
        client_ip: trace.clientIp,
        x_forwarded_for: true,
        ...(trace.userAgent !== undefined && { user_agent: trace.userAgent }),
      },
      response: { status: trace.status, content_length: trace.bytes },
    },
    ...flagsOf(trace.status),
    aws: {
      account_id: trace.account,
      api_gateway: {
        account_id: trace.account,
        rest_api_id: trace.apiId,
        stage: trace.stage,
        request_id: trace.requestId,
      },
    },
    annotations: { canary: trace.isCanary, ...(trace.resource !== undefined && { resource: trace.resource }) },
    ...(trace.integration !== undefined && { subsegments: [subsegmentOf(trace.integration)] }),
  };
}

function subsegmentOf({ id, name, isAws, startMs, endMs, status, error }: IntegrationSpan): object {
  return {
    id,
    name: name.slice(0, 200),
    namespace: isAws ? "aws" : "remote",
    start_time: startMs / 1000,
    end_time: endMs / 1000,
    ...(status !== undefined && { http: { response: { status } }, ...flagsOf(status) }),
    ...(error !== undefined && { fault: true }),
  };
}

function flagsOf(status: number): object {
  if (status >= 500) return { fault: true };
  if (status === 429) return { error: true, throttle: true };
  return status >= 400 ? { error: true } : {};
}
