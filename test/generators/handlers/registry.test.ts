import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Connections from "../../../generators/handlers/connections.template.js";
import { root } from "../../support/paths.js";

/** The registry of connections as it is written out, in memory, in a real Redis and in DynamoDB's own protocol. */
type Registry = Connections.ConnectionRegistry<{ name: string }>;

const folder = mkdtempSync(join(tmpdir(), "gateway-registry-"));
let module: typeof Connections;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  const source = readFileSync(join(root, "generators/handlers/connections.template.ts"), "utf8");
  const { code } = await transform(source, { loader: "ts", format: "esm" });
  writeFileSync(join(folder, "connections.mjs"), code);
  module = (await import(pathToFileURL(join(folder, "connections.mjs")).href)) as typeof Connections;
});

afterAll(async () => {
  for (const end of ends) await end();
  rmSync(folder, { recursive: true, force: true });
});

function behaves(make: (expirySeconds?: number) => Promise<Registry>): void {
  test("data of a client is kept, replaced and forgotten", async () => {
    const registry = await make();
    expect(await registry.get("a=")).toBeUndefined();
    await registry.put("a=", { name: "Ann" });
    await registry.put("a=", { name: "Anna" });
    expect(await registry.get("a=")).toEqual({ name: "Anna" });
    await registry.remove("a=");
    expect(await registry.get("a=")).toBeUndefined();
  });

  test("clients are in groups until they leave or are forgotten", async () => {
    const registry = await make();
    for (const id of ["c=", "a=", "b="]) await registry.put(id, { name: id });
    for (const id of ["c=", "a=", "b="]) await registry.join("room 1", id);
    await registry.join("room 2", "a=");
    expect(await registry.members("room 1")).toEqual(["a=", "b=", "c="]);
    expect(await registry.groups("a=")).toEqual(["room 1", "room 2"]);
    await registry.leave("room 1", "b=");
    await registry.remove("a=");
    expect(await registry.members("room 1")).toEqual(["c="]);
    expect(await registry.members("room 2")).toEqual([]);
    expect(await registry.members("no such room")).toEqual([]);
    expect(await registry.groups("a=")).toEqual([]);
  });

  test("what has expired is not there", async () => {
    const registry = await make(1);
    await registry.put("old=", { name: "Old" });
    await registry.join("short", "old=");
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(await registry.get("old=")).toBeUndefined();
    expect(await registry.members("short")).toEqual([]);
  });
}

describe("in memory", () => behaves(async (expirySeconds) => module.memoryRegistry(expiry(expirySeconds))));

const expiry = (expirySeconds: number | undefined) => (expirySeconds === undefined ? {} : { expirySeconds });

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis && process.env["CI"]) throw new Error("redis-server is missing");

describe.skipIf(!hasRedis)("in Redis", () => {
  let redis: Redis;

  beforeAll(async () => {
    const path = join(folder, "redis.sock");
    const server: ChildProcess = spawn("redis-server", ["--port", "0", "--unixsocket", path, "--save", ""]);
    ends.push(() => server.kill());
    redis = new Redis({ path, retryStrategy: () => 50, maxRetriesPerRequest: 100 });
    ends.unshift(() => redis.quit());
    redis.on("error", () => undefined);
    await redis.ping();
  });

  let made = 0;
  behaves(async (expirySeconds) =>
    module.redisRegistry((command, ...parts) => redis.call(command, ...parts), {
      ...expiry(expirySeconds),
      prefix: `test${made++}`,
    }),
  );
});

describe("in DynamoDB", () => {
  let endpoint: string;
  let made = 0;

  beforeAll(async () => {
    const dynalite = createRequire(import.meta.url)("dynalite") as (options: object) => Server;
    const server = dynalite({ createTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    ends.push(() => server.close());
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" });
  });

  behaves(async (expirySeconds) => {
    const table = `connections${made++}`;
    const { CreateTableCommand, DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
    const client = new DynamoDBClient({ endpoint, region: "eu-west-1" });
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
    client.destroy();
    return module.dynamoRegistry({ table, region: "eu-west-1", endpoint, ...expiry(expirySeconds) });
  });
});

describe("pushing where no gateway is in the process", () => {
  test("goes to @connections, signed; 410 is told as gone, and gone clients are forgotten", async () => {
    const seen: { method: string | undefined; url: string | undefined; authorization: string; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const { method, url, headers } = request;
        seen.push({ method, url, authorization: headers.authorization ?? "", body });
        response.writeHead(url?.includes("gone") ? 410 : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" });
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod`;
    const registry = module.memoryRegistry<{ name: string }>();
    for (const id of ["here=", "gone="]) await registry.join("room", id);
    const event = { event: "Said", data: { text: "hi" } };
    expect(await module.publish(registry, "room", event, { endpoint })).toBe(1);
    expect(await registry.members("room")).toEqual(["here="]);
    expect(seen[0]).toMatchObject({ method: "POST", url: "/prod/@connections/gone%3D" });
    expect(seen[1]).toMatchObject({ url: "/prod/@connections/here%3D", body: '{"event":"Said","data":{"text":"hi"}}' });
    expect(seen[1]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/us-east-1\/execute-api\//);
    await expect(module.push("here=", event)).rejects.toThrow("CONNECTIONS_ENDPOINT");
    server.close();
  });
});

describe("pushing in a generated gateway", () => {
  const place = Symbol.for("gatewayc.connections");
  const shared = globalThis as { [place]?: Set<object> };
  const held: string[] = ["here="];
  const find = (id: string) => held.includes(id);

  test("an endpoint that a client has named is asked nothing, and who is not found has gone", async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? "");
      response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dev`;
    const event = { event: "Said", data: { text: "hi" } };
    shared[place] = new Set([{ post: find, delete: find, get: () => undefined }]);
    try {
      expect(await module.push("here=", event, { endpoint })).toBe(true);
      expect(await module.push("gone=", event, { endpoint })).toBe(false);
      const registry = module.memoryRegistry<{ name: string }>();
      for (const id of ["here=", "gone="]) await registry.join("room", id);
      expect(await module.publish(registry, "room", event, { endpoint })).toBe(1);
      expect(await registry.members("room")).toEqual(["here="]);
      expect(seen).toEqual([]);

      process.env["CONNECTIONS_ENDPOINT"] = endpoint;
      expect(await module.push("gone=", event, { endpoint: "https://client.example.com/dev" })).toBe(true);
      expect(seen).toEqual(["/dev/@connections/gone%3D"]);
    } finally {
      delete process.env["CONNECTIONS_ENDPOINT"];
      delete shared[place];
      server.close();
    }
  });
});
