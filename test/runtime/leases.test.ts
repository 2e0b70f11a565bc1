import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.js";
import { EmbeddedState } from "../../runtime/state/embedded-state.js";
import {
  type LeaseBatch,
  type LeaseReply,
  type LeaseStore,
  tokenLease,
} from "../../runtime/state/leased/lease-store.js";
import type { OnFailure } from "../../runtime/state/leased/leased-bucket.js";
import { LeasedState } from "../../runtime/state/leased/leased-state.js";
import { LocalBucket } from "../../runtime/state/local-bucket.js";
import type { LocalQuota } from "../../runtime/state/local-quota.js";
import type { Limit, TokenBucket } from "../../runtime/state/state.js";
import { watchLag } from "../support/lag.js";
import { pause } from "./raw-socket.js";

/** A store some way off, that can be cut off and hung. */
class FarStore implements LeaseStore {
  isAway = false;
  isHung = false;
  batches = 0;

  constructor(
    readonly near: EmbeddedState,
    public delayMs: number,
  ) {}

  async exchange(batch: LeaseBatch): Promise<LeaseReply> {
    this.batches++;
    if (this.isAway) throw new Error("connection refused");
    await pause(this.delayMs);
    if (this.isHung) return new Promise(() => undefined);
    return this.near.exchange(batch);
  }
}

const open: LeasedState[] = [];
const log: string[] = [];

function nodes(count: number, store: FarStore, onFailure: OnFailure = "local"): LeasedState[] {
  const { near } = store;
  const made = Array.from(
    { length: count },
    (_, node) =>
      new LeasedState({
        store,
        clock: systemClock,
        onFailure,
        lateMs: 30,
        timeoutMs: 200,
        retryMs: 100,
        onUp: () => log.push(`${node} up`),
        onDown: () => log.push(`${node} down`),
        parts: {
          keys: near.keys,
          messages: near.messages,
          registry: near.registry,
          readUsage: (range) => near.readUsage(range),
          ready: async () => undefined,
          close: async () => undefined,
        },
      }),
  );
  open.push(...made);
  return made;
}

function store(delayMs = 1): FarStore {
  return new FarStore(new EmbeddedState(systemClock), delayMs);
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((state) => state.close()));
  log.splice(0);
});

/** A bucket of one process alone, asked in the same turns: where this machine pauses, both overflow. */
function bucketAlone(limit: TokenBucket): { readonly counted: Limit; admitted(): number } {
  const alone = new LocalBucket(limit);
  let admitted = 0;
  const counted: Limit = {
    refusal: "THROTTLED",
    take: (now) => {
      admitted += Number(alone.take(now));
      return false;
    },
    wait: async () => false,
    giveBack: () => undefined,
  };
  return { counted, admitted: () => admitted };
}

/** What a bucket of the store holds, whole tokens. */
function leftOf({ near }: FarStore, limit: { readonly rate: number; readonly burst: number }): number {
  const bucket = near.bucket("b", limit) as LocalBucket;
  bucket.lease(performance.now(), { returned: 0, needed: 0, ahead: 0 });
  return Math.floor(bucket.tokens);
}

/** One request, which waits where it has to. */
function request(limit: Limit | undefined): boolean | Promise<boolean> {
  return limit?.take(performance.now(), Date.now()) ?? limit?.wait() ?? false;
}

/** So many requests a turn of the event loop on each of the limits, for so long. */
async function hammer(limits: readonly (Limit | undefined)[], forMs: number, perTurn = 5): Promise<number> {
  let admitted = 0;
  const waiting = new Set<Promise<unknown>>();
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    for (const limit of limits) {
      for (let count = 0; count < perTurn; count++) {
        const answer = request(limit);
        if (typeof answer === "boolean") admitted += Number(answer);
        else {
          const done: Promise<unknown> = answer.then((isAdmitted) => {
            admitted += Number(isAdmitted);
            waiting.delete(done);
          });
          waiting.add(done);
        }
      }
    }
    await new Promise(setImmediate);
  }
  await Promise.all(waiting);
  return admitted;
}

describe("throttles shared by four processes", () => {
  test.each([
    { rate: 1000, burst: 1000 },
    { rate: 500, burst: 50 },
    { rate: 100, burst: 10 },
    { rate: 5000, burst: 5000 },
  ])("$rate a second, burst $burst: within -3 % and +2 % and the stated bound", async (limit) => {
    const states = nodes(4, store());
    const buckets = states.map((state) => state.bucket("b", limit));
    const { counted, admitted: ideal } = bucketAlone(limit);
    const admitted = await hammer([...buckets, counted], 1500);
    expect(admitted).toBeGreaterThanOrEqual(ideal() * 0.97 - 4);
    expect(admitted).toBeLessThanOrEqual(ideal() * 1.02 + 1 + 4 * tokenLease(limit));
  });

  test.each([
    { rate: 20, burst: 10 },
    { rate: 1000, burst: 10 },
    { rate: 200, burst: 39 },
  ])("a burst of $burst that is free is given to whichever process asks for it", async (limit) => {
    const far = store();
    const buckets = nodes(4, far).map((state) => state.bucket("b", limit));
    for (const bucket of buckets) await hammer([bucket], 30, 1);
    // Full again: what the others hold would be missing now.
    await expect.poll(() => leftOf(far, limit), { timeout: 5000 }).toBe(limit.burst);
    const answers = await Promise.all(Array.from({ length: 2 * limit.burst }, () => request(buckets[0])));
    expect(answers.filter(Boolean).length).toBeGreaterThanOrEqual(limit.burst);
  });

  test("of a larger burst, the other processes keep no more than their leases", async () => {
    const limit = { rate: 100, burst: 160 };
    const far = store();
    const buckets = nodes(4, far).map((state) => state.bucket("b", limit));
    await hammer(buckets, 100, 2);
    await expect.poll(() => leftOf(far, limit), { timeout: 5000 }).toBe(limit.burst);
    for (let count = 0; count < 12; count++) await request(buckets[1 + (count % 3)]);
    const answers = await Promise.all(Array.from({ length: 200 }, () => request(buckets[0])));
    expect(answers.filter(Boolean).length).toBeGreaterThanOrEqual(limit.burst - 12 - 3 * tokenLease(limit));
  });

  test("at once, no more than the burst", async () => {
    const limit = { rate: 0.001, burst: 100 };
    const buckets = nodes(4, store(3)).map((state) => state.bucket("b", limit));
    const answers = await Promise.all(Array.from({ length: 400 }, (_, at) => request(buckets[at % 4])));
    expect(answers.filter(Boolean)).toHaveLength(100);
  });

  test("one request after another, on whichever process, is counted to the request", async () => {
    const buckets = nodes(4, store()).map((state) => state.bucket("b", { rate: 0.001, burst: 8 }));
    let admitted = 0;
    for (let count = 0; count < 40; count++) if (await request(buckets[count % 4])) admitted++;
    expect(admitted).toBe(8);
  });

  test("leases are not left with a process that has no use for them", async () => {
    const limit = { rate: 100, burst: 400 };
    const [a, b] = nodes(2, store()).map((state) => state.bucket("b", limit));
    const begin = performance.now();
    const first = await hammer([a], 20, 1);
    await pause(1300);
    const rest = await hammer([b], 300);
    const refilled = ((performance.now() - begin) * limit.rate) / 1000;
    const most = Math.min(400, 400 - first + refilled) + 40;
    expect(rest).toBeGreaterThanOrEqual(Math.min(400, 400 - first + refilled - 30) - 5);
    expect(rest).toBeLessThanOrEqual(most);
  });

  test("while leases last, the store is asked seldom", async () => {
    const far = store();
    const [state] = nodes(1, far);
    const bucket = state?.bucket("b", { rate: 10_000, burst: 5000 });
    let admitted = 0;
    for (let turn = 0; turn < 200; turn++) {
      for (let count = 0; count < 20; count++) if (await request(bucket)) admitted++;
      await pause(1);
    }
    expect(admitted).toBe(4000);
    expect(far.batches).toBeLessThan(60);
  });
});

describe("quotas shared by four processes", () => {
  const rule = { limit: 2000, period: "DAY", offset: 0 } as const;

  test("are used up and never exceeded", async () => {
    const quotas = nodes(4, store(2)).map((state) => state.quota("q", rule));
    expect(await hammer(quotas, 1500)).toBe(2000);
    expect(await request(quotas[0])).toBe(false);
  });

  test("a quota of more than 32 bits is counted too", async () => {
    const [state] = nodes(1, store());
    const quota = state?.quota("q", { limit: 2 ** 40, period: "DAY", offset: 0 });
    for (let count = 0; count < 50; count++) expect(await request(quota)).toBe(true);
  });

  test("usage is the sum of all processes", async () => {
    const far = store();
    const states = nodes(4, far);
    for (const state of states) {
      const usage = state.usage({ plan: "gold", keyId: "acme" });
      for (let count = 0; count < 250; count++) usage.add(Date.now(), 1);
    }
    await Promise.all(states.map((state) => state.close()));
    const today = new Date().toISOString().slice(0, 10);
    expect(await far.near.readUsage({ from: today, to: today })).toMatchObject([{ requests: 1000 }]);
  });
});

describe("a store that goes away", () => {
  const limit = { rate: 0.001, burst: 8 };

  test.each([
    ["closed", 0],
    ["open", 100],
    ["local", 7],
  ] as const)("%s: %i of 100 requests pass, and one line tells of each change", async (onFailure, passing) => {
    const far = store();
    const [state] = nodes(1, far, onFailure);
    const bucket = state?.bucket("b", limit);
    await request(bucket);
    far.isAway = true;
    const answers = await Promise.all(Array.from({ length: 100 }, () => request(bucket)));
    expect(answers.filter(Boolean)).toHaveLength(passing);
    expect(log).toEqual(["0 down"]);
    far.isAway = false;
    await pause(300);
    expect(log).toEqual(["0 down", "0 up"]);
    expect(await request(bucket)).toBe(true);
  });

  test("one that hangs: the policy is obeyed within 50 ms, and told a little later", async () => {
    const far = store();
    const [state] = nodes(1, far, "closed");
    const bucket = state?.bucket("b", { rate: 1000, burst: 100_000 });
    await hammer([bucket], 50, 1);
    far.isHung = true;
    const lag = watchLag();
    const begin = performance.now();
    let isRefused = false;
    while (!isRefused && performance.now() - begin < 1000) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => request(bucket)));
      isRefused = answers.every((answer) => !answer);
      await new Promise(setImmediate);
    }
    expect(performance.now() - begin).toBeLessThan(50 + 2 * lag());
    expect(log).toEqual([]);
    await expect.poll(() => log).toEqual(["0 down"]);
    expect(await request(bucket)).toBe(false);
  });

  test("one that is slow for a moment is not taken for one that is away, and its late answer counts", async () => {
    const far = store();
    const [state] = nodes(1, far, "closed");
    const quota = state?.quota("q", { limit: 1000, period: "DAY", offset: 0 });
    expect(await request(quota)).toBe(true);
    far.delayMs = 55;
    const begin = performance.now();
    // Whoever waits is answered in time.
    expect(await request(quota)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(50);
    await pause(100);
    far.delayMs = 1;
    expect(await request(quota)).toBe(true);
    expect(log).toEqual([]);
  });

  test("while one is late, four processes go on with what they have been granted of late, not with the limit each", async () => {
    const far = store();
    const limit = { rate: 1000, burst: 100 };
    const buckets = nodes(4, far).map((state) => state.bucket("b", limit));
    const { counted, admitted: ideal } = bucketAlone(limit);
    let admitted = await hammer([...buckets, counted], 1200);
    far.delayMs = 120;
    admitted += await hammer([...buckets, counted], 600);
    far.delayMs = 1;
    admitted += await hammer([...buckets, counted], 400);
    expect(log).toEqual([]);
    // Alone with the limit each, they would admit some 1,800 more.
    expect(admitted).toBeLessThanOrEqual(ideal() * 1.3);
    expect(admitted).toBeGreaterThanOrEqual(ideal() * 0.8);
  });

  test("a process that is busy does not take the store for away", async () => {
    const far = store(20);
    const [state] = nodes(1, far, "closed");
    const bucket = state?.bucket("b", { rate: 1000, burst: 10 });
    const waiting = Array.from({ length: 5 }, () => request(bucket));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const end = performance.now() + 250;
    while (performance.now() < end);
    expect(await Promise.all(waiting)).toEqual([true, true, true, true, true]);
    expect(log).toEqual([]);
  });

  test("no count of a quota is lost over an outage", async () => {
    const far = store();
    const [state] = nodes(1, far, "open");
    const rule = { limit: 1000, period: "DAY", offset: 0 } as const;
    const quota = state?.quota("q", rule);
    far.isAway = true;
    for (let count = 0; count < 30; count++) await request(quota);
    far.isAway = false;
    await pause(300);
    await state?.close();
    expect((far.near.quota("q", rule) as LocalQuota).used).toBe(30);
  });
});
