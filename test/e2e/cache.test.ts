import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { buildFixture } from "../support/build-fixture.js";
import { hasRedis, type RunningRedis, startRedis } from "../support/redis.js";

const yaml = (state: string) => `gateway: caches
${state}
routes:
  GET /count/{id}: { lambda: count, params: { id: string } }
stages: { dev: { cache: { size: 0.5, ttl: 300, invalidate: anyone } } }
`;

const folders: string[] = [];
const running: ChildProcess[] = [];
let alone: string;
let redisBundle: string;
let redis: RunningRedis | undefined;

async function built(state: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-caches-"));
  folders.push(folder);
  mkdirSync(join(folder, "handlers"));
  writeFileSync(join(folder, "gateway.yaml"), yaml(state));
  writeFileSync(
    join(folder, "handlers/count.ts"),
    "let calls = 0;\nexport const handler = async () => ({ statusCode: 200, body: `${process.pid} ${++calls}` });\n",
  );
  return buildFixture(folder);
}

async function start(bundle: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-caches-run-"));
  folders.push(folder);
  copyFileSync(bundle, join(folder, "gateway.mjs"));
  const child = spawn(process.execPath, ["gateway.mjs", "--port", "0", ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  running.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const isUp = () => output.includes("/dev") && (!args.includes("--admin-port") || output.includes("admin port: "));
  await expect.poll(isUp, { timeout: 20_000, message: output }).toBe(true);
  return {
    url: /http:\/\/127\.0\.0\.1:\d+\/dev/.exec(output)?.[0] ?? "",
    admin: /admin port: (\S+)/.exec(output)?.[1],
  };
}

/** Over a connection of its own, so that any of several processes may answer. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await fetch(url, { headers: { ...headers, connection: "close" } })).text();
}

/** The one answer that all of twelve requests get in the end; answers are shared behind the first. */
async function settled(urls: readonly string[]): Promise<string> {
  let last: readonly string[] = [];
  await expect
    .poll(
      async () => {
        last = await Promise.all(Array.from({ length: 12 }, (_, at) => ask(urls[at % urls.length] as string)));
        return new Set(last).size;
      },
      { timeout: 5000 },
    )
    .toBe(1);
  return last[0] ?? "";
}

beforeAll(async () => {
  alone = await built("");
  redisBundle = await built('state: { redis: "${env.REDIS_URL}" }');
  if (hasRedis()) redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(
    running.splice(0).map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGTERM");
        }),
    ),
  );
});
afterAll(async () => {
  await redis?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test("serving processes have one cache: answers, a fresh answer and a flush are all of theirs", async () => {
  const { url, admin = "" } = await start(alone, ["--workers", "3", "--admin-port", "0"]);
  // One first, alone: what it has is everybody's afterwards.
  const first = await ask(`${url}/count/1`);
  await wait(100);
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(`${url}/count/1`)));
  expect(new Set(answers)).toEqual(new Set([first]));
  const fresh = await ask(`${url}/count/1`, { "cache-control": "max-age=0" });
  expect(fresh).not.toBe(first);
  expect(await settled([`${url}/count/1`])).toBe(fresh);
  const { item: apis } = (await (await fetch(`${admin}/restapis`)).json()) as {
    readonly item: readonly { readonly id: string }[];
  };
  const flushed = await fetch(`${admin}/restapis/${apis[0]?.id}/stages/dev/cache/data`, { method: "DELETE" });
  expect(flushed.status).toBe(202);
  await wait(200);
  const after = await settled([`${url}/count/1`]);
  expect([first, fresh]).not.toContain(after);
});

test.skipIf(!hasRedis())("nodes with one Redis have one cache", async () => {
  const env = { REDIS_URL: redis?.url ?? "" };
  const nodes = await Promise.all([1, 2, 3].map(() => start(redisBundle, [], env)));
  const urls = nodes.map(({ url }) => `${url}/count/1`);
  // The connection for answers is made by the first request for one.
  for (const { url } of nodes) await ask(`${url}/count/warm`);
  await wait(300);
  const first = await ask(urls[0] as string);
  await wait(100);
  expect(await Promise.all(urls.map((url) => ask(url)))).toEqual([first, first, first]);
  const fresh = await ask(urls[1] as string, { "cache-control": "max-age=0" });
  expect(fresh).not.toBe(first);
  expect(await settled(urls)).toBe(fresh);
});
