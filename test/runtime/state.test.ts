import { expect, test } from "vitest";
import { ManualClock } from "../../runtime/clock.js";
import { EmbeddedState } from "../../runtime/state/embedded-state.js";
import { stateKey } from "../../runtime/state/state.js";

const bucket = { rate: 10, burst: 5 };

test("a bucket grants what it holds, refills with time up to its capacity, and says when to come back", async () => {
  const clock = new ManualClock(0);
  const state = new EmbeddedState(clock);
  expect((await state.leaseTokens("a", bucket, 3)).granted).toBe(3);
  expect((await state.leaseTokens("a", bucket, 3)).granted).toBe(2);
  expect(await state.leaseTokens("a", bucket, 1)).toMatchObject({ granted: 0, retryAfterMs: 100 });
  clock.advance(100);
  expect((await state.leaseTokens("a", bucket, 5)).granted).toBe(1);
  clock.advance(60_000);
  expect((await state.leaseTokens("a", bucket, 99)).granted).toBe(5);
  expect((await state.leaseTokens("b", bucket, 99)).granted).toBe(5);
});

test("returned tokens are there again, never above the capacity", async () => {
  const state = new EmbeddedState(new ManualClock(0));
  await state.leaseTokens("a", bucket, 5);
  await state.returnTokens("a", bucket, 2);
  expect((await state.leaseTokens("a", bucket, 5)).granted).toBe(2);
  await state.returnTokens("a", bucket, 1000);
  expect((await state.leaseTokens("a", bucket, 1000)).granted).toBe(5);
});

test("a rate of nothing never refills", async () => {
  const state = new EmbeddedState(new ManualClock(0));
  expect(await state.leaseTokens("a", { rate: 0, burst: 0 }, 1)).toMatchObject({ granted: 0, retryAfterMs: Infinity });
});

test("a quota counts within its period and begins anew in the next", async () => {
  const state = new EmbeddedState(new ManualClock(0));
  const day = { limit: 3, startMs: 0, endMs: 86_400_000 };
  expect(await state.leaseCounts("k", day, 2)).toEqual({ granted: 2, remaining: 1 });
  expect(await state.leaseCounts("k", day, 2)).toEqual({ granted: 1, remaining: 0 });
  await state.returnCounts("k", day, 1);
  expect((await state.leaseCounts("k", day, 2)).granted).toBe(1);
  const next = { limit: 3, startMs: 86_400_000, endMs: 2 * 86_400_000 };
  expect((await state.leaseCounts("k", next, 2)).granted).toBe(2);
});

test("the number of keys is bounded; the longest unused goes first", async () => {
  const state = new EmbeddedState(new ManualClock(0), 2);
  await state.leaseTokens("a", bucket, 5);
  await state.leaseTokens("b", bucket, 5);
  await state.leaseTokens("a", bucket, 1);
  await state.leaseTokens("c", bucket, 1);
  expect((await state.leaseTokens("a", bucket, 1)).granted).toBe(0);
  expect((await state.leaseTokens("b", bucket, 1)).granted).toBe(1);
});

test("different tuples never share a key", () => {
  expect(stateKey("a", "bc")).not.toBe(stateKey("ab", "c"));
  expect(stateKey("1:a", "b")).not.toBe(stateKey("1", "a1:b"));
  expect(stateKey("", "a")).not.toBe(stateKey("a", ""));
});
