import { EventEmitter } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseAnswer } from "../../../runtime/cache/answer-bytes.js";
import type { RouteCacheEntry, StageCacheEntry } from "../../../runtime/cache/cache-entry.js";
import { cached } from "../../../runtime/cache/cached.js";
import { systemClock } from "../../../runtime/clock.js";
import { createGateway, type Gateway } from "../../../runtime/host/gateway.js";
import { type HubChannel, ipcState } from "../../../runtime/host/workers/ipc-state.js";
import { type HubWorker, StateHub } from "../../../runtime/host/workers/state-hub.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { BoundedAnswers } from "../../../runtime/state/answers/bounded-answers.js";
import { MemoryAnswers } from "../../../runtime/state/answers/memory-answers.js";
import { EmbeddedState } from "../../../runtime/state/embedded-state.js";
import { redisState } from "../../../runtime/state/redis/redis-state.js";
import type { State } from "../../../runtime/state/state.js";
import { watchLag } from "../../support/lag.js";
import { testProgram, testRoute } from "../../support/program.js";
import { hasRedis, type RunningRedis, startRedis } from "../../support/redis.js";
import { pause } from "../raw-socket.js";

const stageCache: StageCacheEntry = {
  maxBytes: 1_000_000,
  ttlSeconds: 300,
  encrypted: false,
  invalidate: "anyone",
  unauthorized: "SUCCEED_WITH_RESPONSE_HEADER",
};
const logger = { write: () => undefined };
const secret = "a-secret-of-more-than-32-characters";

interface Setup {
  readonly stage?: Partial<StageCacheEntry>;
  readonly route?: Partial<RouteCacheEntry>;
  readonly answer?: (x: Exchange, calls: number) => boolean | Promise<boolean>;
}

class Node {
  calls = 0;
  readonly gateway: Gateway;

  constructor(
    readonly state: State,
    { stage, route, answer }: Setup,
  ) {
    const integrate = (x: Exchange) => {
      this.calls++;
      return answer === undefined ? x.answer(200, ["X-A", "b"], `${x.path} ${this.calls}`) : answer(x, this.calls);
    };
    const entry = {
      ...testRoute("ANY /x/{id}", (x) => cached(x, integrate)),
      cache: { ttlSeconds: undefined, keys: [{ in: "path", name: "id" } as const], shared: false, ...route },
    };
    const stages = [{ name: "dev", variables: [], log: "off" as const, cache: { ...stageCache, ...stage } }];
    this.gateway = createGateway({ program: testProgram([entry], { stages }), state });
  }

  async ask(path: string, headers: readonly string[] = []): Promise<string> {
    return (await this.gateway.inject({ path: `/dev/x/${path}`, headers })).body.toString();
  }
}

const nodes: Node[] = [];
const states: State[] = [];
let hub: StateHub | undefined;
let redis: RunningRedis | undefined;

beforeAll(async () => {
  if (hasRedis()) redis = await startRedis();
});
afterAll(async () => redis?.stop());
beforeEach(() => {
  redis?.command("flushall");
  hub = new StateHub(() => new EmbeddedState(systemClock));
});
afterEach(async () => {
  redis?.goOn();
  await Promise.all(nodes.splice(0).map(({ gateway }) => gateway.close({ drainMs: 0 })));
  await Promise.all(states.splice(0).map((state) => state.close()));
  await hub?.close();
});

/** A serving process and its channel to the primary one, without processes. */
function worker(): State {
  const [up, down] = [new EventEmitter(), new EventEmitter()];
  const copy = (message: unknown) => JSON.parse(JSON.stringify(message)) as unknown;
  const channel: HubChannel = {
    send: (message) => void setImmediate(() => up.emit("message", copy(message))),
    onMessage: (listener) => void down.on("message", listener),
  };
  const process: HubWorker = {
    send: (message) => void setImmediate(() => down.emit("message", copy(message))),
    isConnected: () => true,
    on: (event, listener) => up.on(event, listener),
    once: (event, listener) => up.once(event, listener),
  };
  hub?.attach(process);
  return ipcState(channel, systemClock, logger);
}

function redisNode(cacheKey: string | undefined, sharesAnswers = true): State {
  return redisState({
    url: redis?.url ?? "",
    name: "shop",
    onFailure: "local",
    sharesAnswers,
    cacheKey,
    clock: systemClock,
    logger,
  });
}

async function setUp(
  kind: "processes" | "nodes",
  setup: Setup = {},
  open = () => redisNode(secret),
): Promise<[Node, Node]> {
  const made = [0, 1].map(() => (kind === "processes" ? worker() : open()));
  states.push(...made);
  await Promise.all(made.map((state) => state.ready()));
  const pair = made.map((state) => new Node(state, setup));
  nodes.push(...pair);
  // The connection for answers is made by the first request for one; subscriptions take a moment.
  await Promise.all(pair.map(({ state }) => connected(state)));
  return pair as [Node, Node];
}

async function connected(state: State): Promise<void> {
  if (state.answers === undefined) return pause(50);
  await expect.poll(() => state.answers?.look("none", "none", ""), { timeout: 5000 }).toBeDefined();
}

function shelfInRedis(): string {
  const [name = ""] = redis?.command("keys", "*:answers").trim().split("\n") ?? [];
  return name.replace(/:answers$/, "");
}

/** What others see of an answer that has just been given; it is shared behind the answer. */
const shared = () => pause(30);

for (const kind of ["processes", "nodes"] as const) {
  describe.skipIf(kind === "nodes" && !hasRedis())(`caches of several ${kind} are one`, () => {
    test("what one has asked for, the others have", async () => {
      const [a, b] = await setUp(kind);
      expect(await a.ask("1")).toBe("/x/1 1");
      await shared();
      expect(await b.ask("1")).toBe("/x/1 1");
      expect(await b.ask("1")).toBe("/x/1 1");
      expect([a.calls, b.calls]).toEqual([1, 0]);
      expect(await b.ask("2")).toBe("/x/2 1");
    });

    test.each([false, true])("bytes, headers and status come as they were (encrypted: %s)", async (encrypted) => {
      const bytes = Buffer.from([0, 255, 10, 13, 200]);
      const answer = (x: Exchange) => x.answer(203, ["X-Ä".replace("Ä", "A"), "täglich"], bytes);
      const [a, b] = await setUp(kind, { stage: { encrypted }, answer });
      await a.ask("1");
      await shared();
      const { status, headers, body } = await b.gateway.inject({ path: "/dev/x/1" });
      expect(b.calls).toBe(0);
      expect(status).toBe(203);
      expect(headers[headers.indexOf("X-A") + 1]).toBe("täglich");
      expect(body).toEqual(bytes);
    });

    test("a flush empties all of them, what is on its way too", async () => {
      let release: (() => void) | undefined;
      const [a, b] = await setUp(kind, {
        answer: async (x, calls) => {
          if (x.path === "/x/slow") await new Promise<void>((resolve) => (release = resolve));
          return x.answer(200, [], `${calls}`);
        },
      });
      await a.ask("1");
      await shared();
      await b.ask("1");
      const slow = b.ask("slow");
      await expect.poll(() => release).toBeDefined();
      expect(a.gateway.flushCache("test", "dev")).toBe(true);
      await pause(100);
      release?.();
      await slow;
      await shared();
      expect(b.calls).toBe(1);
      expect(await b.ask("1")).toBe("2");
      await shared();
      expect(await a.ask("1")).toBe("2");
      expect(a.calls).toBe(1);
      const again = a.ask("slow");
      await expect.poll(() => a.calls).toBe(2);
      release?.();
      expect(await again).toBe("2");
    });

    test("an answer that one has asked for afresh takes the place of what the others hold", async () => {
      const [a, b] = await setUp(kind, { answer: (x, calls) => x.answer(200, [], `${x.header("x-who")} ${calls}`) });
      await a.ask("1", ["X-Who", "a"]);
      await shared();
      expect(await b.ask("1")).toBe("a 1");
      expect(await a.ask("1", ["X-Who", "a", "Cache-Control", "max-age=0"])).toBe("a 2");
      await pause(100);
      expect(await b.ask("1", ["X-Who", "b"])).toBe("a 2");
      expect(b.calls).toBe(0);
    });

    test("a fresh answer that is none to keep takes the others' away", async () => {
      let status = 200;
      const [a, b] = await setUp(kind, { answer: (x, calls) => x.answer(status, [], `${calls}`) });
      await a.ask("1");
      await shared();
      await b.ask("1");
      status = 404;
      await a.ask("1", ["Cache-Control", "max-age=0"]);
      await pause(100);
      await b.ask("1");
      expect(b.calls).toBe(1);
    });

    test("answers that vary by a header are found by its values", async () => {
      const [a, b] = await setUp(kind, {
        answer: (x, calls) => x.answer(200, ["Vary", "Origin"], `${x.header("origin")} ${calls}`),
      });
      await a.ask("1", ["Origin", "https://a"]);
      await shared();
      expect(await b.ask("1", ["Origin", "https://b"])).toBe("https://b 1");
      expect(await b.ask("1", ["Origin", "https://a"])).toBe("https://a 1");
      await shared();
      expect(await a.ask("1", ["Origin", "https://b"])).toBe("https://b 1");
      expect([a.calls, b.calls]).toEqual([1, 1]);
    });

    test("no longer than they live, and no more than the stage's size", async () => {
      const [a, b] = await setUp(kind, {
        stage: { maxBytes: 20_000, ttlSeconds: 1 },
        answer: (x) => x.answer(200, [], "x".repeat(3000)),
      });
      for (let at = 0; at < 20; at++) await a.ask(String(at));
      await shared();
      for (let at = 19; at >= 0; at--) await b.ask(String(at));
      expect(b.calls).toBeGreaterThanOrEqual(14);
      expect(b.calls).toBeLessThanOrEqual(18);
      await pause(1100);
      const { calls } = b;
      await b.ask("19");
      expect(b.calls).toBe(calls + 1);
    });

    test("where several ask at once, one answer becomes everybody's", async () => {
      const [a, b] = await setUp(kind, {
        answer: async (x, calls) => {
          await pause(50);
          return x.answer(200, ["Vary", "X-None"], `${x.header("x-who")} ${calls}`);
        },
      });
      expect(await Promise.all([a.ask("1", ["X-Who", "a"]), b.ask("1", ["X-Who", "b"])])).toEqual(["a 1", "b 1"]);
      await shared();
      const answers = await Promise.all([a.ask("1"), b.ask("1")]);
      expect(answers[0]).toBe(answers[1]);
      expect([a.calls, b.calls]).toEqual([1, 1]);
    });

    test("a flush of authorizers reaches all of them", async () => {
      const [a, b] = await setUp(kind);
      const made: number[] = [];
      const entry = {} as Parameters<typeof a.gateway.live.authorizers.of>[0];
      const touch = ({ gateway }: Node) => {
        const stage = gateway.live.stages.get("dev");
        if (stage) gateway.live.authorizers.of(entry, stage, () => ({ at: made.push(1) }));
      };
      for (const node of [a, b, a, b]) touch(node);
      expect(made).toHaveLength(2);
      expect(a.gateway.flushAuthorizers("test", "dev")).toBe(true);
      await pause(100);
      for (const node of [a, b]) touch(node);
      expect(made).toHaveLength(4);
    });
  });
}

describe.skipIf(!hasRedis())("answers in Redis", () => {
  test("encrypted ones are shared by a common secret alone, and not readable", async () => {
    const answer = (x: Exchange, calls: number) => x.answer(200, ["X-Secret", "header 4711"], `body 4711 ${calls}`);
    const [a, b] = await setUp("nodes", { stage: { encrypted: true }, answer });
    await a.ask("1");
    await shared();
    expect(await b.ask("1")).toBe("body 4711 1");
    const kept = redis?.command("hvals", `${shelfInRedis()}:answers`) ?? "";
    expect(kept.length).toBeGreaterThan(40);
    expect(kept).not.toContain("4711");
    const [other] = await setUp("nodes", { stage: { encrypted: true }, answer }, () => redisNode(`another-${secret}`));
    await other.ask("1");
    expect(other.calls).toBe(1);
    const [none, alone] = await setUp("nodes", { stage: { encrypted: true }, answer }, () => redisNode(undefined));
    for (const node of [none, alone]) await node.ask("2");
    expect([none.calls, alone.calls]).toEqual([1, 1]);
  });

  test("kept by each process alone, a flush and a fresh answer still reach the others", async () => {
    const [a, b] = await setUp("nodes", {}, () => redisNode(undefined, false));
    for (const node of [a, b]) await node.ask("1");
    expect([a.calls, b.calls]).toEqual([1, 1]);
    a.gateway.flushCache("test", "dev");
    await pause(100);
    await b.ask("1");
    expect(b.calls).toBe(2);
    await a.ask("1", ["Cache-Control", "max-age=0"]);
    await pause(100);
    await b.ask("1");
    expect(b.calls).toBe(3);
  });

  test.each(["string", "list", "nonsense"])("what others have put there (%s) is a miss", async (poison) => {
    const [a, b] = await setUp("nodes");
    await a.ask("1");
    await shared();
    const base = shelfInRedis();
    const fields = redis?.command("hkeys", `${base}:answers`).trim().split("\n") ?? [];
    expect(fields[0]).toHaveLength(43);
    if (poison === "nonsense")
      redis?.command("hset", `${base}:answers`, fields[0] ?? "", `0000000000000000${"x".repeat(30)}`);
    else
      for (const name of [base, `${base}:answers`, `${base}:due`]) {
        redis?.command("del", name);
        redis?.command(...(poison === "list" ? ["rpush", name, "x"] : ["set", name, "x"]));
      }
    expect(await b.ask("1")).toBe("/x/1 1");
    expect(b.calls).toBe(1);
    await shared();
    expect(await b.ask("1")).toBe("/x/1 1");
  });

  test("hung or killed: misses, none of which waits longer than 50 ms, and shared again within 2 s", async () => {
    const [a, b] = await setUp("nodes");
    redis?.hang();
    const waits: number[] = [];
    const lag = watchLag();
    for (let at = 0; at < 40; at++) {
      const begin = performance.now();
      expect(await a.ask(`hung-${at}`)).toBe(`/x/hung-${at} ${at + 1}`);
      waits.push(performance.now() - begin);
      await pause(10);
    }
    expect(Math.max(...waits)).toBeLessThan(50 + 2 * lag());
    redis?.goOn();
    await expect
      .poll(
        async () => {
          const id = `again-${a.calls}`;
          await a.ask(id);
          await shared();
          const { calls } = b;
          await b.ask(id);
          return b.calls === calls;
        },
        { timeout: 2000 },
      )
      .toBe(true);
  });

  test("a flush while Redis is away is made up for when it is back, and known to those who missed the message", async () => {
    const [a, b] = await setUp("nodes");
    await a.ask("1");
    await shared();
    await b.ask("1");
    redis?.hang();
    await a.ask("other");
    expect(a.gateway.flushCache("test", "dev")).toBe(true);
    expect(await a.ask("1")).toBe("/x/1 3");
    redis?.goOn();
    await pause(1000);
    await b.ask("1");
    expect(b.calls).toBe(1);
  });
});

test("a store that hangs is asked by one look in a while, and nobody else waits for it", async () => {
  let looks = 0;
  const never = () => new Promise<never>(() => undefined);
  const look = () => {
    looks++;
    return never();
  };
  const answers = new BoundedAnswers(
    { look, put: never, drop: never, flush: never },
    { timeoutMs: 20, retryMs: 200, sealKey: () => undefined },
  );
  expect(await answers.look("s", "k", "")).toBeUndefined();
  const begin = performance.now();
  for (let at = 0; at < 100; at++) expect(await answers.look("s", "k", "")).toBeUndefined();
  expect(looks).toBeLessThanOrEqual(2 + (performance.now() - begin) / 200);
  await pause(200);
  await Promise.all(Array.from({ length: 50 }, () => answers.look("s", "k", "")));
  expect(looks).toBeLessThanOrEqual(3 + (performance.now() - begin) / 200);
});

test("an answer never takes the place of one that was asked for later, nor outlives a flush", async () => {
  const answers = new BoundedAnswers(new MemoryAnswers(), { timeoutMs: 40, retryMs: 100, sealKey: () => undefined });
  const put = (ticket: string, text: string) =>
    answers.put("s", "k", {
      bytes: Buffer.from(text),
      ticket,
      ttlMs: 1000,
      maxBytes: 10_000,
      replaces: true,
    });
  const [first, second] = [await answers.look("s", "k", ""), await answers.look("s", "k", "")];
  await put(second?.ticket ?? "", "second");
  await put(first?.ticket ?? "", "first");
  expect(String((await answers.look("s", "k", ""))?.found?.bytes)).toBe("second");
  const late = await answers.look("s", "k", "");
  expect(await answers.flush("s")).not.toBe(late?.generation);
  await put(late?.ticket ?? "", "late");
  expect((await answers.look("s", "k", ""))?.found).toBeUndefined();
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["a head that is longer than all", Buffer.from([255, 255, 255, 255, 1])],
  ["a line break in a header", framed([200, true, ["a", "b\r\nc: d"]])],
  ["a header without a value", framed([200, true, ["a"]])],
  ["a status that is none to keep", framed([500, true, []])],
  ["a status that is no number", framed(["200", true, []])],
  ["an object", framed({ status: 200 })],
])("bytes that are no answer (%s) are none", (_name, bytes) => {
  expect(parseAnswer(bytes)).toBeUndefined();
});

function framed(head: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}
