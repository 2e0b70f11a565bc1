import type { Clock } from "../clock.js";
import {
  type CountLease,
  maxLeaseMs,
  type QuotaPeriod,
  type State,
  type TokenBucket,
  type TokenLease,
} from "./state.js";

interface Bucket {
  tokens: number;
  updatedAt: number;
}

/** State of one process, in memory. At most `maxKeys` buckets and periods are kept; the longest unused goes first. */
export class EmbeddedState implements State {
  readonly #buckets = new Map<string, Bucket>();
  readonly #counts = new Map<string, { period: QuotaPeriod; used: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly maxKeys = 100_000,
  ) {}

  async leaseTokens(key: string, limit: TokenBucket, wanted: number): Promise<TokenLease> {
    const bucket = this.#refilled(key, limit);
    const granted = Math.max(0, Math.min(Math.floor(wanted), Math.floor(bucket.tokens)));
    bucket.tokens -= granted;
    const missing = 1 - bucket.tokens;
    const retryAfterMs = granted > 0 ? 0 : limit.rate > 0 ? Math.ceil((missing / limit.rate) * 1000) : Infinity;
    return { granted, expiresAt: this.clock.monotonic() + maxLeaseMs, retryAfterMs };
  }

  async returnTokens(key: string, limit: TokenBucket, unused: number): Promise<void> {
    const bucket = this.#refilled(key, limit);
    bucket.tokens = Math.min(limit.burst, bucket.tokens + Math.max(0, Math.floor(unused)));
  }

  async leaseCounts(key: string, period: QuotaPeriod, wanted: number): Promise<CountLease> {
    const count = this.#count(key, period);
    const granted = Math.max(0, Math.min(Math.floor(wanted), period.limit - count.used));
    count.used += granted;
    return { granted, remaining: period.limit - count.used };
  }

  async returnCounts(key: string, period: QuotaPeriod, unused: number): Promise<void> {
    const count = this.#count(key, period);
    count.used = Math.max(0, count.used - Math.max(0, Math.floor(unused)));
  }

  async close(): Promise<void> {
    this.#buckets.clear();
    this.#counts.clear();
  }

  #refilled(key: string, limit: TokenBucket): Bucket {
    const now = this.clock.monotonic();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, updatedAt: now };
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.updatedAt) / 1000) * limit.rate);
    bucket.updatedAt = now;
    keepBounded(this.#buckets, key, bucket, this.maxKeys);
    return bucket;
  }

  #count(key: string, period: QuotaPeriod): { period: QuotaPeriod; used: number } {
    const known = this.#counts.get(key);
    const count = known && known.period.startMs === period.startMs ? known : { period, used: 0 };
    keepBounded(this.#counts, key, count, this.maxKeys);
    return count;
  }
}

/** Moves the key to the young end of the map and drops the oldest when there are too many. */
function keepBounded<V>(map: Map<string, V>, key: string, value: V, maxKeys: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= maxKeys) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
