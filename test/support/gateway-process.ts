import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

export interface RunningGateway {
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  stop(): Promise<number | null>;
}

/** Starts `node gateway.mjs` alone in an empty folder, on a free port, as a user would who copied the one file. */
export async function startGateway(
  bundle: string,
  env: Readonly<Record<string, string>> = {},
  binary = process.execPath,
): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-run-"));
  copyFileSync(bundle, join(folder, "gateway.mjs"));
  const child = spawn(binary, ["gateway.mjs", "--port", "0"], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  let output = "";
  child.stderr.on("data", (chunk) => (output += chunk));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (match) resolve(match[0]);
    });
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`the gateway did not start:\n${output}`)), 15_000).unref();
  });
  return {
    url,
    process: child,
    output: () => output,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", (code) => {
          rmSync(folder, { recursive: true, force: true });
          resolve(code);
        });
        child.kill("SIGTERM");
      }),
  };
}
