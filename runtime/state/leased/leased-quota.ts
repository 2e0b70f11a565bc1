import type { Clock } from "../../clock.js";
import { isWithin, periodAt, type QuotaPeriod } from "../quota-period.js";
import type { Limit, QuotaRule } from "../state.js";
import type { CountLeaser, LeasePump } from "./lease-pump.js";
import { type CountRequest, countLease, type Grant, maxLeaseMs } from "./lease-store.js";
import type { OnFailure } from "./leased-bucket.js";
import { Demand, maxWaiters, Waiters } from "./waiters.js";

/** A quota that was found used up is asked about again after so long: its limit may have been raised. */
const exhaustedMs = 1000;

/** A quota that other processes count on too; as `LeasedBucket`, with counts that do not come back. */
export class LeasedQuota implements Limit, CountLeaser {
  #rule: QuotaRule;
  #period: QuotaPeriod = { startMs: 0, endMs: 0 };
  /** Start of the period that the request on its way is about. */
  #askedOf = 0;
  #lease = 0;
  #leaseUntil = 0;
  #low = 0;
  /** Counted while the store was away; negative: to be given back. */
  #spent = 0;
  #reported = 0;
  #isAsking = false;
  /** Counts that the store had left for all; undefined: not known. */
  #left: number | undefined = undefined;
  #emptyUntil = Number.NEGATIVE_INFINITY;
  readonly #waiters = new Waiters();
  readonly #demand = new Demand();

  constructor(
    private readonly key: string,
    rule: QuotaRule,
    private readonly pump: LeasePump,
    private readonly clock: Clock,
    private readonly onFailure: OnFailure,
  ) {
    this.#rule = rule;
  }

  /** Whoever is refused because nobody can count is not told that the quota is used up. */
  get refusal(): "QUOTA_EXCEEDED" | "THROTTLED" {
    return this.onFailure === "closed" && !this.pump.isAnswering ? "THROTTLED" : "QUOTA_EXCEEDED";
  }

  rule(rule: QuotaRule): void {
    if (rule.period !== this.#rule.period || rule.offset !== this.#rule.offset) this.#period = { startMs: 0, endMs: 0 };
    this.#rule = rule;
    this.#emptyUntil = Number.NEGATIVE_INFINITY;
  }

  take(monotonicMs: number, nowMs: number): boolean | undefined {
    if (!isWithin(this.#period, nowMs)) this.#begin(nowMs);
    this.#demand.add(monotonicMs);
    if (this.#lease > 0 && (this.onFailure !== "closed" || this.pump.isAnswering)) {
      if (--this.#lease <= this.#low && !this.#isAsking && monotonicMs >= this.#emptyUntil) this.#ask();
      return true;
    }
    if (!this.pump.isAnswering) return this.#takeAlone();
    if (monotonicMs < this.#emptyUntil || this.#waiters.count >= maxWaiters) return false;
    return undefined;
  }

  wait(): Promise<boolean> {
    const answer = this.#waiters.add();
    if (this.pump.isAnswering) this.#ask();
    else this.#answerAlone();
    return answer;
  }

  giveBack(): void {
    if (this.#lease > 0) {
      this.#lease++;
      return;
    }
    this.#spent--;
    this.#ask();
  }

  /** What is counted now is reported when the store is back. */
  #takeAlone(): boolean {
    if (this.onFailure === "closed") return false;
    if (this.onFailure === "local" && (this.#left ?? this.#rule.limit) <= this.#spent) return false;
    this.#spent++;
    this.#ask();
    return true;
  }

  #answerAlone(): void {
    this.#waiters.answer(this.#waiters.count, () => this.#takeAlone());
  }

  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.pump.askCounts(this);
  }

  request(): CountRequest {
    const now = this.clock.monotonic();
    this.#endLeaseAt(now);
    this.#reported = this.#spent;
    this.#spent = 0;
    const { startMs, endMs } = this.#period;
    this.#askedOf = startMs;
    const { limit } = this.#rule;
    const wanted = this.pump.isClosing ? 0 : Math.min(countLease(limit), this.#demand.ahead(now));
    const ahead = Math.max(0, wanted - this.#lease);
    return { key: this.key, limit, startMs, endMs, spent: this.#reported, needed: this.#waiters.count, ahead };
  }

  granted({ granted, left }: Grant): void {
    const now = this.clock.monotonic();
    this.#isAsking = false;
    this.#reported = 0;
    if (this.#askedOf === this.#period.startMs) this.#adopt(granted, left, now);
    if (this.#waiters.count > 0 || this.#spent !== 0) this.#ask();
    else if (this.#lease === 0) this.pump.rest(this);
  }

  #adopt(granted: number, left: number, now: number): void {
    this.#left = left;
    if (granted > 0) {
      if (this.#lease === 0) this.#leaseUntil = now + maxLeaseMs;
      this.#lease += granted;
    }
    this.#waiters.answer(Math.min(this.#waiters.count, this.#lease), () => this.#lease-- > 0);
    this.#low = this.#lease >> 1;
    if (left >= 1) return;
    if (this.#lease === 0) this.#waiters.answer(this.#waiters.count, () => false);
    this.#emptyUntil = now + exhaustedMs;
  }

  late(): void {
    this.#answerAlone();
  }

  /** No count may be lost: what may have been counted is reported again. */
  failed(): void {
    this.#isAsking = false;
    if (this.#askedOf === this.#period.startMs) this.#spent += this.#reported;
    this.#reported = 0;
    this.#answerAlone();
  }

  storeLost(): void {
    this.#spent -= this.#lease;
    this.#lease = 0;
    this.#answerAlone();
  }

  sweep(monotonicMs: number): void {
    this.#endLeaseAt(monotonicMs);
    if (this.#spent !== 0) this.#ask();
    else if (this.#lease === 0 && !this.#isAsking) this.pump.rest(this);
  }

  #endLeaseAt(monotonicMs: number): void {
    if (this.#lease === 0 || monotonicMs < this.#leaseUntil) return;
    this.#spent -= this.#lease;
    this.#lease = 0;
  }

  /** What was not reported of the period that is over is of no account any more. */
  #begin(nowMs: number): void {
    this.#period = periodAt(nowMs, this.#rule);
    this.#lease = 0;
    this.#spent = 0;
    this.#left = undefined;
    this.#emptyUntil = Number.NEGATIVE_INFINITY;
  }
}
