// CPU a request of two serving processes against one, with key, plan and throttle that both keep together; and the same of a
// bare node:http server under node:cluster, which shows what two processes cost on this machine before anybody shares
// anything: they have to share its cores with the load, and each finds less to do a turn.
// Run: npm run bench -- workers [seconds per slice]. Needs wrk.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { median, wait } from "./support/servers.mjs";

const rounds = 7;
const value = "bench-key-0123456789abcdefghijklmnop";
const seconds = Math.max(1, Math.round(Number(process.argv[2] ?? 2)));
const folder = mkdtempSync(join(tmpdir(), "bench-workers-"));

writeFileSync(
  join(folder, "gateway.yaml"),
  `gateway: bench
plans: { gold: { throttle: { rate: 10000000, burst: 10000000 }, quota: { limit: 2000000000, period: month } } }
keys: { bench: { plan: gold, value: "${value}" } }
routes: { GET /orders: { apiKey: true, mock: { status: ok } } }
`,
);
writeFileSync(
  join(folder, "bare.mjs"),
  `import cluster from "node:cluster";
import { createServer } from "node:http";
const count = Number(process.argv[2]);
if (cluster.isPrimary && count > 1) {
  for (let at = 0; at < count; at++) cluster.fork();
  let listening = 0;
  cluster.on("listening", (_, { port }) => ++listening === count && console.log("http://127.0.0.1:" + port));
} else {
  const body = Buffer.from('{"status":"ok"}');
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    response.end(body);
  });
  server.listen(0, "127.0.0.1", () => count === 1 && console.log("http://127.0.0.1:" + server.address().port));
}
`,
);
execFileSync(process.execPath, [fileURLToPath(new URL("../bin/gateway.js", import.meta.url)), "build"], {
  cwd: folder,
  stdio: "ignore",
});
const servers = {
  "node:http": (count) => ["bare.mjs", String(count)],
  gateway: (count) => ["build/gateway/gateway.mjs", "--port", "0", "--workers", String(count)],
};
const found = Object.fromEntries(Object.keys(servers).map((name) => [name, { 1: [], 2: [] }]));
for (let round = 0; round < rounds; round++) {
  for (const [name, argsOf] of Object.entries(servers)) {
    for (const count of round % 2 === 0 ? [1, 2] : [2, 1]) found[name][count].push(await cpuOf(argsOf(count), count));
  }
}
const ratioOf = ({ 1: one, 2: two }) => median(two.map((cpu, at) => cpu / one[at]));
console.log(`
${rounds} rounds of ${seconds} s

| | CPU µs a request, one process | two and their primary | ratio |
|---|---|---|---|`);
for (const [name, cpu] of Object.entries(found)) {
  const cells = [name, median(cpu[1]).toFixed(1), median(cpu[2]).toFixed(1), ratioOf(cpu).toFixed(2)];
  console.log(`| ${cells.join(" | ")} |`);
}
console.log(
  `\nthe gateway's ratio over node:http's: ${(ratioOf(found.gateway) / ratioOf(found["node:http"])).toFixed(2)}`,
);
rmSync(folder, { recursive: true, force: true });

async function cpuOf(args, count) {
  const child = spawn(process.execPath, args, { cwd: folder });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  while (!output.includes("http://")) await wait(20);
  const url = `${/http:\/\/127\.0\.0\.1:\d+/.exec(output)[0]}/dev/orders`;
  const wrk = (duration) =>
    execFileSync("wrk", ["-t1", "-c64", `-d${duration}s`, "-H", `X-Api-Key: ${value}`, url], { encoding: "utf8" });
  wrk(1);
  const workers = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ").filter(Boolean);
  const pids = count === 1 ? [child.pid] : [child.pid, ...workers.map(Number)];
  const before = cpuMicroseconds(pids);
  const text = wrk(seconds);
  const spent = cpuMicroseconds(pids) - before;
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await ended;
  return spent / Number(/(\d+) requests in/.exec(text)[1]);
}

/** User and system time of processes, by /proc; ticks of 10 ms. */
function cpuMicroseconds(pids) {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}
