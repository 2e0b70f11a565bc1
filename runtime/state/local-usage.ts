import { dayOf, isWithin, noPeriod, periodAt, type QuotaPeriod } from "./quota-period.js";
import type { PlanClient, Usage, UsageDay, UsageRange } from "./state.js";
import { stateKey } from "./state.js";

/** Where a meter's other days are kept. */
export interface OtherDays {
  /** The meter's day is over: it is to be kept. */
  over(): void;
  /** A day is counted from now on. @returns what was counted of it before, which is kept here no more */
  begins(day: string): number;
}

/** Requests of one client on the day that is counted now; the others are handed on. */
export class DayMeter implements Usage {
  #period: QuotaPeriod = noPeriod;
  #day = "";
  #requests = 0;

  constructor(
    readonly client: PlanClient,
    private readonly onChange: (meter: DayMeter) => void,
    private readonly otherDays: OtherDays,
  ) {}

  add(nowMs: number, count: number): void {
    if (!isWithin(this.#period, nowMs)) this.#begin(nowMs);
    this.#requests = Math.max(0, this.#requests + count);
    this.onChange(this);
  }

  /** What was counted of a day before. */
  restore(requests: number, nowMs: number): void {
    if (!isWithin(this.#period, nowMs)) this.#begin(nowMs);
    this.#requests = Math.max(this.#requests, requests);
  }

  get day(): string {
    return this.#day;
  }

  get requests(): number {
    return this.#requests;
  }

  #begin(nowMs: number): void {
    if (this.#requests > 0) this.otherDays.over();
    this.#day = dayOf(nowMs);
    this.#period = periodAt(nowMs, { period: "DAY", offset: 0 });
    this.#requests = this.otherDays.begins(this.#day);
  }
}

export function clientKey({ plan, keyId }: PlanClient): string {
  return stateKey(plan, keyId);
}

export function dayKey({ plan, keyId, day }: Pick<UsageDay, "plan" | "keyId" | "day">): string {
  return stateKey(plan, keyId, day);
}

export function isInRange(day: UsageDay, { from, to, plan, keyId }: UsageRange): boolean {
  return (
    day.day >= from &&
    day.day <= to &&
    (plan === undefined || day.plan === plan) &&
    (keyId === undefined || day.keyId === keyId)
  );
}

/** By plan, key and day. */
export function sortedUsage(days: readonly UsageDay[]): readonly UsageDay[] {
  return [...days].sort((a, b) => order(a.plan, b.plan) || order(a.keyId, b.keyId) || order(a.day, b.day));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
