import { dayMs, dayOf } from "./quota-period.js";
import type { PlanClient, Usage, UsageDay, UsageRange } from "./state.js";
import { stateKey } from "./state.js";

/** Requests of one client on the day that is counted now; complete days are handed on. */
export class DayMeter implements Usage {
  #endMs = 0;
  #day = "";
  #requests = 0;

  constructor(
    readonly client: PlanClient,
    private readonly onChange: (meter: DayMeter) => void,
    private readonly onDayOver: (meter: DayMeter) => void,
  ) {}

  add(nowMs: number, count: number): void {
    if (nowMs >= this.#endMs) this.#begin(nowMs);
    this.#requests = Math.max(0, this.#requests + count);
    this.onChange(this);
  }

  /** What was counted of a day before. */
  restore(requests: number, nowMs: number): void {
    if (nowMs >= this.#endMs) this.#begin(nowMs);
    this.#requests = Math.max(this.#requests, requests);
  }

  get day(): string {
    return this.#day;
  }

  get requests(): number {
    return this.#requests;
  }

  #begin(nowMs: number): void {
    if (this.#requests > 0) this.onDayOver(this);
    this.#day = dayOf(nowMs);
    this.#endMs = (Math.floor(nowMs / dayMs) + 1) * dayMs;
    this.#requests = 0;
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
