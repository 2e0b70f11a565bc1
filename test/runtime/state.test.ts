import { describe, expect, test, vi } from "vitest";
import { ManualClock } from "../../runtime/clock.js";
import { EmbeddedState } from "../../runtime/state/embedded-state.js";
import { LocalMessages } from "../../runtime/state/local-messages.js";
import { periodAt } from "../../runtime/state/quota-period.js";
import { SharedRates } from "../../runtime/state/shared/shared-rates.js";
import { type Limit, type Rate, type StoredKey, stateKey } from "../../runtime/state/state.js";
import { WindowCounts } from "../../runtime/state/window-counts.js";

const limit = { rate: 10, burst: 5 };

/** How many of so many requests at one moment are admitted. */
function admitted(bucket: Limit, clock: ManualClock, requests: number): number {
  return Array.from({ length: requests }, () => bucket.take(clock.monotonic(), 0)).filter(Boolean).length;
}

function counted(quota: Limit, nowMs: number, requests: number): number {
  return Array.from({ length: requests }, () => quota.take(0, nowMs)).filter(Boolean).length;
}

describe("buckets", () => {
  test("a bucket grants what it holds and refills with time, up to its capacity", () => {
    const clock = new ManualClock(0);
    const bucket = new EmbeddedState(clock).bucket("a", limit);
    expect(admitted(bucket, clock, 9)).toBe(5);
    clock.advance(99);
    expect(admitted(bucket, clock, 9)).toBe(0);
    clock.advance(1);
    expect(admitted(bucket, clock, 9)).toBe(1);
    clock.advance(60_000);
    expect(admitted(bucket, clock, 99)).toBe(5);
  });

  test("over any time the rate is kept to the request", () => {
    const clock = new ManualClock(0);
    const bucket = new EmbeddedState(clock).bucket("a", { rate: 333, burst: 7 });
    let total = 0;
    for (let ms = 0; ms <= 30_000; ms += 0.5) {
      total += admitted(bucket, clock, 1);
      clock.advance(0.5);
    }
    expect(Math.abs(total - (7 + 333 * 30))).toBeLessThanOrEqual(1);
  });

  test("what is given back is there again, never above the capacity; nothing refills a rate of nothing", () => {
    const clock = new ManualClock(0);
    const state = new EmbeddedState(clock);
    const bucket = state.bucket("a", limit);
    bucket.giveBack();
    expect(admitted(bucket, clock, 9)).toBe(5);
    bucket.giveBack();
    expect(admitted(bucket, clock, 9)).toBe(1);
    const closed = state.bucket("b", { rate: 0, burst: 0 });
    clock.advance(1e9);
    expect(admitted(closed, clock, 9)).toBe(0);
  });

  test("the same key is the same bucket, and keeps what was spent under a new limit", () => {
    const clock = new ManualClock(0);
    const state = new EmbeddedState(clock);
    expect(admitted(state.bucket("a", limit), clock, 4)).toBe(4);
    expect(admitted(state.bucket("a", { rate: 1, burst: 8 }), clock, 9)).toBe(4);
    expect(admitted(state.bucket("b", limit), clock, 9)).toBe(5);
  });

  test("the number of keys is bounded; the longest unasked goes first", () => {
    const clock = new ManualClock(0);
    const state = new EmbeddedState(clock, { maxKeys: 2 });
    admitted(state.bucket("a", limit), clock, 5);
    admitted(state.bucket("b", limit), clock, 5);
    state.bucket("a", limit);
    state.bucket("c", limit);
    expect(admitted(state.bucket("a", limit), clock, 1)).toBe(0);
    expect(admitted(state.bucket("b", limit), clock, 1)).toBe(1);
  });
});

describe("quotas", () => {
  const day = 86_400_000;

  test("a quota counts within its period and begins anew in the next", () => {
    const quota = new EmbeddedState(new ManualClock(0)).quota("k", { limit: 3, period: "DAY", offset: 0 });
    expect(counted(quota, 10, 9)).toBe(3);
    expect(quota.take(0, day - 1)).toBe(false);
    quota.giveBack();
    expect(counted(quota, day - 1, 9)).toBe(1);
    expect(counted(quota, day, 9)).toBe(3);
  });

  test("a wall clock that is corrected back over midnight does not bring yesterday's counts back", () => {
    const quota = new EmbeddedState(new ManualClock(0)).quota("k", { limit: 3, period: "DAY", offset: 0 });
    expect(counted(quota, day, 2)).toBe(2);
    expect(counted(quota, day - 1000, 9)).toBe(1);
  });

  const moment = (text: string) => Date.parse(`${text}Z`);
  const text = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  test.each([
    ["DAY", 0, "2026-02-28T23:59", "2026-02-28T00:00", "2026-03-01T00:00"],
    ["WEEK", 0, "2026-11-25T12:00", "2026-11-22T00:00", "2026-11-29T00:00"],
    ["WEEK", 1, "2026-11-22T12:00", "2026-11-16T00:00", "2026-11-23T00:00"],
    ["WEEK", 6, "2026-11-28T00:00", "2026-11-28T00:00", "2026-12-05T00:00"],
    ["MONTH", 0, "2028-02-29T23:00", "2028-02-01T00:00", "2028-03-01T00:00"],
    ["MONTH", 14, "2026-01-03T00:00", "2025-12-15T00:00", "2026-01-15T00:00"],
    ["MONTH", 27, "2026-03-01T00:00", "2026-02-28T00:00", "2026-03-28T00:00"],
  ] as const)("%s with offset %i at %s", (period, offset, now, from, to) => {
    const { startMs, endMs } = periodAt(moment(now), { period, offset });
    expect([text(startMs), text(endMs)]).toEqual([from, to]);
  });
});

test("usage is kept by client and day", async () => {
  const state = new EmbeddedState(new ManualClock(0));
  const [acme, globex] = ["acme", "globex"].map((keyId) => state.usage({ plan: "gold", keyId }));
  const [first, second] = [Date.parse("2026-03-01T10:00Z"), Date.parse("2026-03-02T10:00Z")];
  for (let count = 0; count < 3; count++) acme?.add(first, 1);
  acme?.add(first, -1);
  acme?.add(second, 1);
  globex?.add(second, 1);
  expect(await state.readUsage({ from: "2026-03-01", to: "2026-03-31" })).toEqual([
    { plan: "gold", keyId: "acme", day: "2026-03-01", requests: 2 },
    { plan: "gold", keyId: "acme", day: "2026-03-02", requests: 1 },
    { plan: "gold", keyId: "globex", day: "2026-03-02", requests: 1 },
  ]);
  expect(await state.readUsage({ from: "2026-03-02", to: "2026-03-02", keyId: "acme" })).toHaveLength(1);
});

test("messages reach every listener, questions their answerer; connections are found where they are", async () => {
  const { messages, registry } = new EmbeddedState(new ManualClock(0));
  const heard = new Promise<Buffer>((resolve) => messages.subscribe("news", resolve));
  messages.publish("news", Buffer.from("hello"));
  expect((await heard).toString()).toBe("hello");
  const stop = messages.answer("echo", async (question) => Buffer.from(`${question}!`));
  expect(String(await messages.ask(registry.nodeId, "echo", Buffer.from("a"), 1000))).toBe("a!");
  expect(await messages.ask("another", "echo", Buffer.from("a"), 1000)).toBeUndefined();
  stop();
  expect(await messages.ask(registry.nodeId, "echo", Buffer.from("a"), 1000)).toBeUndefined();
  await registry.add("c1");
  expect(await registry.find("c1")).toBe(registry.nodeId);
  await registry.remove("c1");
  expect(await registry.find("c1")).toBeUndefined();
});

test("stored keys are replaced by id, and every change is seen by its version", async () => {
  const { keys } = new EmbeddedState(new ManualClock(0));
  const key: StoredKey = {
    id: "a",
    name: "acme",
    description: "",
    hash: "00",
    enabled: true,
    plans: ["gold"],
    createdAt: 0,
    updatedAt: 0,
  };
  const before = keys.version;
  await keys.put(key);
  await keys.put({ ...key, enabled: false });
  expect(keys.all()).toEqual([{ ...key, enabled: false }]);
  expect(keys.version).not.toBe(before);
  await keys.remove("a");
  expect(keys.all()).toEqual([]);
});

test("different tuples never share a key", () => {
  expect(stateKey("a", "bc")).not.toBe(stateKey("ab", "c"));
  expect(stateKey("1:a", "b")).not.toBe(stateKey("1", "a1:b"));
  expect(stateKey("", "a")).not.toBe(stateKey("a", ""));
});

describe("rates", () => {
  const rule = { limit: 10, windowSeconds: 60 };
  const over = (rate: { isOver(name: string): boolean }, requests: number) =>
    Array.from({ length: requests }, () => rate.isOver("a")).filter(Boolean).length;

  test("a window slides, and a key goes on counting until its rule changes", () => {
    const clock = new ManualClock(0);
    const state = new EmbeddedState(clock);
    expect(over(state.rate("k", rule), 12)).toBe(2);
    expect(over(state.rate("k", { ...rule }), 1)).toBe(1);
    expect(over(state.rate("other", rule), 10)).toBe(0);
    clock.advance(67_000);
    expect(over(state.rate("k", rule), 10)).toBe(0);
    expect(over(state.rate("k", { ...rule, limit: 5 }), 6)).toBe(1);
  });

  test("what is remembered is bounded", () => {
    const counts = new WindowCounts(rule, new ManualClock(0), 100);
    for (let at = 0; at < 1_000; at++) counts.add(`10.0.${at >> 8}.${at & 255}`);
    expect(counts.size).toBe(100);
  });

  test("processes tell each other what they count, and only what counts for something", async () => {
    vi.useFakeTimers();
    try {
      const clock = new ManualClock(0);
      const messages = new LocalMessages("hub");
      const told: string[] = [];
      messages.subscribe("rates", (message) => void told.push(message.toString("utf8")));
      const nodes = ["n1", "n2"].map((nodeId) => new SharedRates(clock, { messages, nodeId }));
      const [one, two] = nodes.map((node) => node.of("k", rule));
      expect(over(one as Rate, 6)).toBe(0);
      expect(over(two as Rate, 6)).toBe(0);
      await vi.advanceTimersByTimeAsync(250);
      expect([over(one as Rate, 1), over(two as Rate, 1)]).toEqual([1, 1]);
      const large = nodes[0]?.of("large", { limit: 1000, windowSeconds: 60 }) as Rate;
      over(large, 9);
      await vi.advanceTimersByTimeAsync(250);
      expect(told.some((message) => message.includes('"large"'))).toBe(false);
      over(large, 1);
      await vi.advanceTimersByTimeAsync(250);
      expect(told.at(-1)).toBe('{"from":"n1","key":"large","counts":[["a",10]]}');
      const wrong = [
        "",
        "{",
        "null",
        '{"from":"x","key":"k","counts":[["b",-1]]}',
        '{"from":"x","key":"k","counts":[[1,1]]}',
      ];
      for (const text of wrong) messages.publish("rates", Buffer.from(text));
      await vi.advanceTimersByTimeAsync(10);
      for (const node of nodes) node.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
