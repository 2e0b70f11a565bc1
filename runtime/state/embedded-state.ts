import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.js";
import { KeyMap } from "./key-map.js";
import { LocalBucket } from "./local-bucket.js";
import { LocalMessages } from "./local-messages.js";
import { LocalQuota } from "./local-quota.js";
import { LocalRegistry } from "./local-registry.js";
import { clientKey, DayMeter, isInRange, sortedUsage } from "./local-usage.js";
import type {
  Bucket,
  KeyStore,
  Messages,
  PlanClient,
  Quota,
  QuotaRule,
  Registry,
  State,
  TokenBucket,
  Usage,
  UsageDay,
  UsageRange,
} from "./state.js";

/**
 * State of one process, in memory. Limits are exact. At most `maxKeys` handles of each kind are known; the longest
 * unasked goes first.
 */
export class EmbeddedState implements State {
  readonly keys: KeyStore = new KeyMap();
  readonly messages: Messages;
  readonly registry: Registry;
  readonly #buckets = new Map<string, LocalBucket>();
  readonly #quotas = new Map<string, LocalQuota>();
  readonly #meters = new Map<string, DayMeter>();
  readonly #pastDays: UsageDay[] = [];

  constructor(
    readonly clock: Clock,
    private readonly maxKeys = 100_000,
  ) {
    const nodeId = randomBytes(9).toString("base64url");
    this.messages = new LocalMessages(nodeId);
    this.registry = new LocalRegistry(nodeId);
  }

  bucket(key: string, limit: TokenBucket): Bucket {
    const known = this.#buckets.get(key);
    known?.limit(limit);
    return keep(this.#buckets, key, known ?? new LocalBucket(limit), this.maxKeys);
  }

  quota(key: string, rule: QuotaRule): Quota {
    const known = this.#quotas.get(key);
    known?.rule(rule);
    return keep(this.#quotas, key, known ?? new LocalQuota(rule), this.maxKeys);
  }

  usage(client: PlanClient): Usage {
    const key = clientKey(client);
    const meter = this.#meters.get(key) ?? new DayMeter(client, ignore, (over) => this.#archive(over));
    return keep(this.#meters, key, meter, this.maxKeys);
  }

  async readUsage(range: UsageRange): Promise<readonly UsageDay[]> {
    const today = [...this.#meters.values()].filter(({ requests }) => requests > 0).map(dayOfMeter);
    return sortedUsage([...this.#pastDays, ...today].filter((day) => isInRange(day, range)));
  }

  async close(): Promise<void> {
    this.#buckets.clear();
    this.#quotas.clear();
  }

  #archive(meter: DayMeter): void {
    this.#pastDays.push(dayOfMeter(meter));
    if (this.#pastDays.length > this.maxKeys) this.#pastDays.shift();
  }
}

const ignore = (): void => undefined;

export function dayOfMeter({ client, day, requests }: DayMeter): UsageDay {
  return { ...client, day, requests };
}

/** Moves the key to the young end of the map and drops the oldest when there are too many. */
export function keep<V>(map: Map<string, V>, key: string, value: V, maxKeys: number): V {
  map.delete(key);
  map.set(key, value);
  if (map.size > maxKeys) map.delete(map.keys().next().value as string);
  return value;
}
