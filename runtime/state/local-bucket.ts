import type { Bucket, TokenBucket } from "./state.js";

/** A token bucket that nobody else spends from; exact. */
export class LocalBucket implements Bucket {
  #rate: number;
  #burst: number;
  #tokens: number;
  /** Monotonic clock of the last refill; undefined until the first. */
  #refilledAt: number | undefined = undefined;

  constructor({ rate, burst }: TokenBucket) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
  }

  take(monotonicMs: number): boolean {
    this.#refill(monotonicMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  giveBack(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 1);
  }

  /**
   * Takes what others have spent already, whatever there is: the bucket may fall below zero. Then as much as is there of
   * what is wanted.
   *
   * @returns tokens granted
   */
  lease(monotonicMs: number, spent: number, wanted: number): number {
    this.#refill(monotonicMs);
    this.#tokens = Math.min(this.#burst, this.#tokens - spent);
    const granted = Math.max(0, Math.min(wanted, Math.floor(this.#tokens)));
    this.#tokens -= granted;
    return granted;
  }

  /** After the last refill; below zero where more was spent than there was. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Keeps what has been spent; a new capacity bounds what is left. */
  limit({ rate, burst }: TokenBucket): void {
    if (rate === this.#rate && burst === this.#burst) return;
    this.#tokens = Math.min(burst, this.#tokens + Math.max(0, burst - this.#burst));
    this.#rate = rate;
    this.#burst = burst;
  }

  #refill(monotonicMs: number): void {
    const elapsed = monotonicMs - (this.#refilledAt ?? monotonicMs);
    this.#refilledAt = monotonicMs;
    if (elapsed > 0) this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed * this.#rate) / 1000);
  }
}
