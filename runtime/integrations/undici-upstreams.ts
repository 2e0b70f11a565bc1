import type { Readable } from "node:stream";
import type { Dispatcher, Pool } from "undici";
import type { UpstreamHandler, UpstreamOrigin, UpstreamRequest, Upstreams } from "./upstream.js";

/** At most so many connections to one origin; further requests wait in line until their time is over. */
const maxConnections = 256;
const connectTimeoutMs = 10_000;
/** Head of a backend's answer. */
const maxHeaderBytes = 32_768;

/** Loads the client when the first request needs it: a start does not have to pay for it. */
export async function openUpstreams(): Promise<Upstreams> {
  const { default: PoolClass } = await import("undici/lib/dispatcher/pool.js");
  return new UndiciUpstreams((origin, options) => new PoolClass(origin, options));
}

type OpenPool = (origin: string, options: Pool.Options) => Pool;

/** Pools of undici, one for each origin, without pipelining; routes have deadlines of their own. */
class UndiciUpstreams implements Upstreams {
  readonly #open: OpenPool;
  #pools = new Map<string, Pool>();

  constructor(open: OpenPool) {
    this.#open = open;
  }

  send(origin: UpstreamOrigin, request: UpstreamRequest, handler: UpstreamHandler): void {
    const { method, path, headers, body, bodyTimeoutMs } = request;
    try {
      this.#pool(origin).dispatch(
        {
          method: method as Dispatcher.HttpMethod,
          path,
          headers,
          // Iterables are taken too, though the type does not say so.
          body: body as Readable | Buffer | null,
          headersTimeout: 0,
          bodyTimeout: bodyTimeoutMs,
        },
        handler as Dispatcher.DispatchHandler,
      );
    } catch (error) {
      handler.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools = new Map();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  #pool({ origin, insecureSkipVerification }: UpstreamOrigin): Pool {
    const key = insecureSkipVerification ? `insecure ${origin}` : origin;
    const known = this.#pools.get(key);
    if (known) return known;
    const pool = this.#open(origin, {
      connections: maxConnections,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: maxHeaderBytes,
      connect: { timeout: connectTimeoutMs, rejectUnauthorized: !insecureSkipVerification },
    });
    this.#pools.set(key, pool);
    return pool;
  }
}
