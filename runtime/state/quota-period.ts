import type { QuotaRule } from "./state.js";

/** One period of a quota, `[startMs, endMs)` on the wall clock, UTC. */
export interface QuotaPeriod {
  readonly startMs: number;
  readonly endMs: number;
}

/** In which no moment lies. */
export const noPeriod: QuotaPeriod = { startMs: 0, endMs: 0 };

export const dayMs = 86_400_000;
/** The first Sunday of the epoch: 4 January 1970. */
const firstSundayMs = 3 * dayMs;

/** The period that a moment lies in. */
export function periodAt(nowMs: number, { period, offset }: Pick<QuotaRule, "period" | "offset">): QuotaPeriod {
  switch (period) {
    case "DAY": {
      const startMs = Math.floor(nowMs / dayMs) * dayMs;
      return { startMs, endMs: startMs + dayMs };
    }
    case "WEEK": {
      const first = firstSundayMs + offset * dayMs;
      const startMs = first + Math.floor((nowMs - first) / (7 * dayMs)) * 7 * dayMs;
      return { startMs, endMs: startMs + 7 * dayMs };
    }
    case "MONTH": {
      const shifted = new Date(nowMs - offset * dayMs);
      const [year, month] = [shifted.getUTCFullYear(), shifted.getUTCMonth()];
      return { startMs: Date.UTC(year, month, 1 + offset), endMs: Date.UTC(year, month + 1, 1 + offset) };
    }
  }
}

/** `YYYY-MM-DD`, UTC. */
export function dayOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}

/** A wall clock that is corrected a little at the start of a period does not bring the last one back. */
const slackMs = 3_600_000;

export function isWithin(period: QuotaPeriod, nowMs: number): boolean {
  return nowMs < period.endMs && !isBefore(period, nowMs);
}

/** Whether the period has not begun yet, by more than a correction: the wall clock has been set back. */
export function isBefore({ startMs }: QuotaPeriod, nowMs: number): boolean {
  return nowMs < startMs - slackMs;
}
