import { request as httpRequest, type RequestOptions } from "node:http";
import type { Server, Socket } from "node:net";
import { Duplex } from "node:stream";

export interface InjectedRequest {
  /** Default GET. */
  readonly method?: string;
  /** Path and query, with the stage. */
  readonly path: string;
  /** Flat list, sent in this order and spelling; Host is added when it is missing. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
}

export interface InjectedResponse {
  readonly status: number;
  /** Flat list, as received. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Sends one request over a connection in memory: parser, gate, route and writer are the real ones. */
export function inject(server: Server, request: InjectedRequest): Promise<InjectedResponse> {
  const [near, far] = connectedPair();
  server.emit("connection", far);
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: request.method ?? "GET",
      path: request.path,
      headers: headersOf(request, body),
      createConnection: () => near as Socket,
    };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        near.destroy();
        far.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.rawHeaders, body: Buffer.concat(chunks) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function headersOf({ headers = [] }: InjectedRequest, body: Buffer | undefined): readonly string[] {
  const names = new Set(headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()));
  const added: string[] = [];
  if (!names.has("host")) added.push("Host", "localhost");
  if (body && !names.has("content-length") && !names.has("transfer-encoding")) {
    added.push("Content-Length", String(body.length));
  }
  return [...added, ...headers];
}

/** Two ends of one connection in memory. */
function connectedPair(): readonly [Duplex, Duplex] {
  const ends: [MemorySocket, MemorySocket] = [new MemorySocket(), new MemorySocket()];
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return ends;
}

class MemorySocket extends Duplex {
  peer!: MemorySocket;
  readonly remoteAddress = "127.0.0.1";
  #resume: (() => void) | undefined;

  override _read(): void {
    const resume = this.peer.#resume;
    this.peer.#resume = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.peer.push(chunk)) done();
    else this.#resume = done;
  }

  override _final(done: () => void): void {
    this.peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.peer.destroyed) process.nextTick(() => this.peer.destroy());
    done(error);
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
