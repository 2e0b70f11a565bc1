/**
 * All that processes or nodes share about limits. Hot paths never wait for it: they spend from leases, small grants of
 * tokens or counts that this interface hands out, asynchronously, ahead of need. The same protocol is spoken to the
 * embedded implementation, to the primary process over IPC and to Redis; the bound on overshoot is
 * nodes × lease size for each key, and no lease outlives `maxLeaseMs`.
 *
 * Keys are length-prefixed tuples (`stateKey`), so that no two different tuples collide.
 */
export interface State {
  /** Takes up to `wanted` tokens out of a bucket. `granted` may be less, zero included. */
  leaseTokens(key: string, bucket: TokenBucket, wanted: number): Promise<TokenLease>;
  /** Gives back what a lease did not use; late or repeated returns are ignored past the bucket's capacity. */
  returnTokens(key: string, bucket: TokenBucket, unused: number): Promise<void>;
  /** Takes up to `wanted` counts out of a quota period. */
  leaseCounts(key: string, quota: QuotaPeriod, wanted: number): Promise<CountLease>;
  returnCounts(key: string, quota: QuotaPeriod, unused: number): Promise<void>;
  close(): Promise<void>;
}

/** No lease may be used longer than this after it was granted. */
export const maxLeaseMs = 1000;

/** Capacity `burst`, refilled with `rate` tokens a second. */
export interface TokenBucket {
  readonly rate: number;
  readonly burst: number;
}

export interface TokenLease {
  readonly granted: number;
  /** Reading of the monotonic clock at which unused tokens are lost. */
  readonly expiresAt: number;
  /** Milliseconds until one token is there again; 0 when some were granted. */
  readonly retryAfterMs: number;
}

/** One period of a quota, `[startMs, endMs)` on the wall clock, UTC. */
export interface QuotaPeriod {
  readonly limit: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface CountLease {
  readonly granted: number;
  /** Counts left in the period after this lease. */
  readonly remaining: number;
}

/** Joins the parts of a key so that different parts never give the same key. */
export function stateKey(...parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join("");
}
