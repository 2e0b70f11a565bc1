import type { Redis } from "ioredis";
import type { Registry } from "../state.js";

/** An entry that its node does not renew is gone after this, ms. */
const lifeMs = 25_000;
const renewMs = 8_000;
/** Entries renewed with one round trip. */
const perBatch = 500;

/** Connections by id in Redis, each with the node that holds it. */
export class RedisRegistry implements Registry {
  readonly #ids = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly nodeId: string,
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {
    this.#timer = setInterval(() => void this.#renew(), renewMs).unref();
  }

  async add(id: string): Promise<void> {
    this.#ids.add(id);
    // Where Redis is away, the next renewal writes it.
    await this.redis.set(this.#key(id), this.nodeId, "PX", lifeMs).catch(() => undefined);
  }

  async remove(id: string): Promise<void> {
    this.#ids.delete(id);
    await this.redis.del(this.#key(id)).catch(() => undefined);
  }

  async find(id: string): Promise<string | undefined> {
    if (this.#ids.has(id)) return this.nodeId;
    return (await this.redis.get(this.#key(id)).catch(() => undefined)) ?? undefined;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const ids = [...this.#ids];
    this.#ids.clear();
    if (ids.length > 0 && this.redis.status === "ready") await this.redis.del(...ids.map((id) => this.#key(id)));
  }

  /** Written anew and not only renewed: Redis may have lost them. */
  async #renew(): Promise<void> {
    const ids = [...this.#ids];
    try {
      for (let at = 0; at < ids.length; at += perBatch) {
        const batch = this.redis.pipeline();
        for (const id of ids.slice(at, at + perBatch)) batch.set(this.#key(id), this.nodeId, "PX", lifeMs);
        await batch.exec();
      }
    } catch {
      // The next renewal writes them.
    }
  }

  #key(id: string): string {
    return `${this.prefix}connection:${id}`;
  }
}
