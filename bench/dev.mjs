// `gateway dev` at 100 routes: from the edit of gateway.yaml, or of a handler, to the answer that shows it. Kinds of edits in
// turn; medians. Beside it the CPU that its processes spent until then, which a busy machine changes less, and how long
// arithmetic of 20 ms took at that moment. Run: npm run bench -- dev [ROUTES] [ROUNDS]
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sampleGateway } from "./support/sample-gateway.mjs";
import { median } from "./support/servers.mjs";

const routes = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 30);
const bin = fileURLToPath(new URL("../bin/gateway.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gateway-bench-dev-"));
const file = join(folder, "gateway.yaml");
const base = sampleGateway(routes);
const agent = new Agent({ keepAlive: true });

/** Each kind of edit changes its own line, and nothing else; what it yields is asked for. */
const lines = { mock: "", lambda: "" };
const edits = {
  "a new mock route": (at) => {
    lines.mock = `  GET /mocked${at}: { mock: { edit: ${at} } }\n`;
    writeYaml();
    return `/dev/mocked${at}`;
  },
  "a new lambda route": (at) => {
    lines.lambda = `  GET /called${at}: { lambda: edited }\n`;
    writeYaml();
    return `/dev/called${at}`;
  },
  "a handler": (at) => {
    const body = `export const handler = async () => ({ statusCode: 200, body: '{"edit":${at}}' });\n`;
    writeFileSync(join(folder, "handlers/edited.ts"), body);
    return "/dev/handled";
  },
};

function writeYaml() {
  writeFileSync(file, `${base}  GET /handled: { lambda: edited }\n${lines.mock}${lines.lambda}`);
}

writeYaml();
const child = spawn(process.execPath, [bin, "dev", "--port", "0"], {
  cwd: folder,
  stdio: ["ignore", "pipe", "inherit"],
});
let output = "";
child.stdout.on("data", (chunk) => {
  output += chunk;
});
await until(() => output.includes("serving "));
const url = /serving +(http:\/\/127\.0\.0\.1:\d+)/.exec(output)[1];

const times = new Map(Object.keys(edits).map((name) => [name, { live: [], cpu: [], built: [] }]));
const control = [];
const spins = calibrate();
let number = 0;
for (let round = 0; round < rounds; round++) {
  for (const [name, edit] of Object.entries(edits)) {
    await quiet();
    control.push(timeOf(spins));
    output = "";
    const cpuBefore = cpuMs();
    const begin = performance.now();
    const path = edit(++number);
    await until(() => output.includes("swapped "));
    const answer = await ask(path);
    const elapsed = performance.now() - begin;
    times.get(name).cpu.push(cpuMs() - cpuBefore);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status} ${answer.text}`);
    if (name !== "a new lambda route" && !answer.text.includes(`"edit":${number}`)) throw new Error(answer.text);
    times.get(name).live.push(elapsed);
    times.get(name).built.push(Number(/ in (\d+) ms/.exec(output)?.[1]));
  }
}

console.log(
  `| ${routes} routes, after an edit | ms to the answer, median | lowest | 90 % | of it the build | CPU ms |\n|---|---|---|---|---|---|`,
);
for (const [name, { live, cpu, built }] of times) {
  const sorted = [...live].sort((a, b) => a - b);
  const figures = [median(live), sorted[0], sorted[Math.floor(sorted.length * 0.9)], median(built), median(cpu)];
  console.log(`| ${name} | ${figures.map((ms) => ms.toFixed(0)).join(" | ")} |`);
}
const arithmetic = [
  median(control),
  Math.min(...control),
  [...control].sort((a, b) => a - b)[Math.floor(control.length * 0.9)],
];
console.log(`| 20 ms of arithmetic (control) | ${arithmetic.map((ms) => ms.toFixed(0)).join(" | ")} | | |`);
agent.destroy();
const gone = new Promise((resolve) => child.once("exit", resolve));
child.kill("SIGINT");
await gone;
rmSync(folder, { recursive: true, force: true });

/** Documents are written behind the swap: the next edit comes when the processes have nothing to do any more. */
async function quiet() {
  for (let calm = 0, before = cpuMs(); calm < 4; ) {
    await wait(50);
    const now = cpuMs();
    calm = now - before < 2 ? calm + 1 : 0;
    before = now;
  }
}

/** What `gateway dev`, esbuild and the serving process have spent, all threads, as the kernel counts it. */
function cpuMs() {
  return tree(child.pid).reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function tree(pid) {
  const children = tasks(pid).flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean));
  return [pid, ...children.flatMap(tree)];
}

function cpuOf(pid) {
  return tasks(pid).reduce(
    (sum, task) => sum + Number(read(`/proc/${pid}/task/${task}/schedstat`).split(" ")[0]) / 1e6,
    0,
  );
}

function tasks(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return "";
  }
}

/** Rounds of arithmetic that take 20 ms on this machine when nothing else runs: the best of some tries. */
function calibrate() {
  const guess = 1e6;
  const best = Math.min(...Array.from({ length: 20 }, () => timeOf(guess)));
  return Math.round((guess * 20) / best);
}

function timeOf(rounds) {
  const begin = performance.now();
  let sum = 0;
  for (let at = 0; at < rounds; at++) sum = (sum * 31 + at) | 0;
  return performance.now() - begin + (sum === 1 ? 1e-9 : 0);
}

async function until(holds) {
  while (!holds()) {
    if (child.exitCode !== null) throw new Error(`gateway dev ended:\n${output}`);
    await new Promise((resolve) => child.stdout.once("data", resolve));
  }
}

function ask(path) {
  return new Promise((resolve, reject) => {
    get(url + path, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
    }).on("error", reject);
  });
}
