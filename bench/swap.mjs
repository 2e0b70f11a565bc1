// What a deployment does to the requests of the moment: latency in the second after a swap against quiet seconds, through
// `gateway serve` as a process of its own, at a steady rate over connections that are kept alive.
// Then what a swap costs the process itself in CPU, which holds on a busy machine too.
// npm run bench -- swap [REQUESTS_A_SECOND] [SWAPS]
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const rate = Number(process.argv[2] ?? 500);
const swaps = Number(process.argv[3] ?? 10);
const { DeploymentStore } = await import(join(root, "dist/runtime/deploy/store.js"));
const { deploy } = await import(join(root, "dist/runtime/deploy/stage-actions.js"));
const { loadStage } = await import(join(root, "dist/runtime/deploy/load-stage.js"));
const { createGateway } = await import(join(root, "dist/runtime/host/gateway.js"));

const folder = mkdtempSync(join(tmpdir(), "gateway-bench-swap-"));
const gateway = (...args) => spawnSync(process.execPath, [join(root, "bin/gateway.js"), ...args], { cwd: folder });

function write(version) {
  const routes = Array.from(
    { length: 100 },
    (_, at) => `  GET /things${at}/{id}: { mock: { version: ${version}, at: ${at} } }\n`,
  );
  writeFileSync(
    join(folder, "gateway.yaml"),
    `gateway: bench\nroutes:\n  GET /hello: { lambda: hello }\n${routes.join("")}`,
  );
  mkdirSync(join(folder, "handlers"), { recursive: true });
  const body = `export const handler = async () => ({ statusCode: 200, body: "${version}" });\n`;
  writeFileSync(join(folder, "handlers/hello.ts"), body);
}

/** Freezes a build and yields its id. */
function frozen(version) {
  write(version);
  const { stdout, stderr } = gateway("deploy", "--stage", "dev");
  const id = /([0-9a-f]{16})/.exec(stdout)?.[1];
  if (id === undefined) throw new Error(String(stderr));
  return id;
}

const ids = Array.from({ length: swaps + 1 }, (_, at) => frozen(`v${at}`));
const store = new DeploymentStore(join(folder, ".gateway"));
const point = (id) =>
  store.update("dev", (record) =>
    deploy(record, { stage: "dev", api: "bench", deployment: id, at: new Date().toISOString() }),
  );
point(ids[0]);

const child = spawn(process.execPath, [join(root, "bin/gateway.js"), "serve", "--port", "0"], { cwd: folder });
const url = await new Promise((resolve) => {
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
    const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (match) resolve(match[0]);
  });
});
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
let failed = 0;

/** Latencies, in ms, of one second at the rate; a request is due at its time whether or not others have been answered. */
async function second() {
  const latencies = [];
  const pending = [];
  const begin = performance.now();
  for (let at = 0; at < rate; at++) {
    const due = begin + (at * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await wait(early);
    pending.push(
      new Promise((resolve) => {
        get(`${url}${at % 2 === 0 ? "/dev/hello" : "/dev/things50/17"}`, { agent }, (answer) => {
          if (answer.statusCode !== 200) failed++;
          answer.resume().on("end", () => {
            latencies.push(performance.now() - due);
            resolve();
          });
        }).on("error", () => {
          failed++;
          resolve();
        });
      }),
    );
  }
  await Promise.all(pending);
  return latencies;
}

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
for (let at = 0; at < 3; at++) await second();
const quiet = [];
const swapped = [];
for (let at = 1; at <= swaps; at++) {
  quiet.push(await second());
  point(ids[at]);
  swapped.push(await second());
}
const median = (values) => percentile(values, 0.5);
const p99 = (rounds) => median(rounds.map((round) => percentile(round, 0.99)));
console.log(`| ${rate} requests a second | p50 ms | p99 ms | worst p99 |\n|---|---|---|---|`);
for (const [name, rounds] of Object.entries({ "quiet seconds": quiet, "the second after a swap": swapped })) {
  const all = rounds.flat();
  const worst = Math.max(...rounds.map((round) => percentile(round, 0.99)));
  console.log(`| ${name} | ${median(all).toFixed(2)} | ${p99(rounds).toFixed(2)} | ${worst.toFixed(2)} |`);
}
console.log(`\np99 ratio ${(p99(swapped) / p99(quiet)).toFixed(2)}, ${swaps} swaps, ${failed} failed requests`);
agent.destroy();
const gone = new Promise((resolve) => child.once("exit", resolve));
child.kill("SIGTERM");
await gone;
await measureCpu();
rmSync(folder, { recursive: true, force: true });

/** In this process: the longest turn of the event loop while a deployment is taken up, and requests before and after. */
async function measureCpu() {
  const cpu = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const stage = (id) => loadStage(store, { ...store.stage("dev"), deployment: id, settings: id });
  const gateway = createGateway({ deployments: [await stage(ids[0])], logger: { write: () => undefined } });
  const ask = async (count) => {
    const before = cpu();
    for (let at = 0; at < count; at++) await gateway.inject({ path: at % 2 === 0 ? "/dev/hello" : "/dev/things50/17" });
    return ((cpu() - before) * 1000) / count;
  };
  await ask(10_000);
  const rows = [];
  for (const id of ids.slice(1)) {
    const warm = await ask(500);
    let [longest, last, isOver] = [0, cpu(), false];
    const turn = () => {
      const now = cpu();
      longest = Math.max(longest, now - last);
      last = now;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    gateway.deploy([await stage(id)]);
    isOver = true;
    await new Promise(setImmediate);
    rows.push({ longest, warm, first: await ask(50) });
  }
  await gateway.close({ drainMs: 0 });
  const of = (name) => median(rows.map((row) => row[name])).toFixed(1);
  console.log(
    `\nCPU: a swap holds requests up for ${of("longest")} ms; one costs ${of("warm")} µs before, ${of("first")} of the first fifty after`,
  );
}
