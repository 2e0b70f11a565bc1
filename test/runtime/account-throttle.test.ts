import { expect, test } from "vitest";
import { ManualClock } from "../../runtime/clock.js";
import { createGateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { throttle } from "../../runtime/limits/throttle.js";
import type { RouteEntry } from "../../runtime/program.js";
import { testProgram, testRoute } from "../support/program.js";

const answer = (x: Exchange) => x.answer(200, [], "ok");
const open = testRoute("GET /open", answer);
const limited: RouteEntry = {
  ...testRoute("GET /limited", (x) => {
    const later = throttle(x);
    return later === false ? answer(x) : later.then(() => answer(x));
  }),
  throttle: { rate: 1, burst: 2 },
};

function setUp(accountThrottle: { readonly rate: number; readonly burst: number } | undefined) {
  const clock = new ManualClock(1_800_000_000_000);
  const gateway = createGateway({ program: testProgram([open, limited]), clock, limits: { accountThrottle } });
  const admitted = async (path: string, requests: number) => {
    let count = 0;
    for (let at = 0; at < requests; at++) if ((await gateway.inject({ path: `/dev${path}` })).status === 200) count++;
    return count;
  };
  return { gateway, clock, admitted };
}

test("without an account's limit nothing but what the file says is limited", async () => {
  const { admitted } = setUp(undefined);
  expect(await admitted("/open", 50)).toBe(50);
  expect(await admitted("/limited", 5)).toBe(2);
});

test("an account's limit is over all routes, with and without limits of their own, and refills", async () => {
  const { clock, admitted } = setUp({ rate: 10, burst: 20 });
  expect(await admitted("/limited", 1)).toBe(1);
  expect(await admitted("/open", 50)).toBe(19);
  expect(await admitted("/limited", 1)).toBe(0);
  clock.advance(1000);
  expect(await admitted("/open", 50)).toBe(10);
});

test("what another limit refuses is not taken from the account", async () => {
  const { admitted } = setUp({ rate: 0.001, burst: 10 });
  expect(await admitted("/limited", 30)).toBe(2);
  expect(await admitted("/open", 30)).toBe(8);
});

test("a throttle that a stage is given after the build works on routes that were built without", async () => {
  const { gateway, admitted } = setUp(undefined);
  const program = testProgram([open]);
  const [settings] = program.stages;
  if (settings === undefined) throw new Error("no stage");
  gateway.deploy([{ stage: "dev", program, settings: { ...settings, throttle: { rate: 1, burst: 3 } } }]);
  expect(await admitted("/open", 10)).toBe(3);
  gateway.deploy([{ stage: "dev", program, settings }]);
  expect(await admitted("/open", 10)).toBe(10);
});
