import type { IncomingMessage, ServerResponse } from "node:http";
import { type Readable, Transform } from "node:stream";
import type { Exchange, ResponseSink, Transport } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";
import { NodeSink } from "./node-sink.js";
import { readWhole } from "./request-body.js";
import { serviceHeaders } from "./respond.js";

/** One request and response of Node's, as steps may use them. */
export class NodeTransport implements Transport {
  /** Set as soon as the exchange exists. */
  exchange!: Exchange;
  #isBodyTaken = false;
  #abort: AbortController | undefined = undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** Announced bytes of the body; -1 when it comes in chunks. */
    readonly bodyBytes: number,
    private readonly expectsContinue: boolean,
  ) {}

  get hasBody(): boolean {
    return this.bodyBytes !== 0;
  }

  /** True when more of the body may come than is worth reading after an early answer. */
  get leavesMuchUnread(): boolean {
    return (this.bodyBytes > smallBodyBytes || this.bodyBytes === -1) && !this.request.complete;
  }

  readBody(maxBytes: number): Promise<Buffer> {
    this.#takeBody();
    return readWhole(this.request, maxBytes);
  }

  get requestStream(): Readable {
    this.#takeBody();
    if (this.bodyBytes !== -1) return this.request;
    const bounded = boundedBy(this.exchange.program.limits.maxBodyBytes);
    this.request.once("close", () => {
      if (!this.request.complete) bounded.destroy();
    });
    return this.request.pipe(bounded);
  }

  startResponse(status: number, headers: readonly string[]): ResponseSink {
    this.exchange.status = status;
    this.exchange.isStreaming = true;
    this.response.writeHead(status, serviceHeaders(this.exchange, headers.slice()));
    return new NodeSink(this.response, headers);
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

  #takeBody(): void {
    if (this.expectsContinue && !this.#isBodyTaken) this.response.writeContinue();
    this.#isBodyTaken = true;
  }
}

/** An early answer lets the client finish sending this much; beyond it the connection is closed. */
const smallBodyBytes = 65_536;

/** Passes bytes on and fails past the limit: a body in chunks has no announced length to check. */
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
