import { Readable } from "node:stream";
import type { Exchange, ResponseSink, Transport } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";
import { GatheringSink } from "./gathering-sink.js";

/** What steps ask of the connection, where there is none: the body is there, the answer is gathered. */
export class TestTransport implements Transport {
  /** Set as soon as the exchange exists. */
  exchange!: Exchange;
  readonly responseBytes = 0;
  readonly signal = new AbortController().signal;
  #gathered: GatheringSink | undefined = undefined;

  constructor(private readonly body: Buffer) {}

  readonly isClientGone = false;

  get hasBody(): boolean {
    return this.body.length > 0;
  }

  async readBody(maxBytes: number): Promise<Buffer> {
    if (this.body.length > maxBytes) throw new GatewayError("REQUEST_TOO_LARGE");
    return this.body;
  }

  get requestStream(): Readable {
    return Readable.from([this.body]);
  }

  startResponse(status: number, headers: readonly string[]): ResponseSink {
    const { exchange } = this;
    exchange.status = status;
    exchange.responseHeaders = [...headers];
    exchange.isStreaming = true;
    this.#gathered = new GatheringSink(exchange.program.limits.maxBodyBytes);
    return this.#gathered;
  }

  /** The whole of a streamed answer; undefined when nothing was streamed. */
  get streamed(): Promise<Buffer> | undefined {
    return this.#gathered?.done;
  }

  onClientGone(): void {
    // Nobody goes.
  }
}
