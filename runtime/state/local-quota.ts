import { type CountRequest, grantOf } from "./leased/lease-store.js";
import { isWithin, periodAt, type QuotaPeriod } from "./quota-period.js";
import type { Limit, QuotaRule } from "./state.js";

const noPeriod: QuotaPeriod = { startMs: 0, endMs: 0 };

/** The counts of a quota: exact for this process, and the store of others' leases. */
export class LocalQuota implements Limit {
  readonly refusal = "QUOTA_EXCEEDED";
  #rule: QuotaRule;
  #period: QuotaPeriod = noPeriod;
  #used = 0;

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
   * no more.
   *
   * @returns counts granted
   */
  lease({ startMs, endMs, limit, spent, needed, ahead }: CountRequest): number {
    if (startMs < this.#period.startMs) return 0;
    if (startMs > this.#period.startMs) this.#begin({ startMs, endMs });
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
    if (isOther) this.#begin(noPeriod);
  }

  get period(): QuotaPeriod {
    return this.#period;
  }

  get used(): number {
    return this.#used;
  }

  get remaining(): number {
    return this.#rule.limit - this.#used;
  }

  #begin(period: QuotaPeriod): void {
    this.#period = period;
    this.#used = 0;
  }
}
