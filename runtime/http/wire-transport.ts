import { pipeline, type Readable, Transform } from "node:stream";
import { announcedLength } from "./announced-length.js";
import { CompressingSink } from "./compressing-sink.js";
import { answerCoding, type Coding, compressor, decompress, decompressor, requestCoding } from "./compression.js";
import type { ClientWatcher, Exchange, ResponseSink, Transport } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";
import { StreamedBody, WholeBody } from "./request-body.js";
import { serviceHeaders } from "./respond.js";
import type { WireRequest } from "./wire/wire-request.js";

/** What steps may ask of the connection, over the host's request. */
export class WireTransport implements Transport {
  /** Set as soon as the exchange exists. */
  exchange = undefined as unknown as Exchange;
  #abort: AbortController | undefined = undefined;

  constructor(readonly wire: WireRequest) {}

  get responseBytes(): number {
    return this.wire.bodyBytesSent;
  }

  get isClientGone(): boolean {
    return this.wire.isGone;
  }

  get hasBody(): boolean {
    return this.wire.head.bodyBytes !== 0;
  }

  readBody(maxBytes: number): Promise<Buffer> {
    const coding = requestCoding(this.exchange);
    const whole = new Promise<Buffer>((resolve, reject) => {
      this.wire.takeBody(new WholeBody(maxBytes, resolve, reject));
    });
    if (coding === undefined) return whole;
    return whole.then((body) => {
      this.exchange.sentBody = body;
      return decompress(body, coding, maxBytes);
    });
  }

  get requestStream(): Readable {
    const coding = requestCoding(this.exchange);
    const body = new StreamedBody(() => this.wire.resumeBody());
    this.wire.takeBody(body);
    if (this.wire.head.bodyBytes !== -1 && coding === undefined) return body.stream;
    return boundedStream(body.stream, coding, this.exchange.program.limits.maxBodyBytes);
  }

  startResponse(status: number, headers: readonly string[]): ResponseSink {
    const x = this.exchange;
    const length = announcedLength(headers);
    const coding = answerCoding(x, status, headers, length);
    const sent = serviceHeaders(x, headers.slice());
    if (coding !== undefined) sent.push("Content-Encoding", coding);
    else if (length !== undefined) sent.push("Content-Length", String(length));
    const sink = this.wire.begin(status, sent, coding === undefined ? length : undefined);
    // Not before: where HTTP does not allow a header, the failure can still be answered.
    x.status = status;
    x.isStreaming = true;
    return coding === undefined ? sink : new CompressingSink(sink, compressor(coding));
  }

  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal;
    const controller = new AbortController();
    this.#abort = controller;
    this.wire.onGone(() => controller.abort());
    return controller.signal;
  }

  onClientGone(watcher: ClientWatcher): void {
    this.wire.onGone(() => watcher.clientGone());
  }
}

/** A body without announced length, or one that grows when it is decompressed, fails past the limit. */
function boundedStream(request: Readable, coding: Coding | undefined, maxBytes: number): Readable {
  const bounded = boundedBy(maxBytes);
  const ignore = () => undefined;
  if (coding === undefined) return pipeline(request, bounded, ignore);
  return pipeline(request, decompressor(coding), bounded, ignore);
}

function boundedBy(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new GatewayError("REQUEST_TOO_LARGE"));
      else done(null, chunk);
    },
  });
}
