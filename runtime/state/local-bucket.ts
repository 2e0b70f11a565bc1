import { grantOf, type LeaseWish } from "./leased/lease-store.js";
import type { Limit, TokenBucket } from "./state.js";

/** A token bucket that nobody else spends from; exact. */
export class LocalBucket implements Limit {
  readonly refusal = "THROTTLED";
  #rate: number;
  #burst: number;
  #tokens: number;
  /** Monotonic clock of the last refill; undefined until the first. */
  #refilledAt: number | undefined = undefined;

  constructor({ rate, burst }: TokenBucket, tokens = burst) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = tokens;
  }

  take(monotonicMs: number): boolean {
    this.#refill(monotonicMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  async wait(): Promise<boolean> {
    return false;
  }

  giveBack(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 1);
  }

  /**
   * What another process gives back and asks for. What its requests wait for is granted as far as it is there, what it
   * wants ahead of need up to half of the rest, so that the others get theirs.
   *
   * @returns tokens granted
   */
  lease(monotonicMs: number, { returned, needed, ahead }: LeaseWish): number {
    this.#refill(monotonicMs);
    this.#tokens = Math.max(0, Math.min(this.#burst, this.#tokens + returned));
    const granted = grantOf(Math.floor(this.#tokens), needed, ahead);
    this.#tokens -= granted;
    return granted;
  }

  /** After the last refill. */
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
