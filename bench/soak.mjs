// A gateway with everything on, under load for a long time and then under too much of it: memory, handles and answers
// (reliability.md, figures 21 and 23). Ends with 1 where one of them is not as it should be.
// npm run bench -- soak [SECONDS] [SECONDS OF TOO MUCH] [SHARE OF CAPACITY]
// The heap grows for the first minute or two, until code is compiled and caches are full: short runs say so.
import { execFile, fork, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, wait } from "./support/servers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const seconds = Number(process.argv[2] ?? 600);
const tooMuchSeconds = Number(process.argv[3] ?? Math.min(60, seconds / 3));
const share = Number(process.argv[4] ?? 0.6);
const key = "a-key-of-the-soak-0123456789";
const json = { "content-type": "application/json" };

/** Runs in the gateway's process: what it holds, once all that can go is gone. */
const probe = `process.on("message", () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed: heap, rss } = process.memoryUsage();
  process.send({ heap, rss, handles: process.getActiveResourcesInfo().length });
});
process.channel?.unref();
`;

/** Each with what it is answered: whatever else comes is a failure. */
const kinds = [
  { path: "/dev/mock/7", status: 200 },
  { path: "/dev/template", status: 200, method: "POST", headers: json, body: '{"items":[{"n":1},{"n":2}]}' },
  { path: "/dev/function?a=1", status: 200 },
  { path: "/dev/orders", status: 200, method: "POST", headers: json, body: '{"sku":"a","quantity":1}' },
  { path: "/dev/orders", status: 400, method: "POST", headers: json, body: '{"sku":1}' },
  { path: "/dev/guarded", status: 200, headers: { authorization: "t" } },
  { path: "/dev/keyed", status: 200, headers: { "x-api-key": key } },
  { path: "/dev/keyed", status: 403 },
  { path: "/dev/cached?page=1", status: 200 },
  { path: "/dev/backend", status: 200 },
  { path: "/dev/broken", status: 502 },
  { path: "/dev/nowhere", status: 403 },
];

const folder = mkdtempSync(join(tmpdir(), "gateway-soak-"));
const backend = createServer((_, answer) => answer.end("from behind")).listen(0, "127.0.0.1");
await new Promise((resolve) => backend.once("listening", resolve));
build(backend.address().port);
const { child, url } = await start();
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const wrong = new Map();
const problems = [];
const check = (holds, text) => {
  console.log(`${holds ? "ok  " : "FAIL"} ${text}`);
  if (!holds) problems.push(text);
};

const sockets = await openWebSockets(20);
const capacity = await closedLoop(16, 5);
console.log(`capacity ${Math.round(capacity.rate)} requests a second; ${seconds} s at ${share * 100} % of it`);

const samples = [];
const begin = performance.now();
for (let round = 0; round < 24; round++) {
  await paced(capacity.rate * share, seconds / 24);
  // Between two rounds nothing is under way, so that what is held is held for good.
  await wait(100);
  samples.push({ at: performance.now() - begin, ...(await ask("sample")) });
}
// The first half warms up: code is compiled, caches fill.
const later = samples.slice(Math.floor(samples.length / 2));
const slope = slopeOf(later.map(({ at, heap }) => [at / 60_000, heap / 1024]));
const rss = later.map((sample) => sample.rss);
const growth = (median(rss.slice(-4)) / median(rss.slice(0, 4)) - 1) * 100;
const handles = later.map((sample) => sample.handles);
check(slope < 100, `heap after GC grows ${slope.toFixed(0)} kB a minute (wanted < 100)`);
check(growth <= 5, `RSS grew ${growth.toFixed(1)} % (wanted <= 5)`);
check(Math.max(...handles) - Math.min(...handles) <= 64, `handles ${Math.min(...handles)} to ${Math.max(...handles)}`);
check(
  wrong.size === 0,
  `unexpected answers: ${[...wrong].map(([what, count]) => `${count} x ${what}`).join(", ") || "none"}`,
);

// One load generator for both rates: what it costs itself grows with the connections too.
const before = await ask("sample");
const enough = await load(32, 5);
const over = await load(384, tooMuchSeconds);
const after = await ask("sample");
check(child.exitCode === null, `${tooMuchSeconds} s of too much: the process lives`);
check(
  over.rate >= enough.rate * 0.8,
  `goodput ${Math.round(over.rate)} a second, ${((over.rate / enough.rate) * 100).toFixed(0)} % of ${Math.round(enough.rate)} (wanted >= 80)`,
);
check(after.rss < before.rss * 1.5 + 64e6, `RSS ${mega(before.rss)} before, ${mega(after.rss)} behind it`);
check(
  sockets.every((socket) => socket.readyState === 1),
  "all WebSocket connections are open",
);

for (const socket of sockets) socket.close();
agent.destroy();
const gone = new Promise((resolve) => child.once("exit", resolve));
child.kill("SIGTERM");
check((await gone) === 0, "SIGTERM ends it with 0");
backend.close();
rmSync(folder, { recursive: true, force: true });
process.exit(problems.length === 0 ? 0 : 1);

function build(port) {
  writeFileSync(
    join(folder, "gateway.yaml"),
    `gateway: soak
models: |
  interface Order { sku: string; quantity: integer }
plans: { free: { throttle: { rate: 1000000, burst: 1000000 }, quota: { limit: 1000000000, period: month } } }
keys: { soak: { plan: free, value: "\${env.SOAK_KEY}" } }
authorizers: { guard: { lambda: guard } }
routes:
  GET /mock/{id}: { mock: { at: $context.requestTimeEpoch, ok: true }, cache: false }
  POST /template:
    lambda: echo
    request: { templates: { application/json: '{"n":[#foreach($i in $input.path("$.items"))$i.n#if($foreach.hasNext),#end#end]}' } }
    responses: { 200: }
  GET /function: { lambda: echo, cache: false }
  POST /orders: { lambda: echo, body: Order, validate: body }
  GET /guarded: { auth: guard, lambda: echo, cache: false }
  GET /keyed: { apiKey: true, mock: { ok: true }, cache: false }
  GET /cached: { lambda: echo, query: { page?: integer }, cache: { ttl: 5, keys: [$request.querystring.page] } }
  GET /backend: { http: "http://127.0.0.1:${port}/x", cache: false }
  GET /broken: { lambda: broken, cache: false }
websocket: { select: $request.body.action, routes: { $default: { lambda: echo, reply: string } } }
stages: { dev: { log: error, accessLog: json, metrics: detailed, tracing: true, cache: { size: 0.5 }, throttle: { rate: 1000000, burst: 1000000 } } }
`,
  );
  mkdirSync(join(folder, "handlers"));
  const functions = {
    echo: 'export const handler = async () => ({ statusCode: 200, body: "echo" });',
    broken: 'export const handler = async () => { throw new Error("as it should"); };',
    guard:
      'export const handler = async () => ({ principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }] } });',
  };
  for (const [name, text] of Object.entries(functions)) writeFileSync(join(folder, `handlers/${name}.ts`), `${text}\n`);
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "bin/gateway.js"), "build", "--only", "handlers,gateway"],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  writeFileSync(join(folder, "probe.mjs"), probe);
}

async function start() {
  const args = [
    "--port",
    "0",
    "--admin-port",
    "0",
    "--access-log",
    join(folder, "access.log"),
    "--emf",
    join(folder, "emf.log"),
  ];
  const child = fork(join(folder, "build/gateway/gateway.mjs"), args, {
    cwd: folder,
    env: { ...process.env, SOAK_KEY: key },
    execArgv: ["--expose-gc", "--import", join(folder, "probe.mjs")],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let text = "";
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
  child.stdout.removeAllListeners("data");
  child.stdout.resume();
  return { child, url };
}

function ask(what) {
  return new Promise((resolve) => {
    child.once("message", resolve);
    child.send(what);
  });
}

function once({ path, status, method = "GET", headers = {}, body }, within = agent) {
  return new Promise((resolve) => {
    const note = (what) => {
      const text = `${method} ${path} ${what}`;
      if (what !== status) wrong.set(text, (wrong.get(text) ?? 0) + 1);
      resolve(what === status);
    };
    const sent = httpRequest(
      url + path,
      { agent: within, method, headers: { ...headers, ...(body && { "content-length": body.length }) } },
      (answer) => {
        answer.resume().on("end", () => note(answer.statusCode));
      },
    );
    sent.on("error", (error) => note(error.code ?? error.message));
    sent.end(body);
  });
}

/** So many clients that ask again as soon as they are answered. */
async function closedLoop(clients, duration) {
  const own = new Agent({ keepAlive: true, maxSockets: clients });
  const end = performance.now() + duration * 1000;
  let answered = 0;
  const client = async (from) => {
    for (let at = from; performance.now() < end; at++) if (await once(kinds[at % kinds.length], own)) answered++;
  };
  await Promise.all(Array.from({ length: clients }, (_, at) => client(at)));
  own.destroy();
  return { rate: answered / duration };
}

/** The same by wrk, where it is installed: it hardly costs the server anything. */
async function load(clients, duration) {
  if (spawnSync("wrk", ["-v"]).error !== undefined) return closedLoop(clients, duration);
  const wrk = promisify(execFile)("wrk", [
    "-t1",
    `-c${clients}`,
    `-d${Math.round(duration)}s`,
    `${url}/dev/function?a=1`,
  ]);
  const { stdout } = await wrk;
  if (/Non-2xx|Socket errors/.test(stdout)) wrong.set(stdout, 1);
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]) };
}

async function paced(rate, duration) {
  const begin = performance.now();
  const pending = new Set();
  for (let sent = 0; performance.now() - begin < duration * 1000; ) {
    const due = ((performance.now() - begin) * rate) / 1000;
    for (; sent < due; sent++) {
      // Who falls behind, as where others need the machine, does not catch up.
      if (pending.size > 500) continue;
      const asked = once(kinds[sent % kinds.length]).finally(() => pending.delete(asked));
      pending.add(asked);
    }
    await wait(5);
  }
  await Promise.all(pending);
}

async function openWebSockets(count) {
  const { WebSocket } = await import("ws");
  return Promise.all(
    Array.from({ length: count }, () => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/dev`);
      socket.on("open", () =>
        setInterval(() => socket.readyState === 1 && socket.send('{"action":"say"}'), 1000).unref(),
      );
      return new Promise((resolve, reject) => socket.once("open", () => resolve(socket)).once("error", reject));
    }),
  );
}

/** Least squares. */
function slopeOf(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return (
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  );
}

function mega(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
