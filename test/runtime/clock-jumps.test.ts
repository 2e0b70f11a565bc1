import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { LambdaAuthorizerEntry, TokenAuthorizerEntry } from "../../runtime/auth/authorizer-entry.js";
import { lambdaAuthorizer } from "../../runtime/auth/lambda/lambda-authorizer.js";
import { jwtAuthorizer } from "../../runtime/auth/tokens/jwt-authorizer.js";
import { cached } from "../../runtime/cache/cached.js";
import { ManualClock } from "../../runtime/clock.js";
import type { StageRecord } from "../../runtime/deploy/stage-record.js";
import { DeploymentStore } from "../../runtime/deploy/store.js";
import { createGateway, type Gateway, type GatewayOptions } from "../../runtime/host/gateway.js";
import { AccessLog } from "../../runtime/observe/access-log.js";
import { accessLogEntry } from "../../runtime/observe/access-log-format.js";
import { Measures } from "../../runtime/observe/measures.js";
import type { Program, RouteEntry } from "../../runtime/program.js";
import { EmbeddedState } from "../../runtime/state/embedded-state.js";
import { echo, socketProgram } from "../../scripts/conformance/socket-program.js";
import { TestIssuer } from "../../scripts/conformance/test-issuer.js";
import { testProgram, testRoute } from "../support/program.js";
import { RawWebSocket } from "../support/raw-websocket.js";

/**
 * The wall clock of a machine is set: by NTP after a start, by hand, by a virtual machine that wakes up. What lasts (a
 * kept decision, keys, an idle connection, a bucket) goes by the monotonic clock; what ends at a moment that somebody
 * else has named (a token, a period of a quota, a line's time) goes by the wall clock, in whichever direction it moves.
 */
const noon = Date.UTC(2026, 5, 15, 12);
const [second, hour, day] = [1000, 3_600_000, 86_400_000];
const jumps = [
  ["forwards", 40 * day],
  ["back", -40 * day],
] as const;

let gateway: Gateway | undefined;
afterEach(async () => {
  await gateway?.close({ drainMs: 100 });
  gateway = undefined;
});

function serving(program: Program, clock: ManualClock, options: Partial<GatewayOptions> = {}): Gateway {
  gateway = createGateway({ program, clock, environment: {}, logger: { write: () => undefined }, ...options });
  return gateway;
}

const ask = async (path: string, headers: readonly string[] = []) =>
  (await gateway?.inject({ path: `/dev${path}`, headers }))?.status;

describe.each(jumps)("the wall clock jumps %s", (_, jumpMs) => {
  test("decisions of a Lambda authorizer are kept for their time, no longer and no shorter", async () => {
    const clock = new ManualClock(noon);
    let calls = 0;
    const handler = async () => {
      calls++;
      const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" };
      return { principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [statement] } };
    };
    const authorizer: LambdaAuthorizerEntry = {
      ...{ kind: "lambda", name: "guard", type: "token", validation: undefined, ttlSeconds: 300, payloadFormat: "1.0" },
      function: {
        functionName: "guard",
        payloadFormat: "1.0",
        modules: new Map([["", async () => ({ handler: handler as never })]]),
      },
      identity: [{ in: "header", name: "authorization" }],
      simpleResponses: false,
    };
    serving(testProgram([guarded(lambdaAuthorizer, { authorizer })]), clock);
    const call = () => ask("/x", ["Authorization", "t"]);
    await call();
    clock.step(jumpMs);
    clock.advance(299 * second);
    await call();
    expect(calls).toBe(1);
    clock.advance(second);
    expect(await call()).toBe(200);
    expect(calls).toBe(2);
  });

  test("answers of the stage's cache are kept for their time", async () => {
    const clock = new ManualClock(noon);
    let calls = 0;
    const route: RouteEntry = {
      ...testRoute("GET /x", (x) => cached(x, () => x.answer(200, [], String(++calls)))),
      cache: { ttlSeconds: undefined, keys: [], shared: false },
    };
    const cache = {
      ...{ maxBytes: 1e6, ttlSeconds: 60, encrypted: false },
      invalidate: "anyone",
      unauthorized: "SUCCEED_WITH_RESPONSE_HEADER",
    } as const;
    serving(testProgram([route], { stages: [{ name: "dev", variables: [], log: "off", cache }] }), clock);
    await ask("/x");
    clock.step(jumpMs);
    clock.advance(59 * second);
    await ask("/x");
    expect(calls).toBe(1);
    clock.advance(second);
    await ask("/x");
    expect(calls).toBe(2);
  });

  test("a rotated key of an issuer is asked for as soon as ever, and one that is known is not asked for anew", async () => {
    const issuer = await TestIssuer.start();
    try {
      const clock = new ManualClock(noon);
      const iss = "https://login.example.com/";
      const authorizer: TokenAuthorizerEntry = {
        ...{ kind: "jwt", name: "people", issuers: [iss], audience: ["shop"], issuerEndpoint: issuer.url },
        identity: { in: "header", name: "authorization" },
        clockSkewSeconds: 0,
      };
      serving(testProgram([guarded(jwtAuthorizer, { authorizer })], { api: { kind: "http" } }), clock);
      const claims = { iss, sub: "ada", aud: "shop", exp: (noon + 365 * day) / second };
      const call = () => ask("/x", ["Authorization", issuer.mint(claims)]);
      expect(await call()).toBe(200);
      const asked = issuer.asked.length;
      clock.step(jumpMs);
      clock.advance(11 * second);
      expect(await call()).toBe(200);
      expect(issuer.asked.length).toBe(asked);
      issuer.addKey("k2");
      expect(await call()).toBe(200);
    } finally {
      await issuer.close();
    }
  });

  test("WebSocket connections are closed after ten idle minutes, not at once and not never", async () => {
    const clock = new ManualClock(noon);
    const { port } = await serving(socketProgram({ $default: echo }), clock).listen();
    const socket = await RawWebSocket.open(port);
    clock.step(jumpMs);
    clock.advance(599 * second);
    gateway?.sockets?.sweep();
    socket.text("alive");
    expect(await socket.nextText()).toBe("alive");
    const [listed] = gateway?.sockets?.list(1) ?? [];
    expect(listed?.lastActiveAt).toBe(clock.now());
    clock.advance(600 * second);
    gateway?.sockets?.sweep();
    expect(await socket.closeCode()).toBe(1001);
    socket.close();
  });

  test("buckets give what they hold and no more", () => {
    const clock = new ManualClock(noon);
    const bucket = new EmbeddedState(clock).bucket("a", { rate: 1, burst: 3 });
    const taken = () =>
      Array.from({ length: 5 }, () => bucket.take(clock.monotonic(), clock.now())).filter(Boolean).length;
    expect(taken()).toBe(3);
    clock.step(jumpMs);
    expect(taken()).toBe(0);
    clock.advance(2 * second);
    expect(taken()).toBe(2);
  });

  test("latencies are what has passed; times in logs and answers are those of the clock on the wall", async () => {
    const clock = new ManualClock(noon);
    let text = "";
    const sink = {
      write: (line: string) => {
        text += line;
      },
      dropped: 0,
      reopen() {},
      close: async () => undefined,
    };
    const measures = new Measures();
    const counting = { answered: measures.add.bind(measures), close: async () => undefined };
    const format = "$context.requestTime $context.requestTimeEpoch $context.responseLatency $context.requestId";
    const stages = [{ name: "dev", variables: [], log: "off" as const, accessLog: accessLogEntry(format) }];
    const route = testRoute("GET /x", (x) => {
      clock.step(jumpMs);
      clock.advance(7);
      return x.answer(200, [], "");
    });
    serving(testProgram([route], { stages }), clock, { observers: [new AccessLog(sink), counting] });
    await ask("/x");
    await ask("/x");
    const [first, later] = text.split("\n");
    expect(first).toMatch(new RegExp(`^15/Jun/2026:12:00:00 \\+0000 ${noon} 7 `));
    expect(later).toContain(` ${noon + jumpMs + 7} 7 `);
    expect(later?.slice(0, 20)).not.toBe(first?.slice(0, 20));
    expect(measures.all()[0]?.latency.max).toBe(7);
  });
});

describe("a wall clock that is set wrong and right again", () => {
  const rule = { limit: 5, period: "DAY", offset: 0 } as const;

  test.each(jumps)("%s: a quota goes on where it was", (_, jumpMs) => {
    const clock = new ManualClock(noon);
    const quota = new EmbeddedState(clock).quota("a", rule);
    const taken = (tries: number) =>
      Array.from({ length: tries }, () => quota.take(clock.monotonic(), clock.now())).filter(Boolean).length;
    expect(taken(4)).toBe(4);
    clock.step(jumpMs);
    expect(taken(9)).toBe(5);
    clock.step(-jumpMs);
    expect(taken(9)).toBe(1);
  });

  test("forwards: other processes are granted what is left of the right day", async () => {
    const clock = new ManualClock(noon);
    const state = new EmbeddedState(clock);
    const granted = async (needed: number, at = clock.now()) => {
      const startMs = Math.floor(at / day) * day;
      const count = { key: "a", limit: 5, startMs, endMs: startMs + day, spent: 0, needed, ahead: 0 };
      return (await state.exchange({ tokens: [], counts: [count], usage: [] })).counts[0]?.granted;
    };
    expect(await granted(3)).toBe(3);
    clock.step(40 * day);
    expect(await granted(9)).toBe(5);
    clock.step(-40 * day);
    expect(await granted(9)).toBe(2);
    // Who is late with a day that is over gets nothing, and takes nothing from the new one.
    clock.advance(day);
    expect(await granted(1)).toBe(1);
    expect(await granted(1, clock.now() - day)).toBe(0);
    expect(await granted(9)).toBe(4);
  });

  test.each(jumps)("%s: usage stands on the days that it was counted on", async (_, jumpMs) => {
    const clock = new ManualClock(noon);
    const state = new EmbeddedState(clock);
    const usage = state.usage({ plan: "p", keyId: "k" });
    const add = (requests: number) => {
      for (let at = 0; at < requests; at++) usage.add(clock.now(), 1);
    };
    add(2);
    clock.step(jumpMs);
    add(3);
    clock.step(-jumpMs);
    add(4);
    const days = await state.readUsage({ from: "2026-01-01", to: "2026-12-31" });
    const far = new Date(noon + jumpMs).toISOString().slice(0, 10);
    expect(Object.fromEntries(days.map(({ day: on, requests }) => [on, requests]))).toEqual({
      "2026-06-15": 6,
      [far]: 3,
    });
  });

  test("tokens begin and end by the wall clock", async () => {
    const issuer = await TestIssuer.start();
    try {
      const clock = new ManualClock(noon);
      const iss = "https://login.example.com/";
      const authorizer: TokenAuthorizerEntry = {
        ...{ kind: "jwt", name: "people", issuers: [iss], audience: ["shop"], issuerEndpoint: issuer.url },
        identity: { in: "header", name: "authorization" },
        clockSkewSeconds: 0,
      };
      serving(testProgram([guarded(jwtAuthorizer, { authorizer })], { api: { kind: "http" } }), clock);
      const [nbf, exp] = [noon / second - 60, noon / second + 60];
      const token = issuer.mint({ iss, sub: "ada", aud: "shop", nbf, exp });
      const call = () => ask("/x", ["Authorization", token]);
      expect(await call()).toBe(200);
      clock.step(hour);
      expect(await call()).toBe(401);
      clock.step(-2 * hour);
      expect(await call()).toBe(401);
      clock.step(hour);
      expect(await call()).toBe(200);
    } finally {
      await issuer.close();
    }
  });
});

test("a lock from the future, of a process that died before the clock was set back, holds nobody up", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-clock-"));
  try {
    const store = new DeploymentStore(folder);
    const deployment = "0123456789abcdef";
    const names = { stage: "prod", api: "a", deployment, settings: deployment };
    const record: StageRecord = { format: 1, ...names, overrides: {}, history: [] };
    store.update("prod", () => record);
    const lock = `${store.stagePath("prod")}.lock`;
    writeFileSync(lock, "1");
    utimesSync(lock, Date.now() / second + 3600, Date.now() / second + 3600);
    const began = performance.now();
    store.update("prod", () => record);
    expect(performance.now() - began).toBeLessThan(2 * second);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A route behind an authorizer that answers 200. */
function guarded(
  step: typeof lambdaAuthorizer | typeof jwtAuthorizer,
  more: Pick<RouteEntry, "authorizer">,
): RouteEntry {
  return testRoute("GET /x", async (x) => (await step(x)) || x.answer(200, [], ""), more);
}
