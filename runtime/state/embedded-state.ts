import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.js";
import type { KeptCounts, KeptQuota } from "./durable/count-log.js";
import { KeyMap } from "./key-map.js";
import type { LeaseBatch, LeaseReply, LeaseStore } from "./leased/lease-store.js";
import { LocalBucket } from "./local-bucket.js";
import { LocalMessages } from "./local-messages.js";
import { LocalQuota } from "./local-quota.js";
import { LocalRegistry } from "./local-registry.js";
import { clientKey, DayMeter, dayKey, isInRange, sortedUsage } from "./local-usage.js";
import { dayMs, dayOf, periodAt } from "./quota-period.js";
import { SharedRates } from "./shared/shared-rates.js";
import type {
  KeyStore,
  Limit,
  PlanClient,
  QuotaRule,
  Rate,
  RateRule,
  State,
  TokenBucket,
  Usage,
  UsageDay,
  UsageRange,
} from "./state.js";

/** Who writes counts down: told of each change, and asks for the count itself when it writes. */
export interface CountObserver {
  quotaChanged(key: string, current: () => KeptQuota): void;
  usageChanged(key: string, current: () => UsageDay): void;
}

export interface EmbeddedOptions {
  /** Most handles of each kind, and most past days of clients; the longest unasked goes first. Default 100,000. */
  readonly maxKeys?: number;
  /** Default: in memory. */
  readonly keys?: KeyStore;
  readonly observer?: CountObserver | undefined;
}

/** How long usage is kept, days. */
const keptDays = 90;

/**
 * State in the memory of one process. Its own limits are exact. For other processes it is the store of their leases.
 */
export class EmbeddedState implements State, LeaseStore {
  readonly keys: KeyStore;
  readonly messages: LocalMessages;
  readonly registry: LocalRegistry;
  readonly answers = undefined;
  observer: CountObserver | undefined;
  readonly #rates: SharedRates;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, LocalBucket>();
  readonly #quotas = new Map<string, LocalQuota>();
  readonly #meters = new Map<string, DayMeter>();
  /** Counts of earlier runs, of quotas that nobody has asked for yet. */
  readonly #keptQuotas = new Map<string, KeptQuota>();
  /** By client and day: days that are over, and today where nobody has asked for the meter yet. */
  readonly #keptDays = new Map<string, UsageDay>();

  constructor(
    readonly clock: Clock,
    { maxKeys = 100_000, keys = new KeyMap(), observer }: EmbeddedOptions = {},
  ) {
    const nodeId = randomBytes(9).toString("base64url");
    this.#maxKeys = maxKeys;
    this.#rates = new SharedRates(clock);
    this.keys = keys;
    this.observer = observer;
    this.messages = new LocalMessages(nodeId);
    this.registry = new LocalRegistry(nodeId);
  }

  bucket(key: string, limit: TokenBucket): Limit {
    return this.#bucket(key, limit);
  }

  quota(key: string, rule: QuotaRule): LocalQuota {
    const quota = this.#quota(key, rule, periodAt(this.clock.now(), rule).startMs);
    quota.rule(rule);
    return quota;
  }

  async remaining(key: string, rule: QuotaRule): Promise<number> {
    return this.quota(key, rule).remainingAt(this.clock.now());
  }

  async setRemaining(key: string, rule: QuotaRule, remaining: number): Promise<void> {
    this.quota(key, rule).setRemaining(remaining, this.clock.now());
  }

  rate(key: string, rule: RateRule): Rate {
    return this.#rates.of(key, rule);
  }

  usage(client: PlanClient): Usage {
    return this.#meter(client);
  }

  async readUsage(range: UsageRange): Promise<readonly UsageDay[]> {
    return sortedUsage([...this.#usageDays()].filter((day) => isInRange(day, range)));
  }

  async exchange({ tokens, counts, usage }: LeaseBatch): Promise<LeaseReply> {
    const monotonicMs = this.clock.monotonic();
    const nowMs = this.clock.now();
    for (const { plan, keyId, requests } of usage) this.#meter({ plan, keyId }).add(nowMs, requests);
    return {
      tokens: tokens.map((request) => {
        const bucket = this.#bucket(request.key, request);
        return { granted: bucket.lease(monotonicMs, request), left: bucket.tokens };
      }),
      counts: counts.map((request) => {
        const quota = this.#quota(request.key, { limit: request.limit, period: "DAY", offset: 0 }, request.startMs);
        return { granted: quota.lease(request, nowMs), left: quota.remaining };
      }),
    };
  }

  /** Counts of earlier runs. */
  restore({ quotas, usage }: KeptCounts): void {
    const nowMs = this.clock.now();
    const oldest = dayOf(nowMs - keptDays * dayMs);
    for (const kept of quotas) {
      if (kept.endMs <= nowMs) continue;
      const live = this.#quotas.get(kept.key);
      if (live) live.restore(kept);
      else this.#keptQuotas.set(kept.key, kept);
    }
    for (const day of usage) {
      if (day.day < oldest) continue;
      const live = this.#meters.get(clientKey(day));
      if (live && day.day === dayOf(nowMs)) live.restore(day.requests, nowMs);
      else keep(this.#keptDays, dayKey(day), day, this.#maxKeys);
    }
  }

  /** Everything that counts now. */
  snapshot(): KeptCounts {
    const nowMs = this.clock.now();
    const live = [...this.#quotas].map(([key, quota]) => keptQuota(key, quota));
    const quotas = [...this.#keptQuotas.values(), ...live].filter(({ endMs, used }) => endMs > nowMs && used > 0);
    return { quotas, usage: [...this.#usageDays()] };
  }

  async ready(): Promise<void> {}

  async close(): Promise<void> {
    this.#buckets.clear();
    this.#rates.close();
  }

  #bucket(key: string, limit: TokenBucket): LocalBucket {
    const known = this.#buckets.get(key);
    known?.limit(limit);
    return keep(this.#buckets, key, known ?? new LocalBucket(limit), this.#maxKeys);
  }

  #quota(key: string, rule: QuotaRule, startMs: number): LocalQuota {
    return keep(this.#quotas, key, this.#quotas.get(key) ?? this.#createQuota(key, rule, startMs), this.#maxKeys);
  }

  #meter(client: PlanClient): DayMeter {
    const key = clientKey(client);
    return keep(this.#meters, key, this.#meters.get(key) ?? this.#createMeter(key, client), this.#maxKeys);
  }

  /** Counts of an earlier run count on where they are of the period that begins then. */
  #createQuota(key: string, rule: QuotaRule, startMs: number): LocalQuota {
    const current = () => keptQuota(key, quota);
    const quota: LocalQuota = new LocalQuota(rule, () => this.observer?.quotaChanged(key, current));
    const kept = this.#keptQuotas.get(key);
    if (kept?.startMs === startMs) quota.restore(kept);
    this.#keptQuotas.delete(key);
    return quota;
  }

  #createMeter(key: string, client: PlanClient): DayMeter {
    const current = () => dayOfMeter(meter);
    const meter: DayMeter = new DayMeter(client, () => this.observer?.usageChanged(key, current), {
      over: () => this.#archive(meter),
      begins: (day) => this.#takeDay({ ...client, day }),
    });
    meter.restore(0, this.clock.now());
    return meter;
  }

  /** What is known of a day that is counted from now on. */
  #takeDay(client: Pick<UsageDay, "plan" | "keyId" | "day">): number {
    const key = dayKey(client);
    const requests = this.#keptDays.get(key)?.requests ?? 0;
    this.#keptDays.delete(key);
    return requests;
  }

  #archive(meter: DayMeter): void {
    const day = dayOfMeter(meter);
    const key = dayKey(day);
    keep(this.#keptDays, key, day, this.#maxKeys);
    // The meter may have gone back to it by the time that it is written.
    this.observer?.usageChanged(
      key,
      () => this.#keptDays.get(key) ?? (meter.day === day.day ? dayOfMeter(meter) : day),
    );
  }

  *#usageDays(): Generator<UsageDay> {
    yield* this.#keptDays.values();
    for (const meter of this.#meters.values()) if (meter.requests > 0) yield dayOfMeter(meter);
  }
}

function dayOfMeter({ client, day, requests }: DayMeter): UsageDay {
  return { ...client, day, requests };
}

function keptQuota(key: string, { period, used }: LocalQuota): KeptQuota {
  return { key, ...period, used };
}

/** Moves the key to the young end of the map and drops the oldest when there are too many. */
function keep<V>(map: Map<string, V>, key: string, value: V, maxKeys: number): V {
  map.delete(key);
  map.set(key, value);
  if (map.size > maxKeys) map.delete(map.keys().next().value as string);
  return value;
}
