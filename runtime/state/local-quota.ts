import { type CountRequest, grantOf } from "./leased/lease-store.js";
import { isBefore, isWithin, noPeriod, periodAt, type QuotaPeriod } from "./quota-period.js";
import type { Limit, QuotaRule } from "./state.js";

/** The counts of a quota: exact for this process, and the store of others' leases. */
export class LocalQuota implements Limit {
  readonly refusal = "QUOTA_EXCEEDED";
  #rule: QuotaRule;
  #period: QuotaPeriod = noPeriod;
  #used = 0;
  /** The period that was counted before this one: a wall clock that was set wrong and right again gives nobody a quota anew. */
  #last: QuotaPeriod & { readonly used: number } = { ...noPeriod, used: 0 };

  constructor(
    rule: QuotaRule,
    /** Told of every change, for durable counts. */
    private readonly onChange: () => void = () => undefined,
  ) {
    this.#rule = rule;
  }

  take(_monotonicMs: number, nowMs: number): boolean {
    if (!isWithin(this.#period, nowMs)) this.#begin(periodAt(nowMs, this.#rule));
    if (this.#used >= this.#rule.limit) return false;
    this.#used++;
    this.onChange();
    return true;
  }

  async wait(): Promise<boolean> {
    return false;
  }

  giveBack(): void {
    if (this.#used > 0) this.#used--;
    this.onChange();
  }

  /**
   * What another process has counted already (even past the limit), gives back and asks for. A period that is over counts
   * no more, unless the wall clock has been set back to it.
   *
   * @param nowMs  wall clock
   * @returns counts granted
   */
  lease({ startMs, endMs, limit, spent, needed, ahead }: CountRequest, nowMs: number): number {
    if (startMs < this.#period.startMs && !isBefore(this.#period, nowMs)) return 0;
    if (startMs !== this.#period.startMs) this.#begin({ startMs, endMs });
    this.#rule = { ...this.#rule, limit };
    this.#used = Math.max(0, this.#used + spent);
    const granted = grantOf(limit - this.#used, needed, ahead);
    this.#used += granted;
    if (spent !== 0 || granted !== 0) this.onChange();
    return granted;
  }

  /** Counts of the period as they were kept. */
  restore({ startMs, endMs, used }: QuotaPeriod & { readonly used: number }): void {
    if (startMs > this.#period.startMs) this.#begin({ startMs, endMs });
    if (startMs === this.#period.startMs) this.#used = Math.max(this.#used, used);
  }

  rule(rule: QuotaRule): void {
    const isOther = rule.period !== this.#rule.period || rule.offset !== this.#rule.offset;
    this.#rule = rule;
    if (!isOther) return;
    this.#begin(noPeriod);
    this.#last = { ...noPeriod, used: 0 };
  }

  get period(): QuotaPeriod {
    return this.#period;
  }

  get used(): number {
    return this.#used;
  }

  /** What is left of the period that a moment lies in. */
  remainingAt(nowMs: number): number {
    if (!isWithin(this.#period, nowMs)) this.#begin(periodAt(nowMs, this.#rule));
    return Math.max(0, this.remaining);
  }

  setRemaining(remaining: number, nowMs: number): void {
    if (!isWithin(this.#period, nowMs)) this.#begin(periodAt(nowMs, this.#rule));
    this.#used = Math.max(0, this.#rule.limit - remaining);
    this.onChange();
  }

  get remaining(): number {
    return this.#rule.limit - this.#used;
  }

  #begin(period: QuotaPeriod): void {
    const last = this.#last;
    this.#last = { ...this.#period, used: this.#used };
    this.#used = last.startMs === period.startMs ? last.used : 0;
    this.#period = period;
  }
}
