import { dayMs, dayOf, periodAt } from "../state/quota-period.js";
import type { QuotaRule, UsageDay, UsageRange } from "../state/state.js";

/** One day of one client, as API Gateway's GetUsage counts it. */
export interface UsageLine extends UsageDay {
  /** Left of the quota at the end of the day; undefined where the plan has none. */
  readonly remaining: number | undefined;
}

export interface UsageSource {
  readUsage(range: UsageRange): Promise<readonly UsageDay[]>;
}

/**
 * Requests by client and day, with what was left of the quota.
 *
 * @param quotas  by the plan's name
 */
export async function usageReport(
  source: UsageSource,
  range: UsageRange,
  quotas: ReadonlyMap<string, QuotaRule>,
): Promise<readonly UsageLine[]> {
  // What was used of a period before the first day counts too.
  const starts = [...quotas.values()].map((quota) => periodAt(Date.parse(`${range.from}T00:00:00Z`), quota).startMs);
  const from = dayOf(Math.min(Date.parse(`${range.from}T00:00:00Z`), ...starts));
  const days = await source.readUsage({ ...range, from });
  const lines: UsageLine[] = [];
  let used = 0;
  let last: UsageDay | undefined;
  let periodStart = Number.NaN;
  for (const day of days) {
    const quota = quotas.get(day.plan);
    const startMs = quota ? periodAt(Date.parse(`${day.day}T00:00:00Z`), quota).startMs : Number.NaN;
    const isSame = last?.plan === day.plan && last.keyId === day.keyId && startMs === periodStart;
    used = (isSame ? used : 0) + day.requests;
    [last, periodStart] = [day, startMs];
    if (day.day < range.from) continue;
    lines.push({ ...day, remaining: quota && Math.max(0, quota.limit - used) });
  }
  return lines;
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(at) && dayOf(at) === text;
}

/** Days from the first of this month to today. */
export function thisMonth(nowMs: number): { readonly from: string; readonly to: string } {
  const to = dayOf(nowMs);
  return { from: `${to.slice(0, 7)}-01`, to };
}

/** Days of a range, both included. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs + 1;
}
