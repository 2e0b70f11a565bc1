import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { pause } from "./raw-socket.js";

/** A gateway as a build makes one: the runtime and a Program in one file. */
const source = `
import { main } from "./runtime/host/main.js";
import { programFormat, route } from "./runtime/program.js";
const entry = (key, run) => route({ key, method: "GET", resourcePath: key.slice(4), resourceId: "a", segments: key.slice(5).split("/"), run });
const program = {
  format: programFormat,
  api: { name: "shop", version: "1.2.3", kind: "rest", apiId: "abcdefghij", region: "eu-west-1", account: "123456789012",
    binaryMediaTypes: [], minimumCompressionSize: undefined, cors: undefined, gatewayResponses: new Map() },
  stages: [
    { name: "dev", variables: [], log: "error" },
    { name: "prod", variables: [{ name: "key", value: ["k-", { env: "PROD_KEY" }] }], log: "error" },
  ],
  routes: [
    entry("GET /slow", async (x) => { await new Promise((done) => setTimeout(done, 400)); return x.answer(200, [], "slow"); }),
    entry("GET /key", (x) => x.answer(200, [], x.stage.variables.get("key") ?? "none")),
    entry("GET /let-go", (x) => { Promise.reject(new Error("let go")); return x.answer(200, [], "ok"); }),
    entry("GET /exits", async () => process.exit(7)),
    entry("GET /throws-late", (x) => { setTimeout(() => { throw new Error("late"); }); return x.answer(200, [], "ok"); }),
  ],
};
await main(program, process.argv.slice(2), process.env);
`;

let folder: string;
let file: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  mkdirSync(join(process.cwd(), "node_modules/.cache"), { recursive: true });
  folder = mkdtempSync(join(process.cwd(), "node_modules/.cache/main-"));
  file = join(folder, "gateway.mjs");
  await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: "ts" },
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "error",
  });
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly exit: Promise<number | null>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = { PROD_KEY: "1" }): Started {
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  let errors = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, output: () => output, errors: () => errors, exit };
}

async function urlOf({ output, errors }: Started): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const match = /http:\/\/[\d.:]+/.exec(output());
    if (match) return match[0];
    await pause(20);
  }
  throw new Error(`no URL: ${output()} ${errors()}`);
}

test("says where each stage is served, reads the environment, drains on SIGTERM and exits 0", async () => {
  const started = start(["--port", "0"]);
  const url = await urlOf(started);
  expect(started.output()).toBe(`shop 1.2.3: ${url}/dev  ${url}/prod\n`);
  expect(await (await fetch(`${url}/prod/key`)).text()).toBe("k-1");
  const slow = fetch(`${url}/dev/slow`);
  await pause(100);
  started.child.kill("SIGTERM");
  expect(await (await slow).text()).toBe("slow");
  expect(await started.exit).toBe(0);
  expect(started.errors()).toBe("");
});

test("--stage chooses; the environment of the others is not asked for; PORT is the default port", async () => {
  const started = start(["--stage", "dev"], { PORT: "0" });
  const url = await urlOf(started);
  expect((await fetch(`${url}/dev/key`)).status).toBe(200);
  expect((await fetch(`${url}/prod/key`)).status).toBe(403);
});

test.each([
  [["--stage", "tets"], 1, 'no stage is named "tets"; declared: dev, prod\n'],
  [["--prot", "1"], 2, "unknown argument: --prot (try --help)\n"],
  [["--port", "99999"], 2, "not a port: 99999\n"],
  [["--port"], 2, "--port needs a value\n"],
  [["--trusted-proxy", "10.0.0.0/99"], 2, "not an address or CIDR block: 10.0.0.0/99\n"],
])("%j: exit code %i and one line", async (args, code, message) => {
  const started = start(args);
  expect([await started.exit, started.errors(), started.output()]).toEqual([code, message, ""]);
});

test("a missing environment variable is named", async () => {
  const started = start([], {});
  expect([await started.exit, started.errors()]).toEqual([
    1,
    "environment variable not set: PROD_KEY; --stage serves some of the stages only\n",
  ]);
});

test("a port in use is one line", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await pause(50);
  const { port } = server.address() as { port: number };
  const started = start(["--port", String(port)]);
  expect([await started.exit, started.errors()]).toEqual([
    1,
    `port ${port} is in use on 127.0.0.1: choose another with --port\n`,
  ]);
  server.close();
});

test("--help names the options and the stages", async () => {
  const started = start(["--help"]);
  expect(await started.exit).toBe(0);
  expect(started.output()).toContain("usage: node gateway.mjs");
  expect(started.output()).toContain("dev, prod");
});

test("a rejection that a handler lets go is logged and harms nobody; an uncaught exception drains and ends", async () => {
  const started = start(["--port", "0"]);
  const url = await urlOf(started);
  await fetch(`${url}/dev/let-go`);
  expect((await fetch(`${url}/dev/key`)).status).toBe(200);
  await expect.poll(() => started.output()).toContain("unhandled rejection");
  const slow = fetch(`${url}/dev/slow`);
  await pause(50);
  await fetch(`${url}/dev/throws-late`);
  expect(await (await slow).text()).toBe("slow");
  expect(await started.exit).toBe(1);
  await expect.poll(() => started.output()).toContain("uncaught exception");
});

test("process.exit in a handler fails that request; what is under way is answered before the process ends", async () => {
  const started = start(["--port", "0"]);
  const url = await urlOf(started);
  const slow = fetch(`${url}/dev/slow`);
  await pause(50);
  expect((await fetch(`${url}/dev/exits`)).status).toBe(500);
  expect(await (await slow).text()).toBe("slow");
  expect(await started.exit).toBe(7);
  expect(started.output()).toContain("process.exit(7) was called");
});

test("goes on when nobody reads its output any more", async () => {
  const started = start(["--port", "0"]);
  const url = await urlOf(started);
  started.child.stdout?.destroy();
  started.child.stderr?.destroy();
  for (let at = 0; at < 5; at++) {
    expect(await (await fetch(`${url}/dev/let-go`)).text()).toBe("ok");
    await pause(50);
  }
  expect(started.child.exitCode).toBeNull();
});
