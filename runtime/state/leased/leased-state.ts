import type { Clock } from "../../clock.js";
import type { AnswerStore } from "../answers/answer-store.js";
import { inTime } from "../in-time.js";
import { clientKey } from "../local-usage.js";
import { periodAt } from "../quota-period.js";
import { SharedRates } from "../shared/shared-rates.js";
import type {
  KeyStore,
  Limit,
  Messages,
  PlanClient,
  QuotaRule,
  Rate,
  RateRule,
  Registry,
  State,
  TokenBucket,
  Usage,
  UsageDay,
  UsageRange,
} from "../state.js";
import { LeasePump } from "./lease-pump.js";
import type { LeaseStore } from "./lease-store.js";
import { LeasedBucket, type OnFailure } from "./leased-bucket.js";
import { LeasedQuota } from "./leased-quota.js";
import { LeasedUsage } from "./leased-usage.js";

/** What is shared besides limits; what the two stores do in ways of their own. */
export interface SharedParts {
  readonly keys: KeyStore;
  readonly messages: Messages;
  readonly registry: Registry;
  readonly answers?: AnswerStore | undefined;
  readUsage(range: UsageRange): Promise<readonly UsageDay[]>;
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface LeasedOptions {
  readonly store: LeaseStore;
  readonly parts: SharedParts;
  readonly clock: Clock;
  readonly onFailure: OnFailure;
  /** Whoever waits for a batch that takes longer is answered as `onFailure` says, ms. */
  readonly lateMs: number;
  /** A batch that takes longer has failed, ms. */
  readonly timeoutMs: number;
  /** How soon after a failure the store is asked again, ms. */
  readonly retryMs: number;
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
}

/** Handles of each kind that are kept: beyond, the longest unasked goes. */
const maxKeys = 100_000;

/** State whose limits other processes share: this process spends from leases. */
export class LeasedState implements State {
  readonly keys: KeyStore;
  readonly messages: Messages;
  readonly registry: Registry;
  readonly answers: AnswerStore | undefined;
  readonly pump: LeasePump;
  readonly #rates: SharedRates;
  readonly #buckets = new Map<string, LeasedBucket>();
  readonly #quotas = new Map<string, LeasedQuota>();
  readonly #meters = new Map<string, LeasedUsage>();

  constructor(private readonly options: LeasedOptions) {
    const { store, clock, lateMs, timeoutMs, retryMs, onUp, onDown, parts } = options;
    this.pump = new LeasePump({ store, clock, lateMs, timeoutMs, retryMs, onUp, onDown });
    this.keys = parts.keys;
    this.messages = parts.messages;
    this.registry = parts.registry;
    this.#rates = new SharedRates(clock, { messages: parts.messages, nodeId: parts.registry.nodeId });
    this.answers = parts.answers;
  }

  bucket(key: string, limit: TokenBucket): Limit {
    const { clock, onFailure } = this.options;
    const known = this.#buckets.get(key);
    known?.limit(limit);
    return keep(this.#buckets, key, known ?? new LeasedBucket(key, limit, this.pump, clock, onFailure));
  }

  quota(key: string, rule: QuotaRule): Limit {
    const { clock, onFailure } = this.options;
    const known = this.#quotas.get(key);
    known?.rule(rule);
    return keep(this.#quotas, key, known ?? new LeasedQuota(key, rule, this.pump, clock, onFailure));
  }

  remaining(key: string, rule: QuotaRule): Promise<number> {
    return this.#count(key, rule, 0);
  }

  async setRemaining(key: string, rule: QuotaRule, remaining: number): Promise<void> {
    const left = await this.#count(key, rule, 0);
    await this.#count(key, rule, left - remaining);
    // Who was found to have nothing left is asked about anew.
    this.#quotas.get(key)?.rule(rule);
  }

  /** Adds to what is counted of a quota. @returns what is left */
  async #count(key: string, rule: QuotaRule, spent: number): Promise<number> {
    const { store, clock, timeoutMs } = this.options;
    const period = periodAt(clock.now(), rule);
    const count = { key, limit: rule.limit, ...period, spent, needed: 0, ahead: 0 };
    const reply = await inTime(store.exchange({ tokens: [], counts: [count], usage: [] }), { timeoutMs });
    return reply.counts[0]?.left ?? 0;
  }

  rate(key: string, rule: RateRule): Rate {
    return this.#rates.of(key, rule);
  }

  usage(client: PlanClient): Usage {
    const key = clientKey(client);
    return keep(this.#meters, key, this.#meters.get(key) ?? new LeasedUsage(client, this.pump));
  }

  readUsage(range: UsageRange): Promise<readonly UsageDay[]> {
    return this.options.parts.readUsage(range);
  }

  ready(): Promise<void> {
    return this.options.parts.ready();
  }

  async close(): Promise<void> {
    this.#rates.close();
    this.answers?.close();
    await this.pump.close();
    await this.options.parts.close();
  }
}

function keep<V>(map: Map<string, V>, key: string, value: V): V {
  map.delete(key);
  map.set(key, value);
  if (map.size > maxKeys) map.delete(map.keys().next().value as string);
  return value;
}
