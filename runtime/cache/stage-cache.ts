import { answerPieces, parseAnswer } from "./answer-bytes.js";
import type { StageCacheEntry } from "./cache-entry.js";
import { Sealer } from "./sealed.js";
import type { SharedShelf } from "./shared-shelf.js";
import { bytesOf, type StoredAnswer } from "./stored-answer.js";

/** What an entry costs beside its answer: the key's record, the entry, its place in the map. */
const overheadBytes = 200;

const maxSpareVaries = 1000;

export interface Entry {
  readonly answer: StoredAnswer | Buffer;
  readonly bytes: number;
  /** Reading of the monotonic clock, ms. */
  readonly expiresAt: number;
}

/** What ties a stage's cache to those of other processes. */
export interface CacheLinks {
  /** Answers that processes share; undefined: there is nobody to share them with. */
  shelfOf(encrypted: boolean, onFlushed: () => void): SharedShelf | undefined;
  /** Tells the other processes that what they hold under a key is not the latest any more. */
  tellReplaced(key: string): void;
}

/**
 * The cache of one stage in this process: the answers used last, as many as its size allows. It outlives deployments, as
 * on AWS, and ends with the process. `shelf` is what it shares with other processes.
 */
export class StageCache {
  /** The oldest use first. */
  readonly #entries = new Map<string, Entry>();
  /** Names of headers that the answers to a request vary by, by the request's own key. */
  readonly varies = new Map<string, readonly string[]>();
  /** Answers on their way by key: who asks for the same meanwhile waits for them. */
  readonly underWay = new Map<string, Promise<Outcome>>();
  #bytes = 0;
  #maxBytes: number;
  #sealer: Sealer | undefined;
  #shelf: SharedShelf | undefined;
  /** Grows with every flush: an answer that was asked for before one is not kept after it. */
  generation = 0;

  constructor(
    { maxBytes, encrypted }: StageCacheEntry,
    private readonly links: CacheLinks,
  ) {
    this.#maxBytes = maxBytes;
    this.#sealer = encrypted ? new Sealer() : undefined;
    this.#shelf = links.shelfOf(encrypted, () => this.flush());
  }

  /** A change of size or encryption empties the cache, as on AWS. */
  configure({ maxBytes, encrypted }: StageCacheEntry): void {
    if (maxBytes === this.#maxBytes && encrypted === (this.#sealer !== undefined)) return;
    this.flush();
    this.#maxBytes = maxBytes;
    this.#sealer = encrypted ? new Sealer() : undefined;
    this.#shelf = this.links.shelfOf(encrypted, () => this.flush());
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  get shelf(): SharedShelf | undefined {
    return this.#shelf;
  }

  get(key: string, now: number): StoredAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt <= now) {
      this.#remove(key, entry);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return Buffer.isBuffer(entry.answer) ? this.#opened(entry.answer, key) : entry.answer;
  }

  /** @returns what `deleteEntry` takes; undefined when it is too large */
  put(key: string, answer: StoredAnswer, expiresAt: number): Entry | undefined {
    const kept = this.#sealer === undefined ? answer : this.#sealer.seal(answerPieces(answer), key);
    const bytes = (Buffer.isBuffer(kept) ? kept.length : bytesOf(kept)) + key.length * 2 + overheadBytes;
    const known = this.#entries.get(key);
    if (known !== undefined) this.#remove(key, known);
    if (bytes > this.#maxBytes) return undefined;
    const entry = { answer: kept, bytes, expiresAt };
    this.#entries.set(key, entry);
    this.#bytes += bytes;
    for (const [oldest, first] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest, first);
    }
    return entry;
  }

  /** Bounded like the answers, roughly: it is forgotten whole when it has grown past what they could need. */
  rememberVary(key: string, names: readonly string[]): void {
    if (this.varies.size > this.#entries.size + maxSpareVaries) this.varies.clear();
    this.varies.set(key, names);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#remove(key, entry);
  }

  /** Forgets what was put there, unless something else has taken its place. */
  deleteEntry(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#remove(key, entry);
  }

  /** Another process has a later answer: neither what is kept here nor what is on its way is to be kept. */
  forget(key: string): void {
    this.delete(key);
    this.underWay.delete(key);
  }

  tellReplaced(key: string): void {
    this.links.tellReplaced(key);
  }

  flush(): void {
    this.#entries.clear();
    this.varies.clear();
    this.underWay.clear();
    this.#bytes = 0;
    this.generation++;
  }

  #opened(sealed: Buffer, key: string): StoredAnswer | undefined {
    const kept = this.#sealer && parseAnswer(this.#sealer.open(sealed, key));
    return kept === undefined || "varies" in kept ? undefined : kept;
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** What becomes of an answer that others wait for: kept for them, not kept, or to be asked for again by one of them. */
export type Outcome = StoredAnswer | "not kept" | "again";
