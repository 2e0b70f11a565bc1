// What API keys, usage plans and throttles cost.
// 1. In process: microseconds of key, plan (throttle and quota) and throttles of method and account, embedded and leased.
// 2. Over loopback: CPU a request as a ratio to the same route without limits, beside Fastify and @fastify/rate-limit, with
//    limits in memory and in a Redis of its own. Two serving processes against one: bench/workers.mjs.
// Run: npm run bench -- limits [seconds per slice; 0: in process only]
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { micro } from "./support/micro.mjs";
import { gatewayOf, load } from "./support/program.mjs";
import { compare, serveMeasured, startServer, wait } from "./support/servers.mjs";

const value = "bench-key-0123456789abcdefghijklmnop";
const body = '{"status":"ok"}';
/** More than any machine asks for, so that nothing is refused and leases are long. */
const limit = { rate: 1_000_000, burst: 1_000_000 };
const limits = {
  apiKeySource: "HEADER",
  plans: [
    {
      name: "gold",
      stages: ["dev"],
      throttle: limit,
      quota: { limit: 2 ** 40, period: "MONTH", offset: 0 },
      routes: [],
    },
  ],
  keys: [{ id: "abcdefghij", name: "bench", value, enabled: true, plans: ["gold"] }],
};
const headers = ["User-Agent", "bench", "Accept", "*/*", "X-Api-Key", value];
const head = `GET /dev/orders HTTP/1.1\r\nUser-Agent: bench\r\nX-Api-Key: ${value}`;
const redisPort = Number(process.env.BENCH_REDIS_PORT ?? 0);

async function steps() {
  const { requireApiKey } = await load("runtime/limits/require-api-key.js");
  const { usagePlan } = await load("runtime/limits/usage-plan.js");
  const { throttle } = await load("runtime/limits/throttle.js");
  const { mock } = await load("runtime/integrations/mock.js");
  return { requireApiKey, usagePlan, throttle, mock };
}

async function gateway(kind) {
  const { requireApiKey, usagePlan, throttle, mock } = await steps();
  const rest = (x) => mock(x);
  const throttled = (x) => {
    const later = throttle(x);
    return later === false ? rest(x) : later.then(() => rest(x));
  };
  const limited = (x) => {
    if (requireApiKey(x)) return true;
    const later = usagePlan(x);
    return later === false ? throttled(x) : later.then(() => throttled(x));
  };
  const constant = { status: 200, headers: ["Content-Type", "application/json"], body };
  const route = { key: "GET /orders", run: kind === "open" ? mock : limited, mock: constant, throttle: limit };
  const state = kind === "redis" ? { state: await redis() } : kind === "leased" ? { state: await leased() } : {};
  return gatewayOf([route], { ...state, limits: { accountThrottle: limit } }, { limits });
}

async function redis() {
  const { redisState } = await load("runtime/state/redis/redis-state.js");
  const { systemClock } = await load("runtime/clock.js");
  const logger = { write: ({ message, detail = "" }) => console.error(message, detail) };
  return redisState({
    url: `redis://127.0.0.1:${redisPort}`,
    name: "bench",
    onFailure: "local",
    clock: systemClock,
    logger,
  });
}

/** Leases from a store in the same process: what a serving process pays while its leases last. */
async function leased() {
  const { LeasedState } = await load("runtime/state/leased/leased-state.js");
  const { EmbeddedState } = await load("runtime/state/embedded-state.js");
  const { systemClock } = await load("runtime/clock.js");
  const near = new EmbeddedState(systemClock);
  const none = () => undefined;
  return new LeasedState({
    store: near,
    clock: systemClock,
    onFailure: "local",
    lateMs: 1000,
    timeoutMs: 1000,
    retryMs: 1000,
    onUp: none,
    onDown: console.error,
    parts: {
      keys: near.keys,
      messages: near.messages,
      registry: near.registry,
      readUsage: (range) => near.readUsage(range),
      ready: async () => undefined,
      close: async () => undefined,
    },
  });
}

async function inProcess() {
  const { Exchange } = await load("runtime/http/exchange.js");
  const { requireApiKey, usagePlan, throttle } = await steps();
  const { runBehind } = await load("runtime/limits/run-behind.js");
  const throttles = { run: throttle };
  const throttlesOf = (x) => runBehind(x, throttles);
  const cases = {};
  for (const kind of ["embedded", "leased"]) {
    const { live } = await gateway(kind);
    const stage = live.stages.get("dev");
    const [route] = live.program.routes;
    // Fresh strings, as a parser makes them: what is looked up by them has to be hashed first.
    const bytes = headers.map((text) => Buffer.from(text));
    const exchange = () => {
      const fresh = bytes.map((text) => text.latin1Slice());
      const x = new Exchange(live, "GET", "/dev/orders", "/orders", "", fresh, "127.0.0.1", Date.now(), undefined);
      x.stage = stage;
      x.route = route;
      return x;
    };
    const keyed = () => {
      const x = exchange();
      requireApiKey(x);
      return x;
    };
    for (let warm = 0; warm < 100; warm++) {
      const x = keyed();
      await usagePlan(x);
      await throttlesOf(x);
    }
    Object.assign(cases, {
      [`${kind}: key`]: [exchange, (x) => requireApiKey(x)],
      [`${kind}: plan, throttle and quota`]: [keyed, (x) => usagePlan(x)],
      [`${kind}: throttles of method and account`]: [keyed, throttlesOf],
      [`${kind}: all together`]: [exchange, (x) => requireApiKey(x) || usagePlan(x) || throttlesOf(x)],
    });
  }
  await micro("in process", cases);
}

async function overHttp(seconds) {
  const stop = await startRedis();
  try {
    const file = fileURLToPath(import.meta.url);
    const env = { BENCH_REDIS_PORT: String(stop.port) };
    const kinds = ["open", "embedded", "redis", "fastify", "fastify-memory", "fastify-redis"];
    const servers = await Promise.all(kinds.map((kind) => startServer(file, kind, env)));
    const entries = servers.map((server) => ({ name: server.kind, server, head }));
    await compare(entries.slice(0, 3), { seconds, rounds: 5, warmUp: 2 });
    await compare(entries.slice(3), { seconds, rounds: 5, warmUp: 2 });
    for (const { child } of servers) child.kill();
  } finally {
    await stop();
  }
}

async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), "bench-redis-"));
  const port = 20_000 + (process.pid % 20_000);
  const child = spawn("redis-server", ["--port", String(port), "--save", "", "--bind", "127.0.0.1"], {
    cwd: folder,
    stdio: "ignore",
  });
  await wait(500);
  execFileSync("redis-cli", ["-p", String(port), "ping"]);
  const stop = () =>
    new Promise((resolve) => {
      child.once("exit", () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      });
      child.kill();
    });
  return Object.assign(stop, { port });
}

async function fastify(kind) {
  const { default: create } = await import("fastify");
  const app = create();
  if (kind !== "fastify") {
    const { default: rateLimit } = await import("@fastify/rate-limit");
    const shared = kind === "fastify-redis" ? { redis: new (await import("ioredis")).Redis({ port: redisPort }) } : {};
    await app.register(rateLimit, {
      max: 2 ** 40,
      timeWindow: 3_600_000,
      keyGenerator: (request) => request.headers["x-api-key"],
      ...shared,
    });
  }
  app.get("/dev/orders", async (_request, reply) => reply.type("application/json").send(body));
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.server.address().port;
}

const [kind] = process.argv.slice(2);
if (process.send && kind !== undefined) {
  if (kind.startsWith("fastify")) serveMeasured(await fastify(kind));
  else serveMeasured((await (await gateway(kind)).listen()).port);
} else {
  await inProcess();
  const seconds = Number(kind ?? 2);
  if (seconds > 0) await overHttp(seconds);
  process.exit(0);
}
