import type { PlanClient, TokenBucket } from "../state.js";

/** What one process reports and asks for in one round trip. Order is kept: the reply has one entry for each. */
export interface LeaseBatch {
  readonly tokens: readonly TokenRequest[];
  readonly counts: readonly CountRequest[];
  /** Requests counted since the last batch. */
  readonly usage: readonly UsageRequest[];
}

/** What a process gives back and asks for. */
export interface LeaseWish {
  /** Of earlier leases, unused; negative: spent without one, while an answer was late. */
  readonly returned: number;
  /** Requests that wait for one each. */
  readonly needed: number;
  /** Wanted ahead of need. */
  readonly ahead: number;
}

export interface TokenRequest extends TokenBucket, LeaseWish {
  readonly key: string;
}

export interface CountRequest extends Omit<LeaseWish, "returned"> {
  readonly key: string;
  readonly limit: number;
  /** The period, `[startMs, endMs)` on the wall clock. */
  readonly startMs: number;
  readonly endMs: number;
  /** Counted while the store was away, even past the limit; negative: given back. */
  readonly spent: number;
}

export interface UsageRequest extends PlanClient {
  readonly day: string;
  readonly requests: number;
}

export interface LeaseReply {
  readonly tokens: readonly Grant[];
  readonly counts: readonly Grant[];
}

export interface Grant {
  readonly granted: number;
  /** What is left for others after the grant. */
  readonly left: number;
}

/** Who keeps the buckets, quotas and meters that several processes share. */
export interface LeaseStore {
  /** @throws when the store is away; the batch may have been carried out or not */
  exchange(batch: LeaseBatch): Promise<LeaseReply>;
}

/** No lease is spent from for longer than this after it was granted, ms. */
export const maxLeaseMs = 1000;

/** Bursts below this are never leased: what one process holds, a client would miss at another. */
const leastBurst = 40;

/** Most tokens that a process holds ahead of need: those of a tenth of a second, at most a sixteenth of the burst. */
export function tokenLease({ rate, burst }: TokenBucket): number {
  return burst < leastBurst ? 0 : Math.floor(Math.min(burst / 16, rate / 10));
}

/** Most counts of a quota that a process holds ahead of need: a hundredth, at most 1,000; of large ones a ten-thousandth, at most 10,000. */
export function countLease(limit: number): number {
  return Math.floor(Math.min(limit / 100, Math.max(1000, Math.min(10_000, limit / 10_000))));
}

/** Of so many that are there: what is needed, then of the rest half of what is wanted ahead of need. */
export function grantOf(there: number, needed: number, ahead: number): number {
  if (there <= 0) return 0;
  const given = Math.min(needed, there);
  return given + Math.min(ahead, Math.floor((there - given) / 2));
}
