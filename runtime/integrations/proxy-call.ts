import process from "node:process";
import type { Exchange, ResponseSink } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { BodyCutOff } from "../http/request-body.js";
import { integrationBegins, integrationEnds } from "../observe/integration-call.js";
import { DecodingSink, decoderOf } from "./content-coding.js";
import { type Deadline, untimed } from "./deadlines.js";
import { integrationTimeout, networkFailure } from "./failures.js";
import type { HttpEndpoint } from "./http-endpoint.js";
import { mappedHead, type ProxyHead, readHead } from "./proxy-response.js";
import { describeUpstreamError, type UpstreamHandler } from "./upstream.js";

/**
 * One request to a backend whose answer goes straight to the client. An answer that comes whole with its head is
 * written at once, as one; any other is streamed. Failures before the head become gateway responses, later ones cut
 * the client's connection, so that it never takes a part for the whole.
 */
export class ProxyCall implements Deadline, UpstreamHandler {
  dueAt = untimed;
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;
  #isOver = false;
  #abort: ((reason?: Error) => void) | undefined = undefined;
  #resume: () => void = nothing;
  #head: ProxyHead | undefined = undefined;
  /** First bytes of the body, kept for as long as they may be all. */
  #held: Buffer | undefined = undefined;
  #sink: ResponseSink | undefined = undefined;

  constructor(
    private readonly x: Exchange,
    private readonly endpoint: HttpEndpoint,
    private readonly resolve: (isAnswered: boolean) => void,
    private readonly reject: (failure: unknown) => void,
  ) {}

  /** Begins to count the time, and to watch the client. */
  start(): void {
    this.endpoint.deadlines.add(this);
    integrationBegins(this.x, this.endpoint.origin);
    this.x.transport.onClientGone(this);
  }

  /** Nobody is left to answer. */
  clientGone(): void {
    this.#fail(new BodyCutOff());
  }

  expire(): void {
    this.#fail(integrationTimeout(this.endpoint.deadlines.durationMs));
  }

  onConnect(abort: (reason?: Error) => void): void {
    if (this.#isOver) abort();
    else this.#abort = abort;
  }

  onHeaders(status: number, raw: readonly Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    this.endpoint.deadlines.remove(this);
    integrationEnds(this.x, status);
    const { responses } = this.endpoint.target;
    const head = readHead(this.x, status, raw);
    this.#head = responses.length === 0 ? head : mappedHead(this.x, head, responses);
    this.#resume = resume;
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#sink !== undefined) return this.#write(this.#sink, chunk);
    if (this.#held !== undefined) return this.#write(this.#stream(), chunk);
    const { contentLength, contentEncoding } = this.#head as ProxyHead;
    this.#held = chunk;
    if (contentEncoding === "") {
      if (contentLength === chunk.length) return true;
      // Without a length the end often comes with the first bytes: both are told of before the next tick.
      if (contentLength === -1) {
        process.nextTick(flushHeld, this);
        return true;
      }
    }
    this.#stream();
    return !this.#isWaiting;
  }

  onComplete(): void {
    if (!this.#end()) return;
    const head = this.#head as ProxyHead;
    if (this.x.method === "HEAD" && head.contentLength !== -1) this.#stream();
    if (this.#sink !== undefined) this.#sink.end();
    else this.x.answer(head.status, head.headers, this.#held ?? noBody);
    this.resolve(true);
  }

  onError(error: Error): void {
    this.#fail(error instanceof GatewayError ? error : networkFailure(describeUpstreamError(error)));
  }

  /** Streams what is held, unless it was all. */
  flush(): void {
    if (this.#isOver || this.#held === undefined) return;
    try {
      this.#stream();
    } catch (error) {
      // A head that cannot be sent, such as one with status 600. Nobody above would catch it.
      this.#fail(error as Error);
    }
  }

  /** Whether the client has to take what it was sent before it gets more. */
  #isWaiting = false;

  /** Sends the head, and the bytes that were held. */
  #stream(): ResponseSink {
    const { status, headers, contentLength, contentEncoding } = this.#head as ProxyHead;
    const held = this.#held;
    const decoder = contentEncoding === "" || held === undefined ? undefined : decoderOf(contentEncoding, held);
    if (contentLength !== -1 && decoder === undefined) headers.push("Content-Length", String(contentLength));
    const raw = this.x.transport.startResponse(status, headers);
    this.#sink = decoder ? new DecodingSink(raw, decoder) : raw;
    this.#held = undefined;
    if (held !== undefined) this.#write(this.#sink, held);
    return this.#sink;
  }

  #write(sink: ResponseSink, chunk: Buffer): boolean {
    this.#isWaiting = !sink.write(chunk);
    if (this.#isWaiting) sink.onDrain(this.#resume);
    return !this.#isWaiting;
  }

  #fail(failure: Error): void {
    if (!this.#end()) return;
    integrationEnds(this.x, undefined, failure.message);
    this.#abort?.();
    this.#sink?.abort();
    this.reject(failure);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.endpoint.deadlines.remove(this);
    return true;
  }
}

function flushHeld(call: ProxyCall): void {
  call.flush();
}

function nothing(): void {}

const noBody = Buffer.alloc(0);
