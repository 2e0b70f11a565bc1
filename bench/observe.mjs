// What observing costs: CPU per request of a gateway with an access log and metrics, and of one with tracing whose sampler
// takes nothing, against one that observes nothing. In turn, each in a process of its own, over kept connections.
// npm run bench -- observe [ROUNDS] [REQUESTS]
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const variants = ["off", "access log and metrics", "tracing, nothing sampled"];
const load = (path) => import(new URL(`../dist/runtime/${path}`, import.meta.url).href);

if (process.env.BENCH_OBSERVE === undefined) await compare();
else await serve(JSON.parse(process.env.BENCH_OBSERVE));

/** A gateway in this process, which tells its CPU time when it is asked. */
async function serve({ variant, folder }) {
  const { createGateway } = await load("host/gateway.js");
  const { route, programFormat } = await load("program.js");
  const { mock } = await load("integrations/mock.js");
  const { AccessLog } = await load("observe/access-log.js");
  const { accessLogEntry } = await load("observe/access-log-format.js");
  const { FileSink } = await load("observe/file-sink.js");
  const { Measures } = await load("observe/measures.js");
  const { Sampler } = await load("observe/sampler.js");
  const { systemClock } = await load("clock.js");
  const answer = { status: 200, headers: ["Content-Type", "application/json"], body: '{"status":"ok"}' };
  const key = { key: "GET /health", method: "GET", resourcePath: "/health", resourceId: "abc123" };
  const api = {
    ...{ name: "bench", version: "1", kind: "rest", apiId: "abcdefghij", region: "eu-west-1", account: "123456789012" },
    ...{ binaryMediaTypes: [], gatewayResponses: new Map() },
  };
  const clf =
    '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId';
  const isObserved = variant === variants[1];
  const isTraced = variant === variants[2];
  const stage = {
    ...{ name: "dev", variables: [], log: "off", tracing: isTraced },
    ...(isObserved && { accessLog: accessLogEntry(clf), metrics: "detailed" }),
  };
  const measures = new Measures();
  const counting = { answered: (x) => measures.add(x), close: async () => undefined };
  const log = isObserved && new AccessLog(new FileSink({ path: join(folder, "access.log") }));
  const gateway = createGateway({
    program: {
      format: programFormat,
      api,
      stages: [stage],
      routes: [route({ ...key, segments: ["health"], run: mock, mock: answer })],
    },
    observers: isObserved ? [log, counting] : [],
    ...(isTraced && { sampler: new Sampler(systemClock, () => 1, 0) }),
  });
  process.on("message", () => process.send(process.cpuUsage()));
  process.send((await gateway.listen()).url);
}

async function compare() {
  const rounds = Number(process.argv[2] ?? 12);
  const requests = Number(process.argv[3] ?? 8000);
  const folder = mkdtempSync(join(tmpdir(), "gateway-bench-observe-"));
  const servers = await Promise.all(variants.map((variant) => started(variant, folder)));
  const costs = new Map(variants.map((variant) => [variant, []]));
  for (const server of servers) await ask(server, requests);
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) costs.get(server.variant).push(await ask(server, requests));
  }
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const base = median(costs.get("off"));
  console.log("| | CPU µs a request | requests a CPU second against off | of all rounds |\n|---|---|---|---|");
  for (const variant of variants) {
    const values = costs.get(variant);
    const ratios = values.map((value, at) => costs.get("off")[at] / value).sort((a, b) => a - b);
    const spread = `${ratios[0].toFixed(2)} – ${ratios.at(-1).toFixed(2)}`;
    console.log(`| ${variant} | ${median(values).toFixed(1)} | ${(base / median(values)).toFixed(2)} | ${spread} |`);
  }
  for (const { child } of servers) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function started(variant, folder) {
  const env = { ...process.env, BENCH_OBSERVE: JSON.stringify({ variant, folder }) };
  const child = fork(fileURLToPath(import.meta.url), { env });
  const url = await new Promise((resolve) => child.once("message", resolve));
  return { variant, child, url, agent: new Agent({ keepAlive: true, maxSockets: 16 }) };
}

/** CPU microseconds of the server for each of some requests. */
async function ask({ child, url, agent }, requests) {
  const before = await cpu(child);
  let left = requests;
  const one = () =>
    new Promise((resolve, reject) => {
      get(`${url}/dev/health`, { agent }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
    });
  const client = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: 16 }, client));
  return ((await cpu(child)) - before) / requests;
}

async function cpu(child) {
  const told = new Promise((resolve) => child.once("message", resolve));
  child.send("cpu");
  const { user, system } = await told;
  return user + system;
}
