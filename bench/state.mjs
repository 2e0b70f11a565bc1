// How far limits hold that processes and nodes share, and what requests notice of a Redis that goes away.
// 1. Throttle accuracy: four serving processes, then four nodes with one Redis; 500 clients, each with ten requests a second.
// 2. Redis killed, then hung, for each of `onFailure`: answers, latency beside that before, and how soon it is used again.
// Run: npm run bench -- state [seconds of each phase, default 30] [accuracy|outage]        needs wrk and redis-server
import { execFile, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wait } from "./support/servers.mjs";

const seconds = Number(process.argv[2] ?? 30);
const part = process.argv[3] ?? "all";
const limit = { rate: 1000, burst: 1000 };
const key = "bench-key-0123456789abcdefghijklmnop";
const bin = fileURLToPath(new URL("../bin/gateway.js", import.meta.url));
const paced = fileURLToPath(new URL("support/paced.lua", import.meta.url));
const folders = [];

function folder() {
  const made = mkdtempSync(join(tmpdir(), "bench-state-"));
  folders.push(made);
  return made;
}

/** @returns path of a built gateway.mjs */
function build(state) {
  const at = folder();
  writeFileSync(
    join(at, "gateway.yaml"),
    `gateway: bench
${state}
plans: { gold: { throttle: { rate: 100000, burst: 100000 }, quota: { limit: 2000000000, period: month } } }
keys: { bench: { plan: gold, value: "\${env.KEY}" } }
routes:
  GET /throttled: { throttle: { rate: ${limit.rate}, burst: ${limit.burst} }, mock: { status: ok } }
  GET /metered: { apiKey: true, mock: { status: ok } }
`,
  );
  execFileSync(process.execPath, [bin, "build"], { cwd: at, stdio: "ignore" });
  return join(at, "build/gateway/gateway.mjs");
}

async function startGateway(bundle, args = [], env = {}) {
  const at = folder();
  copyFileSync(bundle, join(at, "gateway.mjs"));
  const child = spawn(process.execPath, ["gateway.mjs", "--port", "0", ...args], {
    cwd: at,
    env: { ...process.env, KEY: key, ...env },
  });
  const node = { child, output: "", url: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (node.output += chunk));
  while (!node.output.includes("http://127")) await wait(20);
  node.url = /http:\/\/127\.0\.0\.1:\d+/.exec(node.output)[0];
  return node;
}

function stop({ child }) {
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });
}

async function startRedis() {
  const port = await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
  const at = folder();
  const redis = { url: `redis://127.0.0.1:${port}` };
  redis.start = async () => {
    redis.child = spawn("redis-server", ["--port", String(port), "--save", "", "--bind", "127.0.0.1"], {
      cwd: at,
      stdio: "ignore",
    });
    for (;;) {
      try {
        execFileSync("redis-cli", ["-p", String(port), "ping"], { stdio: "ignore" });
        return;
      } catch {
        await wait(20);
      }
    }
  };
  redis.kill = () =>
    new Promise((resolve) => {
      redis.child.once("exit", resolve);
      redis.child.kill("SIGCONT");
      redis.child.kill("SIGKILL");
    });
  await redis.start();
  return redis;
}

/** 500 clients over the nodes, all at once. @returns accepted, refused and the seconds it took */
async function load(nodes, path) {
  const runs = nodes.map(({ url }) =>
    promisify(execFile)(
      "wrk",
      ["-t1", `-c${500 / nodes.length}`, `-d${seconds}s`, "-s", paced, "--latency", `${url}/dev${path}`],
      { encoding: "utf8" },
    ),
  );
  const texts = (await Promise.all(runs)).map(({ stdout }) => stdout);
  const number = (text, form) => Number(form.exec(text)?.[1] ?? 0);
  const sum = (form) => texts.reduce((all, text) => all + number(text, form), 0);
  const requests = sum(/(\d+) requests in/);
  const refused = sum(/Non-2xx or 3xx responses: (\d+)/);
  const errors = texts.flatMap((text) => text.match(/Socket errors.*/g) ?? []);
  if (errors.length > 0) console.log(errors.join("\n"));
  const took = Math.max(...texts.map((text) => number(text, /requests in ([\d.]+)s/)));
  const p99 = texts.map((text) => /99%\s+(\S+)/.exec(text)?.[1]).join(" ");
  return { accepted: requests - refused, refused, took, p99 };
}

async function accuracy() {
  console.log(
    `\n| ${limit.rate} a second, burst ${limit.burst}, ${seconds} s, 500 clients | accepted | of | off | refused | p99 |\n|---|---|---|---|---|---|`,
  );
  const row = async (name, nodes) => {
    const { accepted, refused, took, p99 } = await load(nodes, "/throttled");
    const ideal = limit.burst + limit.rate * took;
    const off = `${((100 * (accepted - ideal)) / ideal).toFixed(2)} %`;
    const away = nodes.flatMap(({ output }) => output.match(/away/g) ?? []).length;
    console.log(
      `| ${name} | ${accepted} | ${Math.round(ideal)} | ${off} | ${refused} | ${p99}${away > 0 ? ` (store found away ${away} times)` : ""} |`,
    );
    await Promise.all(nodes.map(stop));
  };
  const alone = build("");
  await row("one process", [await startGateway(alone)]);
  await row("four processes", [await startGateway(alone, ["--workers", "4"])]);
  const redis = await startRedis();
  const shared = build('state: { redis: "${env.REDIS_URL}" }');
  const env = { REDIS_URL: redis.url };
  await row("four nodes, Redis", await Promise.all([1, 2, 3, 4].map(() => startGateway(shared, [], env))));
  await redis.kill();
}

/** One client's request. */
function ask(url, agent) {
  return new Promise((resolve) => {
    const begin = performance.now();
    const done = (status) => resolve({ status, ms: performance.now() - begin });
    const sent = request(url, { agent, headers: { "x-api-key": key } }, (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode));
      answer.on("error", () => done(0));
    });
    sent.on("error", () => done(0));
    sent.end();
  });
}

/** Forty clients with twenty requests a second each, until they are stopped. */
function clients(url) {
  const agent = new Agent({ keepAlive: true });
  const load = { answers: [], isOver: false };
  const client = async (at) => {
    await wait(at * 2);
    while (!load.isOver) {
      load.answers.push({ at: performance.now(), ...(await ask(url, agent)) });
      await wait(50);
    }
  };
  const all = Promise.all(Array.from({ length: 40 }, (_, at) => client(at)));
  load.stop = async () => {
    load.isOver = true;
    await all;
    agent.destroy();
  };
  return load;
}

function summary(answers) {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  const counts = new Map();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  const statuses = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  return `${statuses.join(", ")} | ${at(0.5).toFixed(1)} | ${at(0.99).toFixed(1)} | ${at(1).toFixed(1)}`;
}

async function outage() {
  console.log(
    `\n| ${seconds} s without Redis, 800 requests a second | answers | p50 ms | p99 ms | slowest |\n|---|---|---|---|---|`,
  );
  for (const [how, onFailure] of ["killed", "hung"].flatMap((way) =>
    ["local", "open", "closed"].map((policy) => [way, policy]),
  )) {
    const redis = await startRedis();
    const bundle = build(`state: { redis: "\${env.REDIS_URL}", onFailure: ${onFailure} }`);
    const node = await startGateway(bundle, [], { REDIS_URL: redis.url });
    const load = clients(`${node.url}/dev/metered`);
    await wait(3000 + 1000 * Math.min(5, seconds));
    const lost = performance.now();
    if (how === "killed") await redis.kill();
    else redis.child.kill("SIGSTOP");
    await wait(seconds * 1000);
    if (how === "killed") await redis.start();
    else redis.child.kill("SIGCONT");
    const back = performance.now();
    while (!node.output.includes("shared through Redis again") && performance.now() - back < 20_000) await wait(5);
    const recovered = performance.now() - back;
    await wait(3000);
    await load.stop();
    const between = (from, to) => load.answers.filter(({ at }) => at >= from && at < to);
    const name = `${how}, ${onFailure}`;
    // The first seconds are those of a process that warms up.
    console.log(`| ${name}: before | ${summary(between(lost - 1000 * Math.min(5, seconds), lost))} |`);
    const policy = onFailure === "closed" ? 429 : 200;
    const last = load.answers.filter(({ at, status }) => at < back && status !== policy).at(-1)?.at ?? lost;
    console.log(`| ${name}: without | ${summary(between(lost, back))} |`);
    console.log(`| ${name}: after | ${summary(between(back + recovered, Number.POSITIVE_INFINITY))} |`);
    const lines = node.output.match(/"message":"[^"]*Redis[^"]*"/g)?.length ?? 0;
    console.log(
      `| ${name}: policy obeyed after ${Math.max(0, last - lost).toFixed(0)} ms, back after ${recovered.toFixed(0)} ms, ${lines} lines of the log | | | | |`,
    );
    await stop(node);
    await redis.kill();
  }
}

try {
  if (part !== "outage") await accuracy();
  if (part !== "accuracy") await outage();
} finally {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
}
