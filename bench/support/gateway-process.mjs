// Gateways as processes of their own, with a look into them: what they hold, once all that can go is gone.
import { fork, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = join(root, "bin/gateway.js");

/** Runs in the gateway's process; those that it starts have a channel of their own, which keeps them alive. */
const probe = `import cluster from "node:cluster";
if (cluster.isPrimary) process.on("message", (message) => {
  if (message !== "probe") return;
  globalThis.gc();
  globalThis.gc();
  const { heapUsed: heap, rss } = process.memoryUsage();
  const handles = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  process.send({ heap, rss, handles });
});
if (cluster.isPrimary) process.channel?.unref();
`;

/** A project in a folder of its own. */
export class Project {
  folder = mkdtempSync(join(tmpdir(), "gateway-reliability-"));

  /** @param functions  handlers by name, as text */
  constructor(yaml, functions = {}) {
    this.write("gateway.yaml", yaml);
    for (const [name, text] of Object.entries(functions)) this.write(`handlers/${name}.ts`, `${text}\n`);
  }

  write(path, text) {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** One command of the CLI; its output. @throws Error with what it said */
  async command(...args) {
    const child = spawn(process.execPath, [binary, ...args], { cwd: this.folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`gateway ${args.join(" ")} ended with ${code}: ${output}`);
    return output;
  }

  async build() {
    await this.command("build", "--only", "handlers,gateway");
  }

  /** Deploys what stands in the folder. */
  async deploy(stage) {
    await this.command("deploy", "--stage", stage);
  }

  /** `node gateway.mjs` */
  start(args = [], environment = {}) {
    const file = join(this.folder, "build/gateway/gateway.mjs");
    return start(file, args, { cwd: this.folder, environment, isProbed: true });
  }

  /** `gateway serve`; its processes cannot be looked into. */
  serve(args = [], environment = {}) {
    return start(binary, ["serve", ...args], { cwd: this.folder, environment, isProbed: false });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function start(file, args, { cwd, environment, isProbed }) {
  const probeFile = join(cwd, "probe.mjs");
  writeFileSync(probeFile, probe);
  const child = fork(file, [...args, "--port", "0"], {
    cwd,
    env: { ...process.env, ...environment },
    execArgv: isProbed ? ["--expose-gc", "--import", probeFile] : [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      // What is said first says where; of a long run only the end is of use.
      output = (output + chunk).slice(-100_000);
    });
  }
  const gone = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const url = await new Promise((resolve, reject) => {
    const look = () => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", look);
    void gone.then((code) => reject(new Error(`it ended with ${code}: ${output}`)));
  });
  return {
    child,
    url,
    port: Number(new URL(url).port),
    gone,
    output: () => output,
    /** Bytes of heap after GC and of RSS, and how many of each kind of handle there are. */
    look: () =>
      new Promise((resolve) => {
        child.once("message", resolve);
        child.send("probe");
      }),
    rss: () => rssOf(child.pid),
    cpu: () => cpuOf(child.pid),
    /** SIGTERM; its exit code. */
    stop: () => {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

/** Bytes; NaN where the system does not tell. */
export function rssOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** Seconds of CPU that a process has used; NaN where the system does not tell. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    // User and system time, in hundredths (proc(5), stat, fields 14 and 15).
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

export function handleCount({ handles }) {
  return Object.values(handles).reduce((sum, count) => sum + count, 0);
}
