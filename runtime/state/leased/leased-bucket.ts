import type { Clock } from "../../clock.js";
import { LocalBucket } from "../local-bucket.js";
import type { Limit, TokenBucket } from "../state.js";
import type { LeasePump, TokenLeaser } from "./lease-pump.js";
import { type Grant, maxLeaseMs, type TokenRequest, tokenLease } from "./lease-store.js";
import { Demand, maxWaiters, Share, Waiters } from "./waiters.js";

/** What happens to limits while the store is away: all is let through, nothing is, or each process keeps them alone. */
export type OnFailure = "open" | "closed" | "local";

/** How soon a bucket that was found empty is asked about again, ms: tokens gather there in the meantime. */
const pollMs = 5;

/** A token bucket that other processes spend from too: requests take from a lease that is renewed ahead of need. */
export class LeasedBucket implements Limit, TokenLeaser {
  readonly refusal = "THROTTLED";
  #limit: TokenBucket;
  #lease = 0;
  #leaseUntil = 0;
  /** A lease that has shrunk to this is renewed. */
  #low = 0;
  #returned = 0;
  /** Admitted while an answer was late, and not yet told. */
  #spentLate = 0;
  #isAsking = false;
  /** What the store had left for all, and when it said so; undefined: nothing is known. */
  #left: number | undefined = undefined;
  #leftAt = 0;
  /** The bucket was found empty: until then requests are refused without asking. */
  #emptyUntil = Number.NEGATIVE_INFINITY;
  readonly #waiters = new Waiters();
  readonly #demand = new Demand();
  readonly #share = new Share();
  #alone: LocalBucket | undefined = undefined;

  constructor(
    private readonly key: string,
    limit: TokenBucket,
    private readonly pump: LeasePump,
    private readonly clock: Clock,
    private readonly onFailure: OnFailure,
  ) {
    this.#limit = limit;
  }

  limit(limit: TokenBucket): void {
    this.#limit = limit;
    this.#alone?.limit(limit);
  }

  take(monotonicMs: number): boolean | undefined {
    this.#demand.add(monotonicMs);
    if (this.#lease > 0 && monotonicMs < this.#leaseUntil && this.#maySpend()) {
      if (--this.#lease <= this.#low && !this.#isAsking && monotonicMs >= this.#emptyUntil) this.#ask();
      return true;
    }
    if (!this.pump.isAnswering) return this.#takeAlone(monotonicMs);
    if (monotonicMs < this.#emptyUntil || this.#waiters.count >= maxWaiters) return false;
    return undefined;
  }

  wait(): Promise<boolean> {
    const answer = this.#waiters.add();
    if (this.pump.isAnswering) this.#ask();
    else this.#answerAlone();
    return answer;
  }

  /** Closed, a store that does not answer closes at once, whatever is leased. */
  #maySpend(): boolean {
    return this.onFailure !== "closed" || this.pump.isAnswering;
  }

  giveBack(): void {
    if (this.#lease > 0) {
      this.#lease++;
      return;
    }
    this.#returned++;
    // There is one again: whoever comes next is to ask for it.
    this.#emptyUntil = Number.NEGATIVE_INFINITY;
    this.#ask();
  }

  #takeAlone(monotonicMs: number): boolean {
    switch (this.onFailure) {
      case "open":
        return true;
      case "closed":
        return false;
      case "local":
        return this.#takeLocally(monotonicMs);
    }
  }

  #takeLocally(monotonicMs: number): boolean {
    this.#alone ??= this.#bucketAlone(monotonicMs);
    const isTaken = this.#alone.take(monotonicMs);
    if (isTaken && this.pump.isUp) this.#spentLate++;
    return isTaken;
  }

  /**
   * Of a store that is away, the full limit. Of one that is only late the others are late too, and it may be back in a
   * moment: each process goes on with what it has been granted of late, and with an eighth of what was left for all.
   */
  #bucketAlone(monotonicMs: number): LocalBucket {
    const { rate, burst } = this.#limit;
    if (!this.pump.isUp || this.#left === undefined) {
      return new LocalBucket(this.#limit, this.#leftNow(monotonicMs, rate));
    }
    const share = Math.min(rate, Math.max(1, this.#share.inSecond(monotonicMs)));
    const left = this.#leftNow(monotonicMs, share);
    return new LocalBucket({ rate: share, burst }, Math.min(left, Math.max(1, share, left / 8)));
  }

  /** A bucket that was empty a moment ago is not full because the store has gone. */
  #leftNow(monotonicMs: number, rate: number): number {
    const { burst } = this.#limit;
    if (this.#left === undefined) return burst;
    return Math.min(burst, this.#left + ((monotonicMs - this.#leftAt) * rate) / 1000);
  }

  #answerAlone(): void {
    const now = this.clock.monotonic();
    this.#waiters.answer(this.#waiters.count, () => this.#takeAlone(now));
  }

  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.pump.askTokens(this);
  }

  request(): TokenRequest {
    const now = this.clock.monotonic();
    this.#endLeaseAt(now);
    const returned = this.#returned - this.#spentLate;
    this.#returned = 0;
    this.#spentLate = 0;
    const ahead = this.pump.isClosing ? 0 : Math.min(tokenLease(this.#limit), this.#demand.ahead(now)) - this.#lease;
    const { rate, burst } = this.#limit;
    return { key: this.key, rate, burst, returned, needed: this.#waiters.count, ahead: Math.max(0, ahead) };
  }

  granted({ granted, left }: Grant): void {
    const now = this.clock.monotonic();
    this.#isAsking = false;
    this.#alone = undefined;
    this.#left = left;
    this.#leftAt = now;
    if (granted > 0) {
      this.#share.add(now, granted);
      if (this.#lease === 0) this.#leaseUntil = now + maxLeaseMs;
      this.#lease += granted;
    }
    this.#waiters.answer(Math.min(this.#waiters.count, this.#lease), () => this.#lease-- > 0);
    this.#low = this.#lease >> 1;
    if (left < 1) this.#foundEmpty(now, left);
    if (this.#waiters.count > 0 || this.#returned !== this.#spentLate) this.#ask();
    else if (this.#lease === 0) this.pump.rest(this);
  }

  /** Whoever still waits is refused. Polls so often that the bucket does not overflow in between. */
  #foundEmpty(now: number, left: number): void {
    const { rate, burst } = this.#limit;
    if (this.#lease === 0) this.#waiters.answer(this.#waiters.count, () => false);
    const untilNextMs = rate > 0 ? ((1 - left) / rate) * 1000 : 1000;
    const untilFullMs = rate > 0 ? (burst / rate) * 500 : 1000;
    this.#emptyUntil = now + Math.min(1000, Math.max(untilNextMs, Math.min(pollMs, untilFullMs)));
  }

  late(): void {
    this.#answerAlone();
  }

  /** Tokens come back with time: what may be lost is not given back twice. */
  failed(): void {
    this.#isAsking = false;
    this.#answerAlone();
  }

  storeLost(): void {
    this.#returned += this.#lease;
    this.#lease = 0;
    this.#emptyUntil = Number.NEGATIVE_INFINITY;
    this.#alone = undefined;
    this.#spentLate = 0;
    this.#answerAlone();
  }

  sweep(monotonicMs: number): void {
    this.#endLeaseAt(monotonicMs);
    if (this.#returned !== this.#spentLate) this.#ask();
    else if (this.#lease === 0 && !this.#isAsking) this.pump.rest(this);
  }

  #endLeaseAt(monotonicMs: number): void {
    if (this.#lease === 0 || monotonicMs < this.#leaseUntil) return;
    this.#returned += this.#lease;
    this.#lease = 0;
  }
}
