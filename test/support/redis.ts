import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Stops answering, as a machine does that hangs. */
  hang(): void;
  goOn(): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** After `kill`, on the same port, empty. */
  start(): Promise<void>;
  /** One command of redis-cli. */
  command(...args: readonly string[]): string;
  stop(): Promise<void>;
}

/** Whether redis-server is on this machine; CI must have it. */
export function hasRedis(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env["CI"]) throw new Error("redis-server is missing: .ci/run installs it");
    return false;
  }
}

/** A real Redis on a free port, in memory only. */
export async function startRedis(): Promise<RunningRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "gateway-redis-"));
  let child: ChildProcess | undefined;
  const command = (...args: readonly string[]) =>
    execFileSync("redis-cli", ["-p", String(port), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const start = async () => {
    const settings = ["--port", String(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"];
    child = spawn("redis-server", settings, { cwd: folder, stdio: "ignore" });
    for (let tries = 0; tries < 200; tries++) {
      try {
        if (command("ping").startsWith("PONG")) return;
      } catch {
        // Not yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("redis-server does not start");
  };
  const kill = () =>
    new Promise<void>((resolve) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    });
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    hang: () => void child?.kill("SIGSTOP"),
    goOn: () => void child?.kill("SIGCONT"),
    kill,
    start,
    command,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
