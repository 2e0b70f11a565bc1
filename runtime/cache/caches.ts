import type { State } from "../state/state.js";
import type { StageCacheEntry } from "./cache-entry.js";
import { SharedShelf } from "./shared-shelf.js";
import { StageCache } from "./stage-cache.js";

/** What processes tell each other; undefined members are those of another kind. */
interface CacheMessage {
  readonly from: string;
  readonly kind: "flush" | "replaced" | "authorizers";
  readonly api: string;
  /** Of `replaced`: the name of the cache. */
  readonly stage: string;
  readonly key?: string | undefined;
}

export interface CachesOptions {
  readonly state: Pick<State, "messages" | "registry" | "answers">;
  /** Another process was told to forget what authorizers have decided on a stage. */
  readonly onAuthorizersFlushed: (apiName: string, stage: string) => void;
}

const topic = "cache";

/** How soon a flush is known here when its message was lost, ms. */
const checkMs = 5000;

/**
 * The caches of all stages of a host, by API and stage; deployments come and go, these stay. Those of other processes and
 * nodes behave as one with them: what is flushed or replaced in one is forgotten by all.
 */
export class Caches {
  readonly #byStage = new Map<string, StageCache>();
  readonly #nodeId: string;
  readonly #stop: () => void;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: CachesOptions) {
    const { messages, registry, answers } = options.state;
    this.#nodeId = registry.nodeId;
    this.#stop = messages.subscribe(topic, (message) => this.#onMessage(parseMessage(message)));
    if (answers !== undefined) this.#timer = setInterval(() => this.#check(), checkMs).unref();
  }

  /** @param cacheName  the stage's, or its canary's own */
  of(apiId: string, cacheName: string, entry: StageCacheEntry): StageCache {
    const name = `${apiId}/${cacheName}`;
    let cache = this.#byStage.get(name);
    if (cache === undefined) {
      cache = new StageCache(entry, {
        shelfOf: (encrypted, onFlushed) => this.#shelfOf(name, encrypted, onFlushed),
        tellReplaced: (key) => this.#tell({ kind: "replaced", api: apiId, stage: cacheName, key }),
      });
      this.#byStage.set(name, cache);
    } else cache.configure(entry);
    return cache;
  }

  /** Forgets every answer of a stage and of its canary, in all processes; false when the stage has no cache. */
  flush(apiId: string, stage: string): boolean {
    const caches = [...this.#of(apiId, stage)];
    if (caches.length === 0) return false;
    for (const cache of caches) cache.flush();
    const shelves = caches.flatMap(({ shelf }) => (shelf === undefined ? [] : [shelf.flush()]));
    // Not before the shared answers are gone: whoever is told must not find them again.
    void Promise.all(shelves).then(() => this.#tell({ kind: "flush", api: apiId, stage }));
    return true;
  }

  /** Tells all other processes to forget what authorizers have decided. */
  tellAuthorizersFlushed(apiName: string, stage: string): void {
    this.#tell({ kind: "authorizers", api: apiName, stage });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stop();
  }

  *#of(apiId: string, stage: string): Generator<StageCache> {
    for (const [name, cache] of this.#byStage) {
      if (name === `${apiId}/${stage}` || name.startsWith(`${apiId}/${stage}/`)) yield cache;
    }
  }

  #shelfOf(name: string, encrypted: boolean, onFlushed: () => void): SharedShelf | undefined {
    const { answers } = this.options.state;
    return answers && new SharedShelf(answers, encrypted ? `${name}:sealed` : name, encrypted, onFlushed);
  }

  #tell(message: Omit<CacheMessage, "from">): void {
    this.options.state.messages.publish(topic, Buffer.from(JSON.stringify({ from: this.#nodeId, ...message })));
  }

  #onMessage(message: CacheMessage | undefined): void {
    if (message === undefined || message.from === this.#nodeId) return;
    const { kind, api, stage, key } = message;
    if (kind === "authorizers") this.options.onAuthorizersFlushed(api, stage);
    else if (kind === "flush") {
      for (const cache of this.#of(api, stage)) {
        cache.flush();
        cache.shelf?.forgetGeneration();
      }
    } else if (key !== undefined) this.#byStage.get(`${api}/${stage}`)?.forget(key);
  }

  #check(): void {
    for (const { shelf } of this.#byStage.values()) void shelf?.checkGeneration();
  }
}

/** What is no message of ours is dropped. */
function parseMessage(bytes: Buffer): CacheMessage | undefined {
  try {
    const message = JSON.parse(bytes.toString("utf8")) as Partial<CacheMessage> | null;
    const isOurs =
      [message?.from, message?.api, message?.stage].every((text) => typeof text === "string") &&
      ["flush", "replaced", "authorizers"].includes(message?.kind ?? "") &&
      ["string", "undefined"].includes(typeof message?.key);
    return isOurs ? (message as CacheMessage) : undefined;
  } catch {
    return undefined;
  }
}
