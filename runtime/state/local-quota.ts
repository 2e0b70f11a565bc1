import { periodAt, type QuotaPeriod } from "./quota-period.js";
import type { Quota, QuotaRule } from "./state.js";

/** A quota that nobody else counts on; exact. */
export class LocalQuota implements Quota {
  #rule: QuotaRule;
  #period: QuotaPeriod = { startMs: 0, endMs: 0 };
  #used = 0;

  constructor(
    rule: QuotaRule,
    /** Told of every change, for durable counts. */
    private readonly onChange: (quota: LocalQuota) => void = () => undefined,
  ) {
    this.#rule = rule;
  }

  take(nowMs: number): "taken" | "exhausted" {
    if (!isWithin(this.#period, nowMs)) this.#begin(nowMs);
    if (this.#used >= this.#rule.limit) return "exhausted";
    this.#used++;
    this.onChange(this);
    return "taken";
  }

  giveBack(): void {
    if (this.#used > 0) this.#used--;
    this.onChange(this);
  }

  /**
   * Counts what others have spent already, even past the limit; then grants as much as is left of what is wanted.
   *
   * @returns counts granted
   */
  lease(nowMs: number, spent: number, wanted: number): number {
    if (!isWithin(this.#period, nowMs)) this.#begin(nowMs);
    this.#used = Math.max(0, this.#used + spent);
    const granted = Math.max(0, Math.min(wanted, this.#rule.limit - this.#used));
    this.#used += granted;
    if (spent !== 0 || granted !== 0) this.onChange(this);
    return granted;
  }

  /** Counts of a period as they were kept; those of another period than the present one are of no account. */
  restore(startMs: number, used: number, nowMs: number): void {
    this.#begin(nowMs);
    if (startMs === this.#period.startMs) this.#used = Math.max(this.#used, used);
  }

  rule(rule: QuotaRule): void {
    const isOther = rule.period !== this.#rule.period || rule.offset !== this.#rule.offset;
    this.#rule = rule;
    if (isOther) this.#period = { startMs: 0, endMs: 0 };
  }

  get startMs(): number {
    return this.#period.startMs;
  }

  get used(): number {
    return this.#used;
  }

  get remaining(): number {
    return this.#rule.limit - this.#used;
  }

  /** A new period begins without counts. */
  #begin(nowMs: number): void {
    this.#period = periodAt(nowMs, this.#rule);
    this.#used = 0;
  }
}

/** A wall clock that is corrected a little at the start of a period does not bring the last one back. */
const slackMs = 3_600_000;

function isWithin({ startMs, endMs }: QuotaPeriod, nowMs: number): boolean {
  return nowMs < endMs && nowMs >= startMs - slackMs;
}
