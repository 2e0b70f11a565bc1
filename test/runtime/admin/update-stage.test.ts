import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import { systemClock } from "../../../runtime/clock.js";
import { AccessLog } from "../../../runtime/observe/access-log.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: patched
version: 1.0.0
stages:
  dev: { cache: { size: 0.5, ttl: 60 }, log: error }
  bare: {}
  narrow: { routes: { GET /never: { throttle: { rate: 0.001, burst: 1 }, log: info } } }
routes:
  GET /pets/{id}: { lambda: once, params: { id: string } }
  GET /other: { lambda: once, log: info }
  GET /never: { lambda: once, cache: false }
`;
const once = "export const handler = async () => ({ statusCode: 200, body: String(Math.random()) });\n";

interface Patch {
  readonly op?: string;
  readonly path: string;
  readonly value?: string;
}

describe("UpdateStage", () => {
  let gateway: YamlGateway;
  let port: AdminPort;
  let where: string;
  const lines: string[] = [];
  const measures = new Measures();

  beforeAll(async () => {
    const admin = administer({ port: 0, host: "127.0.0.1", environment: {}, measures });
    const sink = {
      write: (line: string) => void lines.push(line),
      reopen: () => undefined,
      dropped: 0,
      close: async () => undefined,
    };
    const observer = { answered: (x: Parameters<Measures["add"]>[0]) => measures.add(x), close: async () => undefined };
    const observers = [observer, admin.requests, new AccessLog(sink)];
    gateway = await yamlGateway(yaml, { observers, clock: systemClock }, { "handlers/once.ts": once });
    port = await admin.open(() => gateway);
    const [api] = ((await (await fetch(`${port.url}/restapis`)).json()) as { item: { id: string }[] }).item;
    where = `${port.url}/restapis/${api?.id}/stages`;
  }, 60_000);

  afterAll(async () => {
    await port.close();
    await gateway.close({ drainMs: 0 });
    gateway.remove();
  });

  // biome-ignore lint/suspicious/noExplicitAny: tests compare parts of it.
  async function patch(stage: string, ...operations: readonly Patch[]): Promise<any> {
    const patchOperations = operations.map(({ op = "replace", ...rest }) => ({ op, ...rest }));
    const answer = await fetch(`${where}/${stage}`, { method: "PATCH", body: JSON.stringify({ patchOperations }) });
    const body = await answer.json();
    if (!answer.ok) throw new Error((body as { message: string }).message);
    return body;
  }

  const ask = async (path: string) => (await gateway.ask(`GET /dev${path}`)).text;
  const isKept = async (path: string) => new Set([await ask(path), await ask(path)]).size === 1;

  test("a cache is switched off for one method, for all, and given back", async () => {
    expect(await isKept("/pets/1")).toBe(true);
    const off = await patch("dev", { path: "/~1pets~1{id}/GET/caching/enabled", value: "false" });
    expect(off.methodSettings["~1pets~1{id}/GET"]).toMatchObject({ cachingEnabled: false });
    expect([await isKept("/pets/2"), await isKept("/other")]).toEqual([false, true]);
    const none = await patch(
      "dev",
      { path: "/*/*/caching/enabled", value: "false" },
      { path: "/~1pets~1{id}/GET/caching/enabled", value: "true" },
      { path: "/~1pets~1{id}/GET/caching/ttlInSeconds", value: "7" },
    );
    expect(none.methodSettings["*/*"]).toMatchObject({ cachingEnabled: false });
    expect(none.methodSettings["~1pets~1{id}/GET"]).toMatchObject({ cachingEnabled: true, cacheTtlInSeconds: 7 });
    expect([await isKept("/pets/3"), await isKept("/other")]).toEqual([true, false]);
    await patch("dev", { op: "remove", path: "/~1pets~1{id}/GET" }, { path: "/*/*/caching/enabled", value: "true" });
    expect([await isKept("/pets/4"), await isKept("/other")]).toEqual([true, true]);
    await expect(patch("dev", { op: "remove", path: "/~1pets~1{id}/GET" })).rejects.toThrow(
      "Cannot remove method setting ~1pets~1{id}/GET because there is no method setting for this method ",
    );
    await expect(patch("dev", { path: "/~1never/GET/caching/enabled", value: "true" })).rejects.toThrow(
      "GET /never keeps no answers: gateway.yaml says so, at the route",
    );
    await expect(patch("dev", { path: "/~1other/GET/caching/dataEncrypted", value: "true" })).rejects.toThrow(
      "/*/*/caching/dataEncrypted",
    );
  });

  test("a cache cluster comes and goes; a new one keeps nothing before caching is enabled", async () => {
    const gone = await patch("dev", { path: "/cacheClusterEnabled", value: "false" });
    expect(gone).toMatchObject({ cacheClusterEnabled: false, cacheClusterStatus: "NOT_AVAILABLE" });
    expect(await isKept("/pets/5")).toBe(false);
    const back = await patch(
      "dev",
      { path: "/cacheClusterEnabled", value: "true" },
      { path: "/cacheClusterSize", value: "1.6" },
    );
    expect(back).toMatchObject({ cacheClusterEnabled: true, cacheClusterSize: "1.6" });
    expect(await isKept("/pets/6")).toBe(false);
    await patch("dev", { path: "/*/*/caching/enabled", value: "true" });
    expect(await isKept("/pets/6")).toBe(true);
    await expect(patch("dev", { path: "/cacheClusterSize", value: "2" })).rejects.toThrow("Invalid cache cluster size");
    // The other stage has none in the file, but the build has routes that keep answers.
    await patch(
      "bare",
      { path: "/cacheClusterEnabled", value: "true" },
      { path: "/*/*/caching/enabled", value: "true" },
    );
    const of = async () => (await gateway.ask("GET /bare/pets/1")).text;
    expect(await of()).toBe(await of());
  });

  test("limits hold for a method and for a stage that the file does not limit", async () => {
    const limited = await patch(
      "dev",
      { path: "/~1other/GET/throttling/rateLimit", value: "1" },
      { path: "/~1other/GET/throttling/burstLimit", value: "2" },
      { path: "/*/*/caching/enabled", value: "false" },
    );
    expect(limited.methodSettings["~1other/GET"]).toMatchObject({ throttlingRateLimit: 1, throttlingBurstLimit: 2 });
    const statuses = async (path: string) => {
      const all = [];
      for (let at = 0; at < 6; at++) all.push((await gateway.ask(`GET ${path}`)).status);
      return all.filter((status) => status === 429).length;
    };
    expect([(await statuses("/dev/other")) > 2, await statuses("/dev/pets/1")]).toEqual([true, 0]);
    await patch(
      "bare",
      { path: "/*/*/throttling/rateLimit", value: "1" },
      { path: "/*/*/throttling/burstLimit", value: "1" },
    );
    expect(await statuses("/bare/never")).toBeGreaterThan(3);
    await patch("dev", { op: "remove", path: "/~1other/GET" }, { path: "/*/*/caching/enabled", value: "true" });
    expect(await statuses("/dev/other")).toBe(0);
  });

  test("what the file says of a method on one stage is shown, changed and taken away by hand", async () => {
    const shown = await patch("narrow");
    expect(shown.methodSettings["~1never/GET"]).toMatchObject({ throttlingBurstLimit: 1, loggingLevel: "INFO" });
    const statuses = async () => {
      const all = [];
      for (let at = 0; at < 4; at++) all.push((await gateway.ask("GET /narrow/never")).status);
      return all;
    };
    expect(await statuses()).toEqual([200, 429, 429, 429]);
    const wider = await patch("narrow", { path: "/~1never/GET/throttling/rateLimit", value: "1000" });
    expect(wider.methodSettings["~1never/GET"]).toMatchObject({ throttlingRateLimit: 1000, loggingLevel: "INFO" });
    const without = await patch("narrow", { op: "remove", path: "/~1never/GET" });
    expect(without.methodSettings["~1never/GET"]).toBeUndefined();
    expect(await statuses()).toEqual([200, 200, 200, 200]);
  });

  test("one method is logged and measured more than its stage", async () => {
    const before = await patch("dev");
    expect(before.methodSettings["~1other/GET"]).toMatchObject({ loggingLevel: "INFO" });
    await patch(
      "dev",
      { path: "/~1pets~1{id}/GET/logging/loglevel", value: "INFO" },
      { path: "/~1pets~1{id}/GET/logging/dataTrace", value: "true" },
      { path: "/~1pets~1{id}/GET/metrics/enabled", value: "true" },
      { path: "/~1other/GET/logging/loglevel", value: "OFF" },
    );
    const from = gateway.log.length;
    await ask("/pets/9?x=1");
    await ask("/other");
    await ask("/never");
    const messages = gateway.log.slice(from).map(({ message }) => message);
    expect(messages).toContain("Method request query string: {x=1}");
    expect(messages.filter((message) => message.startsWith("Method completed"))).toHaveLength(1);
    const detailed = measures.all().flatMap(({ labels }) => labels.resource ?? []);
    expect(detailed).toEqual(["/pets/{id}"]);
  });

  test("an access log begins, has another format, and ends", async () => {
    const format = '{"id":"$context.requestId","on":"$context.stage","status":$context.status}';
    const begun = await patch("dev", { path: "/accessLogSettings/format", value: format });
    expect(begun.accessLogSettings).toEqual({ format });
    await ask("/never");
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ id: expect.any(String), on: "dev", status: 200 });
    await patch("dev", { path: "/accessLogSettings/format", value: "$context.requestId. ${context.httpMethod}" });
    await ask("/never");
    expect(lines.at(-1)).toMatch(/^[0-9a-f-]{36}\. GET\n$/);
    await patch("dev", { op: "remove", path: "/accessLogSettings" });
    const { length } = lines;
    await ask("/never");
    expect(lines).toHaveLength(length);
    await expect(patch("dev", { path: "/accessLogSettings/format", value: "$context.status" })).rejects.toThrow(
      "must contain $context.requestId",
    );
    await expect(patch("dev", { path: "/accessLogSettings/destinationArn", value: "arn:x" })).rejects.toThrow(
      "--access-log",
    );
  });

  test("a description is the stage's; what does not exist here is refused, and changes nothing", async () => {
    expect(await patch("dev", { path: "/description", value: "for developers" })).toMatchObject({
      description: "for developers",
    });
    await expect(
      patch("dev", { path: "/description", value: "lost" }, { path: "/tracingEnabled", value: "true" }),
    ).rejects.toThrow("nobody takes traces");
    await expect(patch("dev", { path: "/clientCertificateId", value: "abc" })).rejects.toThrow("not supported");
    await expect(patch("dev", { path: "/~1pets/GET/logging/loglevel", value: "INFO" })).rejects.toThrow(
      "Invalid method setting path: /~1pets/GET/logging/loglevel",
    );
    await expect(patch("dev", { path: "/*/*/logging/loglevel", value: "LOUD" })).rejects.toThrow(
      "Invalid logging level",
    );
    expect(await patch("dev")).toMatchObject({ description: "for developers", tracingEnabled: false });
  });

  test("-1 leaves the account's limit alone; data is traced where the level is INFO", async () => {
    const set = async (...operations: readonly Patch[]) => (await patch("bare", ...operations)).methodSettings["*/*"];
    expect(await set({ path: "/*/*/throttling/rateLimit", value: "5" })).toMatchObject({ throttlingRateLimit: 5 });
    const both = ["rateLimit", "burstLimit"].map((name) => ({ path: `/*/*/throttling/${name}`, value: "-1" }));
    expect(await set(...both)).toMatchObject({ throttlingRateLimit: 10_000, throttlingBurstLimit: 5000 });
    const trace = { path: "/*/*/logging/dataTrace", value: "true" };
    await expect(patch("bare", { path: "/*/*/logging/loglevel", value: "ERROR" }, trace)).rejects.toThrow("INFO");
    expect(await set({ path: "/*/*/logging/loglevel", value: "INFO" }, trace)).toMatchObject({
      ...{ loggingLevel: "INFO", dataTraceEnabled: true },
    });
  });
});
