import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "./paths.js";

/** `gateway dev` as a process of its own, in a folder of its own. */
export class DevProcess {
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  output = "";
  url = "";
  #process: ChildProcess | undefined;

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** @param environment  besides this process's */
  constructor(
    private readonly environment: Readonly<Record<string, string>> = {},
    readonly folder = mkdtempSync(join(tmpdir(), "gateway-dev-")),
  ) {}

  async start(...flags: string[]): Promise<void> {
    const child = spawn(process.execPath, [join(root, "bin/gateway.js"), "dev", "--port", "0", ...flags], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => this.#keep(String(chunk)));
    await this.until(() => this.output.includes("serving "));
    this.url = /^serving +(http:\S+)/m.exec(this.output)?.[1] ?? "";
  }

  #keep(text: string): void {
    this.output += text;
  }

  async until(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
    const end = Date.now() + withinMs;
    while (!(await holds())) {
      const hasEnded = this.#process?.exitCode != null;
      if (hasEnded || Date.now() > end) throw new Error(`it did not happen:\n${this.output}`);
      await wait(20);
    }
  }

  /** One request on the connection that is kept alive. */
  ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const request = get(this.url + path, { agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => void chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
        response.on("error", reject);
      });
      request.on("error", reject);
    });
  }

  async says(path: string, text: string): Promise<boolean> {
    return (await this.ask(path)).text.includes(text);
  }

  /** Processes below this one, by /proc; empty where there is none. */
  children(): readonly number[] {
    const pid = this.#process?.pid;
    try {
      const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
      return text.split(" ").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return Promise.resolve(child?.exitCode ?? null);
    return new Promise((resolve) => {
      child.once("exit", (code) => resolve(code));
      child.kill(signal);
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.end("SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
