import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect } from "vitest";
import { root } from "./paths.js";

const binary = join(root, "bin/gateway.js");

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A project in a folder of its own, with `gateway serve` in front. */
export class ServedProject {
  readonly folder = mkdtempSync(join(tmpdir(), "gateway-served-"));
  readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });
  output = "";
  url = "";
  /** Undefined: it was not asked for. */
  adminUrl: string | undefined;
  process: ChildProcess | undefined;

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  async command(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = spawn(process.execPath, [binary, ...args], { cwd: this.folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }

  /** Deploys what stands in the folder, and yields its id. */
  async deploy(stage: string): Promise<string> {
    const { code, output } = await this.command("deploy", "--stage", stage);
    const id = /^(?:deployed +|unchanged \w+ is )([0-9a-f]{16})/m.exec(output)?.[1];
    if (code !== 0 || id === undefined) throw new Error(output);
    return id;
  }

  async serve(...args: string[]): Promise<void> {
    await this.start(["serve", "--port", "0", ...args]);
  }

  /** Any command that serves, until it says where. */
  async start(args: readonly string[], program: readonly string[] = [binary]): Promise<void> {
    const child = spawn(process.execPath, [...program, ...args], { cwd: this.folder });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.output += chunk));
    const wantsAdmin = args.includes("--admin-port");
    await expect
      .poll(() => this.output, { timeout: 20_000 })
      .toMatch(wantsAdmin ? /^admin\b.*\n/m : /^(?:serving |.*: http:\/\/)/m);
    this.url = /(?:serving +|: )(http:\/\/127\.0\.0\.1:\d+)/.exec(this.output)?.[1] ?? "";
    this.adminUrl = /^admin\D*(http:\/\/\S+)/m.exec(this.output)?.[1];
  }

  ask(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(this.url + path, { agent: this.agent, headers, method }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  async text(path: string): Promise<string> {
    return (await this.ask(path)).text;
  }

  /** JSON of the admin port. */
  // biome-ignore lint/suspicious/noExplicitAny: tests compare parts of it.
  async admin(path: string, method = "GET", body?: object): Promise<any> {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${this.adminUrl}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  }

  /** Ids of the processes that serve. */
  workers(): readonly string[] {
    const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(this.process?.pid)], { encoding: "utf8" });
    return stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  }

  end(): Promise<number | null> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null) return Promise.resolve(child?.exitCode ?? null);
    return new Promise((resolve) => {
      child.once("exit", (code) => resolve(code));
      child.kill("SIGTERM");
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
