import { expect, test } from "vitest";
import { answerPieces, parseAnswer } from "../../../runtime/cache/answer-bytes.js";
import type { RouteCacheEntry, StageCacheEntry } from "../../../runtime/cache/cache-entry.js";
import { cached } from "../../../runtime/cache/cached.js";
import { Sealer } from "../../../runtime/cache/sealed.js";
import { ManualClock } from "../../../runtime/clock.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { GatewayError } from "../../../runtime/http/gateway-error.js";
import { testProgram, testRoute } from "../../support/program.js";

const stageCache: StageCacheEntry = {
  maxBytes: 1_000_000,
  ttlSeconds: 300,
  encrypted: false,
  invalidate: "anyone",
  unauthorized: "SUCCEED_WITH_RESPONSE_HEADER",
};

interface Setup {
  readonly stage?: Partial<StageCacheEntry>;
  readonly route?: Partial<RouteCacheEntry>;
  readonly answer?: (x: Exchange, calls: number) => boolean | Promise<boolean>;
}

/** A gateway with one cached route, `ANY /x/{id}`, whose integration tells how often it was called. */
function setUp({ stage, route, answer }: Setup = {}) {
  let calls = 0;
  const clock = new ManualClock(1_800_000_000_000);
  const integrate = (x: Exchange) =>
    answer === undefined ? x.answer(200, ["X-Calls", String(++calls)], `call ${calls}`) : answer(x, ++calls);
  const entry = {
    ...testRoute("ANY /x/{id}", (x) => cached(x, integrate)),
    cache: { ttlSeconds: undefined, keys: [{ in: "path", name: "id" } as const], shared: false, ...route },
  };
  const stages = [{ name: "dev", variables: [], log: "off" as const, cache: { ...stageCache, ...stage } }];
  const gateway = createGateway({ program: testProgram([entry], { stages }), clock });
  const ask = async (path: string, headers: readonly string[] = []) =>
    (await gateway.inject({ path: `/dev/x/${path}`, headers })).body.toString();
  return { gateway, clock, ask, calls: () => calls };
}

test("an answer is kept for the route's time, else the stage's, and no longer", async () => {
  for (const [route, seconds] of [
    [{}, 300],
    [{ ttlSeconds: 60 }, 60],
  ] as const) {
    const { ask, clock } = setUp({ route });
    expect(await ask("1")).toBe("call 1");
    clock.advance(seconds * 1000 - 1);
    expect(await ask("1")).toBe("call 1");
    clock.advance(1);
    expect(await ask("1")).toBe("call 2");
  }
});

test("ttl 0 keeps nothing", async () => {
  const { ask } = setUp({ route: { ttlSeconds: 0 } });
  expect([await ask("1"), await ask("1")]).toEqual(["call 1", "call 2"]);
});

test("hits carry ids of their own, not those of the request that filled the cache", async () => {
  const { gateway } = setUp();
  const ids = async () => {
    const { headers } = await gateway.inject({ path: "/dev/x/1" });
    return headers[headers.indexOf("x-amzn-RequestId") + 1];
  };
  const [first, second] = [await ids(), await ids()];
  expect(first).not.toBe(second);
});

test("no two requests share a key by chance", async () => {
  const route: RouteCacheEntry = {
    ttlSeconds: undefined,
    shared: false,
    keys: [
      { in: "path", name: "id" },
      { in: "query", name: "a" },
      { in: "query", name: "b" },
      { in: "header", name: "x-h" },
    ],
  };
  const { ask } = setUp({ route });
  const asked: [string, string[]][] = [
    ["1", []],
    ["1?a=", []],
    ["1?b=", []],
    ["1?a=1&b=2", []],
    ["1?a=1&a=2", []],
    ["1?a=12", []],
    ["1?a=1;&b=2", []],
    ["1?a=1:b", []],
    ["11?a=2", []],
    ["1", ["X-H", ""]],
    ["1", ["X-H", "1"]],
    ["1", ["X-H", "1", "X-H", "1"]],
    ["1", ["X-H", "1,1"]],
    ["1?b=1", ["X-H", "1"]],
  ];
  const seen = new Set<string>();
  for (const [path, headers] of asked) {
    const answer = await ask(path, headers);
    // `a=1;&b=2` is `a=1&b=2`: REST APIs split at `;`.
    if (path !== "1?a=1;&b=2") expect(seen, `${path} ${headers}`).not.toContain(answer);
    seen.add(answer);
    expect(await ask(path, headers)).toBe(answer);
  }
});

test("methods are kept apart", async () => {
  const { gateway, ask } = setUp();
  await ask("1");
  expect((await gateway.inject({ method: "DELETE", path: "/dev/x/1" })).body.toString()).toBe("call 2");
});

test("callers are kept apart unless the route shares", async () => {
  for (const shared of [false, true]) {
    let calls = 0;
    const entry = {
      ...testRoute("GET /x", (x) => {
        x.caller = { cacheIdentity: x.header("x-user") } as never;
        return cached(x, (y) => y.answer(200, [], `call ${++calls}`));
      }),
      cache: { ttlSeconds: undefined, keys: [], shared },
    };
    const stages = [{ name: "dev", variables: [], log: "off" as const, cache: stageCache }];
    const gateway = createGateway({ program: testProgram([entry], { stages }) });
    const ask = async (user: string) => (await gateway.inject({ path: "/dev/x", headers: ["X-User", user] })).body;
    await ask("ann");
    expect((await ask("bob")).toString()).toBe(shared ? "call 1" : "call 2");
  }
});

test("requests that come while the answer is made wait for it: one call", async () => {
  const { ask, calls } = setUp({
    answer: async (x, at) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return x.answer(200, [], `call ${at}`);
    },
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask("1")));
  expect(new Set(answers)).toEqual(new Set(["call 1"]));
  expect(calls()).toBe(1);
});

test("when the one that makes it fails, the others ask for themselves, and none hangs", async () => {
  const { ask, calls } = setUp({
    answer: async (x, at) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (at === 1) throw new GatewayError("INTEGRATION_TIMEOUT");
      return x.answer(200, [], `call ${at}`);
    },
  });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask("1")));
  expect(answers.filter((text) => text.includes("timed out"))).toHaveLength(1);
  expect(calls()).toBe(5);
});

test("a flush forgets all, and what was asked for before it is not kept after it", async () => {
  let release: (() => void) | undefined;
  const { gateway, ask } = setUp({
    answer: async (x, at) => {
      if (at === 2) await new Promise<void>((resolve) => (release = resolve));
      return x.answer(200, [], `call ${at}`);
    },
  });
  expect(await ask("1")).toBe("call 1");
  expect(gateway.flushCache("test", "dev")).toBe(true);
  const slow = ask("1");
  await expect.poll(() => release).toBeDefined();
  gateway.flushCache("test", "dev");
  release?.();
  expect(await slow).toBe("call 2");
  expect(await ask("1")).toBe("call 3");
  expect(await ask("1")).toBe("call 3");
  expect(gateway.flushCache("test", "nope")).toBe(false);
});

test("answers that vary by a header are kept once for each of its values", async () => {
  const { ask } = setUp({
    answer: (x, at) => x.answer(200, ["Vary", "Origin, Accept-Encoding"], `${x.header("origin")} ${at}`),
  });
  expect(await ask("1", ["Origin", "https://a"])).toBe("https://a 1");
  expect(await ask("1", ["Origin", "https://b"])).toBe("https://b 2");
  expect(await ask("1", ["Origin", "https://a"])).toBe("https://a 1");
  expect(await ask("1", ["Origin", "https://b"])).toBe("https://b 2");
});

test.each([
  ["Vary: *", ["Vary", "*"]],
  ["a cookie", ["Set-Cookie", "a=b"]],
  ["no-store", ["Cache-Control", "max-age=60, no-store"]],
  ["private", ["cache-control", "private"]],
])("an answer with %s is not kept", async (_name, headers) => {
  const { ask } = setUp({ answer: (x, at) => x.answer(200, headers.slice(), `call ${at}`) });
  expect([await ask("1"), await ask("1")]).toEqual(["call 1", "call 2"]);
});

test("an answer above 1 MiB is not kept, one of 1 MiB is", async () => {
  const { ask, calls } = setUp({
    stage: { maxBytes: 10_000_000 },
    answer: (x) => x.answer(200, [], Buffer.alloc(x.path.endsWith("large") ? 1_048_577 : 1_048_576)),
  });
  for (const name of ["large", "large", "small", "small"]) await ask(name);
  expect(calls()).toBe(3);
});

test("the size is a bound on bytes: what was used last stays, under any number of keys", async () => {
  const { ask, gateway } = setUp({ stage: { maxBytes: 20_000 }, answer: (x) => x.answer(200, [], "x".repeat(1000)) });
  const store = gateway.live.stages.get("dev")?.cache?.store;
  for (let at = 0; at < 200; at++) {
    await ask("first");
    await ask(`key-${at}-${"k".repeat(at)}`);
    expect(store?.bytes).toBeLessThanOrEqual(20_000);
  }
  expect(store?.size).toBeGreaterThan(4);
  expect(store?.size).toBeLessThan(10);
});

test("a sealed answer holds nothing readable, and opens only under its own key and unchanged", () => {
  const sealer = new Sealer();
  const answer = { status: 200, headers: ["X-Secret", "header 4711"], body: "body 4711" };
  const pieces = answerPieces(answer);
  const sealed = sealer.seal(pieces, "key");
  expect(sealed.toString("latin1")).not.toContain("4711");
  expect(parseAnswer(sealer.open(sealed, "key"))).toEqual(answer);
  expect(sealer.seal(pieces, "key")).not.toEqual(sealed);
  const changed = Buffer.from(sealed);
  changed[40] = (changed[40] as number) ^ 1;
  for (const open of [
    () => sealer.open(sealed, "other"),
    () => sealer.open(changed, "key"),
    () => new Sealer().open(sealed, "key"),
  ])
    expect(open).toThrow();
});

test("an encrypted cache gives back text and bytes as they were", async () => {
  const secret = "täglich secret 4711";
  const bytes = Buffer.from([0, 255, 1, 254]);
  const { gateway } = setUp({
    stage: { encrypted: true },
    answer: (x) => x.answer(200, ["X-Secret", "header 4711"], x.path.endsWith("text") ? secret : bytes),
  });
  for (let round = 0; round < 2; round++) {
    expect((await gateway.inject({ path: "/dev/x/text" })).body.toString()).toBe(secret);
    expect((await gateway.inject({ path: "/dev/x/bytes" })).body).toEqual(bytes);
  }
});

test("a change of size or encryption empties the cache; another deployment does not", async () => {
  const { gateway, ask } = setUp();
  await ask("1");
  const { program } = gateway.live;
  gateway.swap(program);
  expect(await ask("1")).toBe("call 1");
  gateway.swap({
    ...program,
    stages: program.stages.map((s) => ({ ...s, cache: { ...stageCache, encrypted: true } })),
  });
  expect(await ask("1")).toBe("call 2");
});

test("a part of an answer is never kept for those who ask for the whole", async () => {
  const { ask } = setUp({
    answer: (x) => x.answer(x.header("range") === undefined ? 200 : 206, [], x.header("range") ? "a" : "abc"),
  });
  expect(await ask("1", ["Range", "bytes=0-0"])).toBe("a");
  expect(await ask("1")).toBe("abc");
});

test("an answer that varies by a header is kept under all its values, not the last alone", async () => {
  const { ask } = setUp({
    answer: (x) => x.answer(200, ["Vary", "Origin"], `for ${x.headers[x.headers.indexOf("Origin") + 1]}`),
  });
  expect(await ask("1", ["Origin", "https://evil", "Origin", "https://good"])).toBe("for https://evil");
  expect(await ask("1", ["Origin", "https://good"])).toBe("for https://good");
});

test("an answer that the integration has compressed is given to those alone who accept it", async () => {
  const { ask } = setUp({
    answer: (x) => {
      const coding = x.header("accept-encoding");
      return x.answer(
        200,
        ["Vary", "Accept-Encoding", ...(coding ? ["Content-Encoding", coding] : [])],
        `in ${coding}`,
      );
    },
  });
  expect(await ask("1", ["Accept-Encoding", "br"])).toBe("in br");
  expect(await ask("1")).toBe("in undefined");
});

test("an answer that was asked for earlier does not take the place of a fresh one", async () => {
  let release: (() => void) | undefined;
  const { ask } = setUp({
    answer: async (x, at) => {
      if (at === 1) await new Promise<void>((resolve) => (release = resolve));
      return x.answer(200, [], `call ${at}`);
    },
  });
  const slow = ask("1");
  await expect.poll(() => release).toBeDefined();
  expect(await ask("1", ["Cache-Control", "max-age=0"])).toBe("call 2");
  release?.();
  expect(await slow).toBe("call 1");
  expect(await ask("1")).toBe("call 2");
});

test("a deployment that changes what tells requests apart does not answer one question with another's answer", async () => {
  const { gateway, ask } = setUp({ route: { keys: [{ in: "query", name: "a" }] } });
  expect(await ask("1?a=1&b=2")).toBe("call 1");
  const { program } = gateway.live;
  const routes = program.routes.map((entry) => ({
    ...entry,
    cache: { ttlSeconds: undefined, keys: [{ in: "query", name: "b" } as const], shared: false },
  }));
  gateway.swap({ ...program, routes });
  expect(await ask("1?a=2&b=1")).toBe("call 2");
});

test("a client that goes away while its request is the one under way: one of those who wait asks again, once", async () => {
  const { gateway, calls } = setUp({
    answer: async (x, at) => {
      if (at === 1) {
        await new Promise((resolve) => x.transport.signal.addEventListener("abort", resolve));
        throw new GatewayError("INTEGRATION_FAILURE");
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      return x.answer(200, [], `call ${at}`);
    },
  });
  const { url } = await gateway.listen();
  try {
    const leaving = new AbortController();
    const left = fetch(`${url}/dev/x/1`, { signal: leaving.signal }).catch(() => "gone");
    await expect.poll(calls).toBe(1);
    const others = Array.from({ length: 5 }, async () => (await fetch(`${url}/dev/x/1`)).text());
    await expect.poll(() => gateway.connections()).toBe(6);
    await new Promise((resolve) => setTimeout(resolve, 50));
    leaving.abort();
    expect(await Promise.all(others)).toEqual(Array.from({ length: 5 }, () => "call 2"));
    expect(await left).toBe("gone");
    expect(calls()).toBe(2);
  } finally {
    await gateway.close({ drainMs: 100 });
  }
});

test("those who wait for an answer that turns out to vary share what there is for their own values", async () => {
  const { ask, calls } = setUp({
    answer: async (x) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return x.answer(200, ["Vary", "Origin"], `for ${x.header("origin")}`);
    },
  });
  const origins = ["https://a", "https://b", "https://a", "https://b", "https://b"];
  const answers = await Promise.all(origins.map((origin) => ask("1", ["Origin", origin])));
  expect(answers).toEqual(origins.map((origin) => `for ${origin}`));
  expect(calls()).toBe(2);
});
