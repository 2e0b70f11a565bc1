import type { Redis } from "ioredis";
import { isStoredKey } from "../durable/key-log.js";
import { KeyMap } from "../key-map.js";
import type { KeyStore, StoredKey } from "../state.js";

/** How soon a change is known here when its message was lost, ms. */
const pollMs = 5000;

/** Keys in Redis, all of them held here too: looking one up never waits. A change is told to every node by a message. */
export class RedisKeys implements KeyStore {
  readonly #map = new KeyMap();
  readonly #timer: NodeJS.Timeout;
  #seen = "";

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    /** Tells all nodes, this one included, to call `refresh`. */
    private readonly tellAll: () => void,
  ) {
    this.#timer = setInterval(() => void this.refresh(), pollMs).unref();
  }

  get version(): number {
    return this.#map.version;
  }

  all(): readonly StoredKey[] {
    return this.#map.all();
  }

  async put(key: StoredKey): Promise<void> {
    await this.#change((change) => change.hset(`${this.prefix}keys`, key.id, JSON.stringify(key)));
  }

  async remove(id: string): Promise<void> {
    await this.#change((change) => change.hdel(`${this.prefix}keys`, id));
  }

  /** Reads the keys where they have changed. Where Redis is away, those that are known stay in force. */
  async refresh(): Promise<void> {
    try {
      const version = (await this.redis.get(`${this.prefix}keys:version`)) ?? "";
      if (version === this.#seen) return;
      const fields = await this.redis.hgetall(`${this.prefix}keys`);
      this.#map.replace(new Map(Object.values(fields).flatMap(parsedKey)));
      this.#seen = version;
    } catch {
      // The connection's own events tell of it.
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #change(make: (change: ReturnType<Redis["multi"]>) => unknown): Promise<void> {
    const change = this.redis.multi();
    make(change);
    change.incr(`${this.prefix}keys:version`);
    await change.exec();
    await this.refresh();
    this.tellAll();
  }
}

/** What stands in Redis is not trusted to be well formed. */
function parsedKey(text: string): readonly (readonly [string, StoredKey])[] {
  try {
    const key = JSON.parse(text) as unknown;
    return isStoredKey(key) ? [[key.id, key]] : [];
  } catch {
    return [];
  }
}
