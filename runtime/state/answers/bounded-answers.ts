import { inTime } from "../in-time.js";
import type { AnswerBackend, AnswerStore, Look, PutAnswer } from "./answer-store.js";

export interface BoundedOptions {
  /** A look that takes longer is a miss, and the store counts as away. */
  readonly timeoutMs: number;
  /** How soon a store that was away is asked again, ms. */
  readonly retryMs: number;
  sealKey(): Buffer | undefined;
}

/** Bytes on their way to the store, at most: beyond, answers are not shared. */
const maxPendingBytes = 16 * 1024 * 1024;
/** Looks under way, at most: beyond, they are misses. */
const maxLooks = 1000;

/** An AnswerStore over a backend that may be slow, hang or be gone. */
export class BoundedAnswers implements AnswerStore {
  #isAway = false;
  #retryAt = 0;
  #pendingBytes = 0;
  #looks = 0;
  #isClosed = false;
  /** Shelves whose flush the store has not heard of yet: what stands there is not to be used. */
  readonly #flushing = new Map<string, number>();

  constructor(
    private readonly backend: AnswerBackend,
    private readonly options: BoundedOptions,
  ) {}

  get sealKey(): Buffer | undefined {
    return this.options.sealKey();
  }

  /** Whether it has failed since it last answered. */
  get isAway(): boolean {
    return this.#isAway;
  }

  async look(shelf: string, key: string, generation: string): Promise<Look | undefined> {
    if (this.#flushing.has(shelf) || this.#looks >= maxLooks || !this.#mayAsk()) return undefined;
    this.#looks++;
    try {
      const look = await inTime(this.backend.look(shelf, key, generation), this.options);
      this.#isAway = false;
      return look;
    } catch {
      this.#away();
      return undefined;
    } finally {
      this.#looks--;
    }
  }

  async put(shelf: string, key: string, answer: PutAnswer): Promise<boolean> {
    const bytes = answer.bytes.length;
    if (this.#isAway || this.#pendingBytes + bytes > maxPendingBytes) return true;
    this.#pendingBytes += bytes;
    try {
      return await this.backend.put(shelf, key, answer);
    } catch {
      this.#away();
      return true;
    } finally {
      this.#pendingBytes -= bytes;
    }
  }

  async drop(shelf: string, key: string, ticket: string): Promise<void> {
    if (!this.#isAway) await this.backend.drop(shelf, key, ticket).catch(() => this.#away());
  }

  async flush(shelf: string): Promise<string> {
    this.#flushing.set(shelf, (this.#flushing.get(shelf) ?? 0) + 1);
    try {
      for (;;) {
        const generation = await this.backend.flush(shelf).catch(() => undefined);
        if (generation !== undefined || this.#isClosed) return generation ?? "";
        await new Promise((resolve) => setTimeout(resolve, this.options.retryMs).unref());
      }
    } finally {
      const left = (this.#flushing.get(shelf) ?? 1) - 1;
      if (left === 0) this.#flushing.delete(shelf);
      else this.#flushing.set(shelf, left);
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  /** While the store is away, one look now and then finds out whether it is back. */
  #mayAsk(): boolean {
    if (!this.#isAway) return true;
    const now = performance.now();
    if (now < this.#retryAt) return false;
    this.#retryAt = now + this.options.retryMs;
    return true;
  }

  #away(): void {
    this.#isAway = true;
    this.#retryAt = performance.now() + this.options.retryMs;
  }
}
