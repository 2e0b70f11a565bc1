import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { LocalIssuer } from "../../src/dev/local-issuer.js";
import { type AwsEmulator, startAwsEmulator } from "../support/aws-emulator.js";
import { buildFixture } from "../support/build-fixture.js";
import { type EchoBackend, startEchoBackend } from "../support/echo-backend.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { root } from "../support/paths.js";

/** The whole file of the design, built and served as one process, with everything around it. */
const folder = mkdtempSync(join(tmpdir(), "gateway-shop-"));
const order = "5f6c1f7e-3f0e-4a52-9a35-6d1b8c9a0001";
const acmeKey = "acme-key-0123456789abcdef";
const partner = { "x-partner": "acme-partner-secret", "x-api-key": acmeKey };
const clerk = { accessKeyId: "AKIASHOP", secretAccessKey: "of the fixture" };
let aws: AwsEmulator;
let files: EchoBackend;
let legacy: Server;
let gateway: RunningGateway;
let issuer: LocalIssuer;
let closeIssuer: () => void;
let isQueueDown = false;

beforeAll(async () => {
  cpSync(join(root, "fixtures/shop"), folder, { recursive: true, filter: (path) => !/\/(golden|build)$/.test(path) });
  aws = await startAwsEmulator(({ service, method }) => {
    if (isQueueDown) return { status: 503, body: "{}" };
    if (service === "sqs") {
      return { body: '{"SendMessageResponse":{"SendMessageResult":{"MessageId":"m-1"}}}' };
    }
    return {
      body: method === "POST" ? JSON.stringify({ statusCode: 404, body: '{"message":"no such order"}' }) : "{}",
    };
  });
  files = await startEchoBackend();
  legacy = createServer((request, response) => {
    let xml = "";
    request.on("data", (chunk) => (xml += chunk));
    request.on("end", () => {
      const id = /<Id>([^<]*)<\/Id>/.exec(xml)?.[1];
      response.setHeader("content-type", "text/xml");
      response.statusCode = id === "500" ? 500 : 200;
      response.end(`<Envelope><Body><Found><Id>${id}</Id><Status>paid</Status></Found></Body></Envelope>`);
    });
  });
  await new Promise<void>((resolve) => legacy.listen(0, "127.0.0.1", resolve));
  issuer = new LocalIssuer(folder);
  const served = await issuer.serve();
  closeIssuer = served.close;
  const statement = {
    Effect: "Allow",
    Action: "execute-api:Invoke",
    Resource: "arn:aws:execute-api:*:*:*/*/PUT/files/*",
  };
  const policies = [{ Version: "2012-10-17", Statement: [statement] }];
  const principals = [{ arn: "arn:aws:iam::123456789012:user/clerk", policies, keys: [clerk] }];
  writeFileSync(join(folder, "principals.json"), JSON.stringify({ principals }));
  gateway = await startGateway(await buildFixture(folder), {
    ...aws.environment,
    ACME_KEY: acmeKey,
    LEGACY_HOST: `127.0.0.1:${(legacy.address() as AddressInfo).port}`,
    FILES_HOST: files.host,
    GATEWAY_LOCAL_ISSUER: served.url,
    GATEWAY_PRINCIPALS: join(folder, "principals.json"),
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:9",
  });
}, 60_000);

afterAll(async () => {
  await gateway?.stop();
  closeIssuer?.();
  legacy?.close();
  await files?.stop();
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An ID token of the pool, as `gateway token customers` makes it. */
function token(pool = "local"): string {
  const now = Math.floor(Date.now() / 1000);
  const iss = `https://cognito-idp.eu-west-1.amazonaws.com/${pool}`;
  return issuer.mint({ iss, sub: "ada", token_use: "id", aud: "shop", iat: now, exp: now + 300 });
}

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(gateway.url + path, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
}

test("customers need a token of the stage's own pool", async () => {
  expect(await ask("/dev/orders")).toMatchObject({ status: 401, body: { message: "Unauthorized" } });
  expect((await ask("/dev/orders", { headers: { authorization: "Bearer nonsense" } })).status).toBe(401);
  expect((await ask("/dev/orders", { headers: { authorization: token("other") } })).status).toBe(401);
  const found = await ask("/dev/orders?status=pending", { headers: { authorization: token() } });
  expect(found).toMatchObject({ status: 200, body: { orders: [{ id: order }] } });
});

test("errors have the file's shape and CORS", async () => {
  const { body, headers } = await ask("/dev/orders", { headers: { origin: "https://shop.example.com" } });
  expect(body.requestId).toBe(headers.get("x-amzn-requestid"));
  expect(headers.get("access-control-allow-origin")).toBe("https://shop.example.com");
});

test("a stage's variable chooses the function's alias", async () => {
  const headers = { authorization: token() };
  expect((await ask(`/dev/orders/${order}`, { headers })).body.status).toBe("paid");
  const live = { authorization: token("eu-west-1_abc") };
  const seen = new Set<string>();
  // A tenth of the requests are the canary's, which has the next alias; answers are kept for each caller.
  for (let at = 0; at < 3; at++) seen.add((await ask(`/prod/orders/${order}`, { headers: live })).body.status);
  expect([...seen].every((status) => status === "pending" || status === "paid")).toBe(true);
  expect((await ask("/dev/orders/5f6c1f7e-3f0e-4a52-9a35-6d1b8c9a0009", { headers })).status).toBe(404);
});

const place = (headers: Record<string, string>, items: unknown = [{ sku: "pen", quantity: 1, price: 2 }]) =>
  ask("/dev/orders", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ items }),
  });

test("partners place orders into the queue, with authorizer, key, validation and mapping", async () => {
  expect((await place({ "x-api-key": acmeKey })).status).toBe(401);
  expect((await place({ ...partner, "x-partner": "who?" })).status).toBe(401);
  expect(await place({ "x-partner": partner["x-partner"] })).toMatchObject({
    status: 403,
    body: { message: "Forbidden" },
  });
  expect(await place(partner, [])).toMatchObject({ status: 400, body: { message: "Invalid request body" } });
  expect(aws.calls).toHaveLength(0);
  expect(await place(partner)).toMatchObject({ status: 202, body: { id: "m-1" } });
  const sent = aws.calls.at(-1);
  expect(sent).toMatchObject({ service: "sqs", region: "eu-west-1" });
  expect(decodeURIComponent(sent?.body.toString() ?? "")).toContain('"caller":"127.0.0.1"');
  expect(aws.refused).toEqual([]);
});

test("a queue that is down is told in the contract's words", async () => {
  isQueueDown = true;
  expect(await place(partner)).toMatchObject({ status: 503, body: { message: "try again later" } });
  isQueueDown = false;
});

test("a deployed function is called by Lambda's own API", async () => {
  const answer = await ask(`/dev/orders/${order}/charge`, { method: "POST", headers: { authorization: token() } });
  expect(answer).toMatchObject({ status: 404, body: { message: "no such order" } });
  expect(decodeURIComponent(aws.calls.at(-1)?.url ?? "")).toContain(":function:charge:next/invocations");
});

test("the old service speaks SOAP behind a template", async () => {
  const headers = { authorization: token() };
  expect(await ask("/dev/legacy/7", { headers })).toMatchObject({ status: 200, body: { id: "7", status: "paid" } });
  expect(await ask("/dev/legacy/500", { headers })).toMatchObject({
    status: 503,
    body: { message: "try again later" },
  });
});

test("files are for those who sign", async () => {
  const url = new URL("/dev/files/a/b.txt", gateway.url);
  expect((await ask("/dev/files/a/b.txt", { method: "PUT", body: "x" })).body.message).toBe(
    "Missing Authentication Token",
  );
  const signer = new SignatureV4({ credentials: clerk, region: "eu-west-1", service: "execute-api", sha256: Sha256 });
  const signed = await signer.sign({
    method: "PUT",
    protocol: "http:",
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: {},
    headers: { host: url.host, "content-type": "text/plain" },
    body: "hello",
  });
  const { host: _, ...headers } = signed.headers;
  const answer = await ask("/dev/files/a/b.txt", { method: "PUT", headers, body: "hello" });
  expect(answer).toMatchObject({ status: 200, body: { method: "PUT", path: "/a/b.txt", body: "hello" } });
  const other = await ask("/dev/files/a/c.txt", { method: "PUT", headers, body: "hello" });
  expect(other.status).toBe(403);
});

test("health is open; a domain's base path leads to its stage", async () => {
  expect(await ask("/prod/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  const port = new URL(gateway.url).port;
  const { request } = await import("node:http");
  const status = (path: string) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, path, headers: { Host: "api.example.com" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on("error", reject).end();
    });
  expect([await status("/v1/health"), await status("/v2/health"), await status("/v3/health")]).toEqual([200, 200, 403]);
});

test("live tracking: a partner joins, is told, and is refused without a word of the password", async () => {
  const url = `${gateway.url.replace("http", "ws")}/dev`;
  const refused = new WebSocket(url);
  const [why] = await new Promise<[Error]>((resolve) => refused.once("error", (error) => resolve([error])));
  expect(why.message).toContain("401");
  const socket = new WebSocket(url, { headers: { "x-partner": partner["x-partner"] } });
  const heard: unknown[] = [];
  socket.on("message", (data) => heard.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({ action: "join", room: order }));
  await expect.poll(() => heard.length).toBe(2);
  expect(JSON.stringify(heard)).toContain('"joined"');
  expect(JSON.stringify(heard)).toContain("OrderMoved");
  socket.close();
});

test("nothing secret is in what the process wrote", async () => {
  await expect.poll(() => gateway.output()).toContain('"resourcePath":"/health"');
  const written = gateway.output();
  for (const secret of [acmeKey, partner["x-partner"], clerk.secretAccessKey, "Signature="])
    expect(written).not.toContain(secret);
});
