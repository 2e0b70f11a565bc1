import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ServedProject } from "../support/served-project.js";

const yaml = `gateway: logged
version: 1.0.0
routes:
  GET /a: { mock: { ok: true, canary: $context.isCanaryRequest } }
  GET /loud: { mock: { ok: true }, log: info }
  GET /quiet: { mock: { ok: true }, log: off }
  GET /process: { lambda: process }
stages:
  prod: { log: error, accessLog: '{"id":"$context.requestId","path":"$context.path","status":$context.status,"canary":"$context.isCanaryRequest"}', metrics: detailed }
  next: { log: info }
`;
const pid = "export const handler = async () => ({ statusCode: 200, body: String(process.pid) });\n";

async function project(...args: string[]): Promise<ServedProject> {
  const served = new ServedProject();
  served.write("gateway.yaml", yaml);
  served.write("handlers/process.ts", pid);
  await served.deploy("prod");
  await served.deploy("next");
  await served.serve(...args);
  return served;
}

/** One request on a connection of its own, so that the processes take turns. */
const apart = async (served: ServedProject, path: string) =>
  (await fetch(served.url + path, { headers: { connection: "close" } })).text();

describe("logs of gateway serve", () => {
  let served: ServedProject;
  afterEach(() => served?.close());

  test("two processes write one access log, which is rotated by one of them; no line is lost or broken", async () => {
    served = await project(
      "--workers",
      "2",
      "--access-log",
      "access.log",
      "--log-file-bytes",
      "20000",
      "--log-files",
      "50",
    );
    const pids = new Set<string>();
    let asked = 0;
    while (asked < 1200 || (pids.size < 2 && asked < 3000)) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => apart(served, "/prod/process")));
      asked += answers.length;
      for (const answer of answers) pids.add(answer);
    }
    expect(pids.size).toBe(2);
    expect(await served.end()).toBe(0);
    const files = readdirSync(served.folder).filter((name) => name.startsWith("access.log"));
    expect(files.length).toBeGreaterThan(3);
    expect(files).not.toContain("access.log.lock");
    const lines = files.flatMap((name) => readFileSync(join(served.folder, name), "utf8").split("\n").slice(0, -1));
    const ids = lines.map((line) => (JSON.parse(line) as { readonly id: string }).id);
    expect([lines.length, new Set(ids).size]).toEqual([asked, asked]);
    for (const name of files) expect(readFileSync(join(served.folder, name)).length).toBeLessThan(20_000 + 70_000);
  }, 60_000);

  test("a file that has been moved away is written to until SIGHUP, then there is a new one", async () => {
    served = await project("--workers", "2", "--access-log", "access.log");
    const [log, moved] = ["access.log", "moved.log"].map((name) => join(served.folder, name)) as [string, string];
    await apart(served, "/prod/a");
    const linesIn = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : -1);
    await expect.poll(() => linesIn(log), { timeout: 5000 }).toBe(1);
    renameSync(log, moved);
    await apart(served, "/prod/a");
    await expect.poll(() => linesIn(moved), { timeout: 5000 }).toBe(2);
    served.process?.kill("SIGHUP");
    await expect.poll(() => linesIn(log), { timeout: 5000 }).toBe(0);
    await Promise.all(Array.from({ length: 10 }, () => apart(served, "/prod/a")));
    await expect.poll(() => linesIn(log), { timeout: 5000 }).toBe(10);
    expect(linesIn(moved)).toBe(2);
  }, 60_000);

  test("access logs reach a socket, metrics a file as EMF lines", async () => {
    let received = "";
    const receiver = createServer((socket) => void socket.on("data", (chunk) => (received += chunk)));
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const { port } = receiver.address() as AddressInfo;
    try {
      served = await project("--workers", "2", "--access-log", `tcp://127.0.0.1:${port}`, "--emf", "metrics.log");
      for (let at = 0; at < 12; at++) await apart(served, "/prod/a");
      await expect.poll(() => received.split("\n").length - 1, { timeout: 10_000 }).toBe(12);
      expect(await served.end()).toBe(0);
      const lines = readFileSync(join(served.folder, "metrics.log"), "utf8").trim().split("\n");
      const counts = lines.map(
        (line) => JSON.parse(line) as { Count: number | number[]; Stage: string; Method?: string },
      );
      const sum = counts
        .filter(({ Stage, Method }) => Stage === "prod" && Method === undefined)
        .flatMap(({ Count }) => Count)
        .reduce((total, count) => total + count, 0);
      expect(sum).toBe(12);
    } finally {
      receiver.close();
    }
  }, 60_000);

  test("each stage logs as much as it says, a route as much as it says itself; a canary's counts and lines are apart", async () => {
    served = await project("--workers", "1", "--admin-port", "0", "--access-log", "access.log");
    const completed = () =>
      served.output
        .split("\n")
        .filter((line) => line.includes("Method completed"))
        .map((line) => JSON.parse(line) as { readonly stage: string; readonly route: string });
    for (const path of ["/prod/a", "/prod/loud", "/prod/quiet", "/next/a", "/next/loud", "/next/quiet"])
      await apart(served, path);
    await expect.poll(() => completed().length, { timeout: 5000 }).toBe(3);
    expect(completed().map(({ stage, route }) => `${stage} ${route}`)).toEqual([
      "prod GET /loud",
      "next GET /a",
      "next GET /loud",
    ]);
    const [{ id }] = (await served.admin("/restapis")).item;
    const patchOperations = [{ op: "replace", path: "/canarySettings/percentTraffic", value: "50" }];
    await served.admin(`/restapis/${id}/stages/prod`, "PATCH", { patchOperations });
    const answers = await Promise.all(Array.from({ length: 60 }, () => apart(served, "/prod/a")));
    const canaries = answers.filter((text) => text.includes('"canary":"true"')).length;
    expect(canaries).toBeGreaterThan(5);
    const metrics = String(await served.admin("/metrics"));
    const count = (canary: boolean) =>
      Number(
        new RegExp(`apigateway_count_total\\{api="logged",stage="prod",canary="${canary}"\\} (\\d+)`).exec(
          metrics,
        )?.[1],
      );
    expect([count(true), count(false)]).toEqual([canaries, 60 - canaries + 3]);
    const logged = () =>
      readFileSync(join(served.folder, "access.log"), "utf8")
        .split("\n")
        .filter((line) => line.includes('"canary":"true"'));
    await expect.poll(() => logged().length, { timeout: 5000 }).toBe(canaries);
    await Promise.all(Array.from({ length: 40 }, () => apart(served, "/prod/loud")));
    await expect.poll(() => completed().length, { timeout: 5000 }).toBe(43);
    const lines = completed().slice(3);
    const ofCanary = lines.filter(({ stage }) => stage === "prod/Canary").length;
    expect(ofCanary).toBeGreaterThan(5);
    expect(lines.filter(({ stage }) => stage === "prod").length).toBe(40 - ofCanary);
  }, 60_000);

  test("who reads the output may go: requests are answered on, and no process ends", async () => {
    served = await project("--workers", "1");
    const worker = served.workers();
    served.process?.stdout?.destroy();
    for (let asked = 0; asked < 10; asked++) expect(await apart(served, "/prod/loud")).toBe('{"ok":true}');
    expect(served.workers()).toEqual(worker);
  }, 60_000);

  test("a log file that cannot be opened ends the start in one line", async () => {
    served = new ServedProject();
    served.write("gateway.yaml", yaml);
    served.write("handlers/process.ts", pid);
    await served.deploy("prod");
    const { code, output } = await served.command("serve", "--port", "0", "--access-log", "no/such/folder/access.log");
    expect([code, output]).toEqual([
      2,
      expect.stringMatching(/^gateway: the log file no\/such\/folder\/access\.log cannot be opened: .*\n$/),
    ]);
  }, 60_000);
});
