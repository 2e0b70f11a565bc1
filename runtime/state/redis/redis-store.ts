import type { Redis } from "ioredis";
import type { Grant, LeaseBatch, LeaseReply, LeaseStore } from "../leased/lease-store.js";
import { isInRange, sortedUsage } from "../local-usage.js";
import { dayMs, dayOf } from "../quota-period.js";
import type { UsageDay, UsageRange } from "../state.js";
import { leaseScript } from "./lease-script.js";

/** A connection that has the script as a command. */
export type RedisWithLease = Redis & { gatewayLease(keyCount: number, ...args: string[]): Promise<unknown> };

export function defineLease(redis: Redis): asserts redis is RedisWithLease {
  redis.defineCommand("gatewayLease", { lua: leaseScript });
}

/** Days of usage that one question may span. */
const maxDays = 400;

/** Buckets, quotas and usage in Redis. */
export class RedisStore implements LeaseStore {
  constructor(
    private readonly redis: RedisWithLease,
    /** Before every key, with a hash tag, so that a cluster keeps all of a gateway in one place. */
    private readonly prefix: string,
  ) {}

  async exchange({ tokens, counts, usage }: LeaseBatch): Promise<LeaseReply> {
    if (this.redis.status !== "ready") throw new Error(`not connected to Redis (${this.redis.status})`);
    if (tokens.length + counts.length + usage.length === 0) {
      await this.redis.ping();
      return { tokens: [], counts: [] };
    }
    const keys = [
      ...tokens.map(({ key }) => `${this.prefix}bucket:${key}`),
      ...counts.map(({ key, startMs }) => `${this.prefix}quota:${startMs}:${key}`),
      ...usage.map(({ day }) => this.#usageKey(day)),
    ];
    const batch = {
      tokens: tokens.map(({ rate, burst, returned, needed, ahead }) => ({ rate, burst, returned, needed, ahead })),
      counts: counts.map(({ limit, endMs, spent, needed, ahead }) => ({ limit, endMs, spent, needed, ahead })),
      usage: usage.map(({ plan, keyId, requests }) => ({ field: JSON.stringify([plan, keyId]), requests })),
    };
    return replyOf(await this.redis.gatewayLease(keys.length, ...keys, JSON.stringify(batch)), tokens, counts);
  }

  async readUsage(range: UsageRange): Promise<readonly UsageDay[]> {
    const days = daysOf(range);
    const found = await Promise.all(
      days.map(async (day) => ({ day, fields: await this.redis.hgetall(this.#usageKey(day)) })),
    );
    const usage = found.flatMap(({ day, fields }) =>
      Object.entries(fields).flatMap(([field, value]) => usageDay(day, field, value)),
    );
    return sortedUsage(usage.filter((entry) => isInRange(entry, range)));
  }

  #usageKey(day: string): string {
    return `${this.prefix}usage:${day}`;
  }
}

function daysOf({ from, to }: UsageRange): readonly string[] {
  const days: string[] = [];
  const end = Date.parse(`${to}T00:00:00Z`);
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= end && days.length < maxDays; at += dayMs) days.push(dayOf(at));
  return days;
}

/** What stands in Redis is not trusted to be well formed. */
function usageDay(day: string, field: string, value: string): readonly UsageDay[] {
  try {
    const [plan, keyId] = JSON.parse(field) as readonly unknown[];
    const requests = Number(value);
    if (typeof plan !== "string" || typeof keyId !== "string" || !Number.isSafeInteger(requests)) return [];
    return [{ plan, keyId, day, requests: Math.max(0, requests) }];
  } catch {
    return [];
  }
}

/** @throws Error when it is no reply of ours: the store counts as away then */
function replyOf(reply: unknown, tokens: LeaseBatch["tokens"], counts: LeaseBatch["counts"]): LeaseReply {
  if (typeof reply !== "string") throw new Error("Redis has answered with something else than leases");
  const parsed = JSON.parse(reply) as Partial<Record<"tokens" | "counts", unknown>> | null;
  return {
    tokens: tokens.map((wish, at) => grantOf(parsed?.tokens, at, wish.needed + wish.ahead)),
    counts: counts.map((wish, at) => grantOf(parsed?.counts, at, wish.needed + wish.ahead)),
  };
}

function grantOf(list: unknown, at: number, most: number): Grant {
  const pair: unknown = Array.isArray(list) ? list[at] : undefined;
  const [granted, left] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
  if (typeof granted !== "number" || typeof left !== "number" || !(granted >= 0 && granted <= most)) {
    throw new Error("Redis has answered with something else than leases");
  }
  return { granted: Math.floor(granted), left };
}
