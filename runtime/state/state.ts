import type { AnswerStore } from "./answers/answer-store.js";

/**
 * All that requests, processes and nodes share. Two implementations: `EmbeddedState` of one process (or of the primary
 * process, whose workers speak to it over IPC), and Redis.
 *
 * What the request path calls is synchronous: `Limit.take`, `Usage.add`. Handles are made when a Program is loaded, or
 * for a client's first request, and the same key always yields the same handle: a deployment that swaps the Program
 * keeps all counts. Where other processes share a limit, its handle spends from a small lease that is renewed ahead of
 * need; only where there is none, as for a client's first requests, does a request wait for the store, and not for long.
 * How far limits may be overshot is written in docs/guides/state-and-scale.md.
 *
 * Keys are length-prefixed tuples (`stateKey`), so that no two different tuples collide.
 */
export interface State {
  /** The bucket of a key. A known one takes over the new limit. */
  bucket(key: string, limit: TokenBucket): Limit;
  /** The quota of a key. A known one takes over the new rule. */
  quota(key: string, rule: QuotaRule): Limit;
  /**
   * What is left of a quota's period, for all processes together: what they hold of it is taken out.
   *
   * @throws Error while the store is away
   */
  remaining(key: string, rule: QuotaRule): Promise<number>;
  /**
   * Sets what is left for the rest of the period. What processes hold of it they still spend, for a second at most.
   *
   * @param remaining  0 to the rule's limit
   * @throws Error while the store is away
   */
  setRemaining(key: string, rule: QuotaRule, remaining: number): Promise<void>;
  /** How often names come, over a sliding window. A known key goes on counting, unless its rule has changed. */
  rate(key: string, rule: RateRule): Rate;
  /** The meter of one client of one plan. */
  usage(client: PlanClient): Usage;
  /** Requests by client and day, both days included (`YYYY-MM-DD`, UTC), sorted by plan, key and day. */
  readUsage(range: UsageRange): Promise<readonly UsageDay[]>;
  readonly keys: KeyStore;
  readonly messages: Messages;
  readonly registry: Registry;
  /** Answers of caches that processes share; undefined: there is no other process, or each keeps its own. */
  readonly answers: AnswerStore | undefined;
  /** Resolves when what is kept elsewhere has been read, or cannot be for now; a gateway listens then. */
  ready(): Promise<void>;
  /** Writes out what is not yet durable, gives leases back, closes files and connections. */
  close(): Promise<void>;
}

/** Capacity `burst`, refilled with `rate` tokens a second. */
export interface TokenBucket {
  readonly rate: number;
  readonly burst: number;
}

/** A bucket or a quota, as requests take from it. */
export interface Limit {
  /** What a request is told that it refuses. */
  readonly refusal: "THROTTLED" | "QUOTA_EXCEEDED";
  /**
   * Takes one.
   *
   * @param monotonicMs  reading of `Clock.monotonic()`
   * @param nowMs        wall clock, UTC
   * @returns false when there is none; undefined when that is not known here: `wait` asks and takes
   */
  take(monotonicMs: number, nowMs: number): boolean | undefined;
  /** Takes one as soon as the store has answered, or is found to be away; within 50 ms. */
  wait(): Promise<boolean>;
  /** Gives back what a request has taken that another limit has refused. */
  giveBack(): void;
}

/**
 * So many requests in each period. Periods begin at midnight UTC: each day; each week on a Sunday, `offset` days later;
 * each month on its first day, `offset` days later (aws-behaviour.md section 17).
 */
export interface QuotaRule {
  readonly limit: number;
  readonly period: "DAY" | "WEEK" | "MONTH";
  readonly offset: number;
}

/** So many requests of one name in any stretch of time of this length. */
export interface RateRule {
  readonly limit: number;
  readonly windowSeconds: number;
}

export interface Rate {
  /** Counts one request of a name; true when it has had more than the limit in the window, this one included. */
  isOver(name: string): boolean;
}

/** A key in a plan. */
export interface PlanClient {
  readonly plan: string;
  readonly keyId: string;
}

export interface Usage {
  /** Counts one admitted request; -1 takes one back that another limit has refused. */
  add(nowMs: number, count: 1 | -1): void;
}

export interface UsageRange {
  readonly from: string;
  readonly to: string;
  readonly plan?: string | undefined;
  readonly keyId?: string | undefined;
}

export interface UsageDay extends PlanClient {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly requests: number;
}

/** API keys that were created or imported; those whose value stands in the file are the Program's. */
export interface KeyStore {
  /** Grows with every change: who keeps a table made of the keys compares it. */
  readonly version: number;
  all(): readonly StoredKey[];
  /** Adds the key, or replaces the one with its id. */
  put(key: StoredKey): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface StoredKey {
  /** Ten characters of [a-z0-9]. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** SHA-256 of the value, hexadecimal; the value itself is kept nowhere. */
  readonly hash: string;
  readonly enabled: boolean;
  /** Names of plans. */
  readonly plans: readonly string[];
  /** Wall clock, ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Messages between the processes and nodes of one gateway: at most once, in order from one sender on one topic, lost
 * where nobody listens. A topic is a short name of [a-z0-9-].
 */
export interface Messages {
  /** To every node that listens, this one included. */
  publish(topic: string, message: Buffer): void;
  /** @returns stops listening */
  subscribe(topic: string, listener: (message: Buffer) => void): () => void;
  /**
   * Asks one node and waits for its answer.
   *
   * @returns undefined when the node is gone or has not answered in time
   */
  ask(nodeId: string, topic: string, question: Buffer, timeoutMs: number): Promise<Buffer | undefined>;
  /** Answers questions on a topic; one answerer a topic. @returns stops answering */
  answer(topic: string, answerer: (question: Buffer) => Promise<Buffer>): () => void;
}

/** Which node holds which connection. Entries of a node that died are gone within 30 s, and `Messages.ask` fails at once. */
export interface Registry {
  /** Of this process: unique among all that share the state, new at each start. */
  readonly nodeId: string;
  /** Says that this node holds the connection. */
  add(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** The node that holds a connection; undefined when none does. */
  find(id: string): Promise<string | undefined>;
}

/** Joins the parts of a key so that different parts never give the same key. */
export function stateKey(...parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join("");
}
