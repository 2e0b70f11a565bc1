import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline, type Readable, Transform } from "node:stream";
import { CompressingSink } from "./compressing-sink.js";
import { answerCoding, type Coding, compressor, decompress, decompressor, requestCoding } from "./compression.js";
import type { ClientWatcher, Exchange, ResponseSink, Transport } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";
import { announcedLength, NodeSink } from "./node-sink.js";
import { readWhole } from "./request-body.js";
import { serviceHeaders } from "./respond.js";

/** One request and response of Node's, as steps may use them. */
export class NodeTransport implements Transport {
  /** Set as soon as the exchange exists. */
  exchange!: Exchange;
  /** Node takes it off the request when a stream made of the body fails. */
  readonly socket: Socket;
  #isBodyTaken = false;
  #abort: AbortController | undefined = undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** Announced bytes of the body; -1 when it comes in chunks. */
    readonly bodyBytes: number,
    private readonly expectsContinue: boolean,
  ) {
    this.socket = request.socket;
  }

  get hasBody(): boolean {
    return this.bodyBytes !== 0;
  }

  /** True when more of the body may come than is worth reading after an early answer. */
  get leavesMuchUnread(): boolean {
    return (this.bodyBytes > smallBodyBytes || this.bodyBytes === -1) && !this.request.complete;
  }

  readBody(maxBytes: number): Promise<Buffer> {
    const coding = requestCoding(this.exchange);
    this.#takeBody();
    const whole = readWhole(this.request, maxBytes);
    return coding === undefined ? whole : whole.then((body) => decompress(body, coding, maxBytes));
  }

  get requestStream(): Readable {
    const coding = requestCoding(this.exchange);
    this.#takeBody();
    if (this.bodyBytes !== -1 && coding === undefined) return this.request;
    return boundedStream(this.request, coding, this.exchange.program.limits.maxBodyBytes);
  }

  startResponse(status: number, headers: readonly string[]): ResponseSink {
    const x = this.exchange;
    const length = announcedLength(headers);
    const coding = answerCoding(x, status, headers, length);
    const sent = serviceHeaders(x, headers.slice());
    if (coding !== undefined) sent.push("Content-Encoding", coding);
    else if (length !== undefined) sent.push("Content-Length", String(length));
    this.response.writeHead(status, sent);
    // Not before: where Node refuses a header, the failure can still be answered.
    x.status = status;
    x.isStreaming = true;
    this.socket.setTimeout(x.program.limits.inactivityTimeoutMs);
    return coding === undefined ? new NodeSink(this.response, length) : this.#compressed(coding);
  }

  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal;
    const controller = new AbortController();
    this.#abort = controller;
    const { response } = this;
    const onClose = () => {
      if (!response.writableFinished) controller.abort();
    };
    if (response.destroyed || response.closed) onClose();
    else response.once("close", onClose);
    return controller.signal;
  }

  onClientGone(watcher: ClientWatcher): void {
    const { response } = this;
    const onClose = () => {
      if (!response.writableFinished) watcher.clientGone();
    };
    if (response.destroyed || response.closed) process.nextTick(onClose);
    else response.once("close", onClose);
  }

  #compressed(coding: Coding): ResponseSink {
    return new CompressingSink(this.response, compressor(coding));
  }

  #takeBody(): void {
    if (this.expectsContinue && !this.#isBodyTaken) this.response.writeContinue();
    this.#isBodyTaken = true;
  }
}

/** An early answer lets the client finish sending this much; beyond it the connection is closed. */
const smallBodyBytes = 65_536;

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
