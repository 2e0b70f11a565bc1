import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { BodyCutOff } from "../http/request-body.js";
import { integrationBegins, integrationEnds } from "../observe/integration-call.js";
import type { Trace } from "../observe/trace.js";
import { type Deadline, untimed } from "./deadlines.js";
import { integrationTimeout, networkFailure } from "./failures.js";
import type { HttpEndpoint } from "./http-endpoint.js";
import { describeUpstreamError, type UpstreamHandler, type UpstreamRequest, type Upstreams } from "./upstream.js";

/** Where a call goes, and how long it may take. */
export type CallPlace = Pick<HttpEndpoint, "origin" | "insecureSkipVerification" | "deadlines">;

/** A whole answer, with its headers as received and as bytes. */
interface CollectedAnswer extends BackendAnswer {
  readonly rawHeaders: readonly Buffer[];
}

/**
 * Sends a request and waits for the whole answer, within the route's time-out and the gateway's limit of a payload.
 *
 * @throws GatewayError INTEGRATION_TIMEOUT, or INTEGRATION_FAILURE for network errors and answers past the limit (6.6)
 */
export function collect(
  x: Exchange,
  endpoint: CallPlace,
  upstreams: Upstreams,
  request: UpstreamRequest,
): Promise<CollectedAnswer> {
  const { trace } = x;
  if (trace !== undefined) noteRequest(trace, endpoint, request);
  return new Promise((resolve, reject) => {
    const call = new BufferedCall(x, endpoint, trace === undefined ? resolve : noted(trace, resolve), reject);
    call.start();
    upstreams.send(endpoint, request, call);
  });
}

function noteRequest(trace: Trace, { origin }: CallPlace, { method, path, headers, body }: UpstreamRequest): void {
  const [before = "", query] = path.split("?");
  const url = `${origin}${before}${query === undefined ? "" : `?${trace.query(query)}`}`;
  const shown = body === null || Buffer.isBuffer(body) ? trace.body(body) : "(a stream)";
  trace.note("integration request", { method, url, headers: trace.headers(headers), body: shown });
}

function noted(trace: Trace, resolve: (answer: CollectedAnswer) => void): (answer: CollectedAnswer) => void {
  return (answer) => {
    const { status, headers, body } = answer;
    trace.note("integration response", { status, headers: trace.headers(headers), body: trace.body(body) });
    resolve(answer);
  };
}

class BufferedCall implements Deadline, UpstreamHandler {
  dueAt = untimed;
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;
  #isOver = false;
  #abort: (() => void) | undefined = undefined;
  #status = 0;
  #headers: readonly Buffer[] = [];
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    private readonly x: Exchange,
    private readonly endpoint: CallPlace,
    private readonly resolve: (answer: CollectedAnswer) => void,
    private readonly reject: (failure: unknown) => void,
  ) {}

  start(): void {
    this.endpoint.deadlines.add(this);
    integrationBegins(this.x, this.endpoint.origin);
    this.x.transport.onClientGone(this);
  }

  clientGone(): void {
    this.#fail(new BodyCutOff());
  }

  expire(): void {
    this.#fail(integrationTimeout(this.endpoint.deadlines.durationMs));
  }

  onConnect(abort: () => void): void {
    if (this.#isOver) abort();
    else this.#abort = abort;
  }

  onHeaders(status: number, raw: readonly Buffer[]): boolean {
    if (status < 200) return true;
    this.#status = status;
    this.#headers = raw;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.x.program.limits.maxBodyBytes) this.#fail(networkFailure("the answer is too large"));
    else this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#end()) {
      integrationEnds(this.x, this.#status);
      const headers = this.#headers.map((text) => text.toString("latin1"));
      this.resolve({ status: this.#status, headers, rawHeaders: this.#headers, body: Buffer.concat(this.#chunks) });
    }
  }

  onError(error: Error): void {
    this.#fail(networkFailure(describeUpstreamError(error)));
  }

  #fail(failure: Error): void {
    if (!this.#end()) return;
    integrationEnds(this.x, undefined, failure.message);
    this.#abort?.();
    this.reject(failure);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.endpoint.deadlines.remove(this);
    return true;
  }
}
