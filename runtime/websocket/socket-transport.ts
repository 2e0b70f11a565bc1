import { Readable } from "node:stream";
import type { ClientWatcher, Exchange, ResponseSink, Transport } from "../http/exchange.js";
import { GatheringSink } from "../http/gathering-sink.js";
import type { ClientEnd } from "./connection.js";

/** The connection below an event of a WebSocket API, as steps see it: the message is there, the answer is gathered. */
export class SocketTransport implements Transport {
  /** Set as soon as the exchange exists. */
  exchange = undefined as unknown as Exchange;
  readonly responseBytes = 0;
  #gathered: GatheringSink | undefined = undefined;
  #watches: (() => void)[] | undefined = undefined;

  constructor(
    /** Bytes that an answer may have. */
    private readonly maxBytes: number,
    private readonly client: ClientEnd,
  ) {}

  /** A message is there before its route begins. */
  get hasBody(): boolean {
    const message = this.exchange.socket?.message;
    return message !== undefined && message.text !== "";
  }

  async readBody(): Promise<Buffer> {
    return this.exchange.body;
  }

  get requestStream(): Readable {
    return Readable.from([this.exchange.body]);
  }

  /** An integration that streams: its answer is kept up to the limit, and is the exchange's when it is complete. */
  startResponse(status: number, headers: readonly string[]): ResponseSink {
    const x = this.exchange;
    x.status = status;
    x.responseHeaders = [...headers];
    x.isStreaming = true;
    this.#gathered = new GatheringSink(this.maxBytes);
    return this.#gathered;
  }

  /** The whole of a streamed answer; undefined when nothing was streamed. Rejects when it was broken off or is too long. */
  get streamed(): Promise<Buffer> | undefined {
    return this.#gathered?.done;
  }

  get isClientGone(): boolean {
    return this.client.isGone;
  }

  get signal(): AbortSignal {
    const controller = new AbortController();
    this.onClientGone({ clientGone: () => controller.abort() });
    return controller.signal;
  }

  onClientGone(watcher: ClientWatcher): void {
    const { client } = this;
    if (client.isGone) process.nextTick(() => watcher.clientGone());
    else {
      this.#watches ??= [];
      this.#watches.push(client.watch(() => watcher.clientGone()));
    }
  }

  /** The event is over: nobody has to be told any more. */
  release(): void {
    if (this.#watches !== undefined) for (const end of this.#watches) end();
  }
}
