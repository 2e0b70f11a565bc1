/**
 * A bounded map of values that end at a time. Two generations stand for the order of use: what is used moves to the young
 * one, and when that is full the old one is dropped as a whole. A hit costs one look-up, nothing is ever sorted, and both
 * the number of entries and the text of their keys are bounded.
 */
export class ExpiringMap<V> {
  #young = new Map<string, Entry<V>>();
  #old = new Map<string, Entry<V>>();
  #youngCharacters = 0;

  constructor(
    /** Entries that are kept for certain; at most twice as many are there. */
    private readonly most: number,
    /** The same for the characters of their keys, or of what stands for them. */
    private readonly mostCharacters: number,
  ) {}

  /** @param now  ms, by the clock that the ends of this map are told by */
  get(key: string, now: number): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) {
      if (young.endsAt > now) return young.value;
      this.#young.delete(key);
      return undefined;
    }
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    if (old.endsAt <= now) return undefined;
    this.#keep(key, old);
    return old.value;
  }

  /**
   * @param endsAt      ms: of the wall clock for moments that somebody else has set, of the monotonic one for durations
   * @param characters  that the entry holds, where they are not those of its key
   */
  set(key: string, value: V, endsAt: number, characters = key.length): void {
    if (this.#old.size > 0) this.#old.delete(key);
    this.#keep(key, { value, endsAt, characters });
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#youngCharacters = 0;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #keep(key: string, entry: Entry<V>): void {
    if (this.#young.size >= this.most || this.#youngCharacters + entry.characters > this.mostCharacters) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngCharacters = 0;
    }
    this.#young.set(key, entry);
    this.#youngCharacters += entry.characters;
  }
}

interface Entry<V> {
  readonly value: V;
  readonly endsAt: number;
  readonly characters: number;
}
