import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import type { OnFailure } from "../../runtime/state/leased/leased-bucket.js";
import { redisState } from "../../runtime/state/redis/redis-state.js";
import { type Limit, type State, type StoredKey, stateKey } from "../../runtime/state/state.js";
import { watchLag } from "../support/lag.js";
import { hasRedis, type RunningRedis, startRedis } from "../support/redis.js";
import { pause } from "./raw-socket.js";

const key: StoredKey = {
  id: "abcdefghij",
  name: "acme",
  description: "",
  hash: "a".repeat(64),
  enabled: true,
  plans: ["gold"],
  createdAt: 1,
  updatedAt: 1,
};

describe.skipIf(!hasRedis())("state in a real Redis", () => {
  let redis: RunningRedis;
  const open: State[] = [];
  const log: LogRecord[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => redis?.stop());
  beforeEach(() => void redis.command("flushall"));
  afterEach(async () => {
    redis.goOn();
    await Promise.all(open.splice(0).map((state) => state.close()));
    log.splice(0);
  });

  async function nodes(count: number, onFailure: OnFailure = "local"): Promise<State[]> {
    const logger = { write: (record: LogRecord) => void log.push(record) };
    const made = Array.from({ length: count }, () =>
      redisState({ url: redis.url, name: "shop", onFailure, clock: systemClock, logger }),
    );
    open.push(...made);
    await Promise.all(made.map((state) => state.ready()));
    return made;
  }

  async function request(limit: Limit | undefined): Promise<boolean> {
    return limit?.take(performance.now(), Date.now()) ?? limit?.wait() ?? false;
  }

  async function admitted(limits: readonly Limit[], requests: number): Promise<number> {
    const answers = Array.from({ length: requests }, (_, at) => request(limits[at % limits.length]));
    return (await Promise.all(answers)).filter(Boolean).length;
  }

  test("a bucket and a quota are one for all nodes, and refill", async () => {
    const states = await nodes(3);
    const buckets = states.map((state) => state.bucket("b", { rate: 20, burst: 30 }));
    expect(await admitted(buckets, 200)).toBe(30);
    await pause(520);
    expect(await admitted(buckets, 200)).toBeGreaterThanOrEqual(10);
    const quotas = states.map((state) => state.quota("q", { limit: 100, period: "MONTH", offset: 3 }));
    expect(await admitted(quotas, 300)).toBe(100);
  });

  test("usage is counted by day, read back by client", async () => {
    const [a, b] = await nodes(2);
    for (const state of [a, b]) {
      const usage = state?.usage({ plan: "gold", keyId: "acme" });
      for (let count = 0; count < 50; count++) usage?.add(Date.now(), 1);
    }
    a?.usage({ plan: "gold", keyId: "globex" }).add(Date.now(), 1);
    await pause(600);
    const today = new Date().toISOString().slice(0, 10);
    expect(await b?.readUsage({ from: "2020-01-01", to: today, keyId: "acme" })).toEqual([]);
    expect(await b?.readUsage({ from: today, to: today })).toEqual([
      { plan: "gold", keyId: "acme", day: today, requests: 100 },
      { plan: "gold", keyId: "globex", day: today, requests: 1 },
    ]);
  });

  test("a key made on one node is known to the others at once, and after a start", async () => {
    const [a, b] = await nodes(2);
    await a?.keys.put(key);
    await pause(100);
    expect(b?.keys.all()).toEqual([key]);
    const [late] = await nodes(1);
    expect(late?.keys.all()).toEqual([key]);
    await b?.keys.remove(key.id);
    await pause(100);
    expect([a, b, late].map((state) => state?.keys.all().length)).toEqual([0, 0, 0]);
  });

  test("messages, questions and connections go from any node to any other", async () => {
    const [a, b, c] = (await nodes(3)) as [State, State, State];
    const heard: string[] = [];
    for (const [name, state] of Object.entries({ a, b })) {
      state.messages.subscribe("flush", (message) => heard.push(`${name} ${message}`));
    }
    b.messages.answer("post", async (question) => Buffer.concat([question, Buffer.from([0, 255])]));
    await pause(50);
    c.messages.publish("flush", Buffer.from("all"));
    await b.registry.add("connection-1");
    const holder = await c.registry.find("connection-1");
    expect(holder).toBe(b.registry.nodeId);
    const answer = await c.messages.ask(holder ?? "", "post", Buffer.from([1, 10, 2]), 1000);
    expect(answer).toEqual(Buffer.from([1, 10, 2, 0, 255]));
    expect(await c.messages.ask(holder ?? "", "unknown", Buffer.from("?"), 1000)).toBeUndefined();
    await pause(50);
    expect(heard.sort()).toEqual(["a all", "b all"]);
    await b.close();
    const begin = performance.now();
    expect(await c.messages.ask(holder ?? "", "post", Buffer.from("?"), 5000)).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(await c.registry.find("connection-1")).toBeUndefined();
  });

  test.each(["string", "list", "hash of nonsense", "future", "huge"])(
    "a poisoned bucket, quota and usage (%s) break nothing",
    async (kind) => {
      const [state] = await nodes(1);
      const quotaKey = `gateway:{shop}:quota:${Date.parse(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`)}:q`;
      const bucketKey = "gateway:{shop}:bucket:b";
      const usageKey = `gateway:{shop}:usage:${new Date().toISOString().slice(0, 10)}`;
      if (kind === "string") for (const name of [bucketKey, usageKey]) redis.command("set", name, "x");
      if (kind === "string") redis.command("set", quotaKey, "many");
      if (kind === "list") for (const name of [bucketKey, quotaKey, usageKey]) redis.command("rpush", name, "x");
      if (kind === "hash of nonsense") redis.command("hset", bucketKey, "t", "nan", "m", "-inf");
      if (kind === "future") redis.command("hset", bucketKey, "t", "-5", "m", "99999999999999");
      if (kind === "huge") redis.command("hset", bucketKey, "t", "1e300", "m", "0");
      expect(await admitted([state?.bucket("b", { rate: 0.01, burst: 5 }) as Limit], 50)).toBe(5);
      expect(await admitted([state?.quota("q", { limit: 7, period: "DAY", offset: 0 }) as Limit], 50)).toBe(7);
      state?.usage({ plan: "p", keyId: "k" }).add(Date.now(), 1);
      await pause(500);
      expect(log).toEqual([]);
    },
  );

  test.each([
    ["closed", 0, "Redis is away: what has a limit is refused until it is back"],
    ["open", 60, "Redis is away: nothing is limited until it is back"],
    ["local", 4, "Redis is away: each process keeps the limits alone until it is back"],
  ] as const)(
    "killed: %s is obeyed within 50 ms; back within 2 s; one line a change",
    async (onFailure, passing, message) => {
      const [state] = await nodes(1, onFailure);
      const bucket = state?.bucket("b", { rate: 0.01, burst: 5 }) as Limit;
      await request(bucket);
      await redis.kill();
      const lag = watchLag();
      const begin = performance.now();
      expect(await admitted([bucket], 60)).toBe(passing);
      expect(performance.now() - begin).toBeLessThan(50 + 2 * lag());
      await pause(300);
      await redis.start();
      const back = performance.now();
      while (log.length < 2 && performance.now() - back < 5000) await pause(20);
      expect(performance.now() - back).toBeLessThan(2000);
      expect(log.map((record) => record.message)).toEqual([message, "the state is shared through Redis again"]);
      expect(await admitted([bucket], 60)).toBe(5);
    },
  );

  test("hung: nobody waits longer than 50 ms, and it is used again when it goes on", async () => {
    const [state] = await nodes(1, "closed");
    const bucket = state?.bucket("b", { rate: 1000, burst: 1000 }) as Limit;
    await request(bucket);
    redis.hang();
    const lag = watchLag();
    const waits: number[] = [];
    for (let count = 0; count < 200; count++) {
      const begin = performance.now();
      await admitted([bucket], 20);
      waits.push(performance.now() - begin);
      await pause(5);
    }
    expect(waits.sort((x, y) => x - y)[Math.floor(waits.length * 0.99)]).toBeLessThan(50 + 2 * lag());
    expect(await request(bucket)).toBe(false);
    redis.goOn();
    const back = performance.now();
    while (log.length < 2 && performance.now() - back < 5000) await pause(20);
    expect(performance.now() - back).toBeLessThan(2000);
    expect(await request(bucket)).toBe(true);
  });

  test("a rate counts what all nodes have counted", async () => {
    const rates = (await nodes(3)).map((state) => state.rate("waf", { limit: 30, windowSeconds: 60 }));
    // Until they listen, what they are told is lost.
    const end = performance.now() + 5000;
    while (!rates.every((rate) => rate.isOver("a")) && performance.now() < end) await pause(20);
    expect(rates.map((rate) => rate.isOver("a"))).toEqual([true, true, true]);
    expect(rates.map((rate) => rate.isOver("b"))).toEqual([false, false, false]);
  });

  test("keys of different tuples never meet, and nothing secret is kept", async () => {
    const [state] = await nodes(1);
    await admitted([state?.bucket(stateKey("a", "bc"), { rate: 1, burst: 5 }) as Limit], 9);
    expect(await admitted([state?.bucket(stateKey("ab", "c"), { rate: 1, burst: 5 }) as Limit], 9)).toBe(5);
  });
});
