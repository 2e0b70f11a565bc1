import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { ManualClock, systemClock } from "../../../runtime/clock.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { lambdaProxy } from "../../../runtime/integrations/lambda-proxy.js";
import type { LogRecord } from "../../../runtime/observe/logger.js";
import { openObservers } from "../../../runtime/observe/open-observers.js";
import { OtlpExporter } from "../../../runtime/observe/otlp.js";
import { type RequestSpan, SpanObserver } from "../../../runtime/observe/request-span.js";
import { Sampler } from "../../../runtime/observe/sampler.js";
import { testProgram, testRoute } from "../../support/program.js";
import { yamlGateway } from "../../support/yaml-gateway.js";
import { backend } from "../integrations/backend.js";
import { lambdaOf } from "../integrations/support.js";

test("the first request of each second is sampled, and a twentieth of the others", () => {
  const clock = new ManualClock(0);
  const sampler = new Sampler(clock, () => 0.5);
  expect([sampler.samples(), sampler.samples()]).toEqual([true, false]);
  clock.advance(1000);
  expect(sampler.samples()).toBe(true);
  const often = new Sampler(clock, () => 0.049);
  expect([often.samples(), often.samples()]).toEqual([true, true]);
});

/** Asks a traced function, with what it saw of the trace. */
async function ask(environment: Record<string, string>, headers: readonly string[]) {
  const observers = openObservers({
    clock: systemClock,
    environment,
    print: () => undefined,
    hasAccessLog: false,
    hasTracing: true,
    hasMeasures: false,
  });
  let seen = "";
  const handler = async (event: unknown) => {
    seen = (event as { headers: Record<string, string> }).headers["X-Amzn-Trace-Id"] ?? "";
    return { statusCode: 429 };
  };
  const route = { ...testRoute("GET /orders/{id}", lambdaProxy), lambda: lambdaOf(handler) };
  const stages = [{ name: "dev", variables: [], log: "off" as const, tracing: true }];
  const { all, sampler } = observers;
  const gateway = createGateway({ program: testProgram([route], { stages }), observers: all, sampler });
  await gateway.inject({ path: "/dev/orders/1?token=secret", headers });
  await gateway.close({ drainMs: 0 });
  return seen;
}

const client = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

test("a segment goes to X-Ray's daemon, below the client's and above the integration's", async () => {
  const daemon = createSocket("udp4");
  const packets: string[] = [];
  daemon.on("message", (message) => packets.push(message.toString()));
  await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${daemon.address().port}`;
  const seen = await ask({ AWS_XRAY_DAEMON_ADDRESS: address }, ["X-Amzn-Trace-Id", client]);
  await expect.poll(() => packets.length).toBe(1);
  daemon.close();
  const [header = "", document = ""] = packets[0]?.split("\n") ?? [];
  expect(JSON.parse(header)).toEqual({ format: "json", version: 1 });
  const segment = JSON.parse(document);
  expect(segment).toMatchObject({
    trace_id: "1-5759e988-bd862e3fe1be46a994272793",
    parent_id: "53995c3f42cd8ad8",
    name: "test/dev",
    origin: "AWS::ApiGateway::Stage",
    http: { request: { method: "GET" }, response: { status: 429 } },
    error: true,
    throttle: true,
    aws: { api_gateway: { stage: "dev" } },
    subsegments: [{ namespace: "aws", http: { response: { status: 200 } } }],
  });
  expect(seen).toBe(`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${segment.id};Sampled=1`);
  expect(segment.end_time).toBeGreaterThanOrEqual(segment.start_time);
  expect(document).not.toContain("secret");
});

test("spans go to an OpenTelemetry collector", async () => {
  const received: { headers: object; body: string }[] = [];
  const collector = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: "x-team=shop%20a" };
  await ask({ ...environment, OTEL_SERVICE_NAME: "front" }, ["X-Amzn-Trace-Id", client]);
  collector.close();
  expect(received).toHaveLength(1);
  expect(received[0]?.headers).toMatchObject({ "x-team": "shop a", "content-type": "application/json" });
  const { resource, scopeSpans } = JSON.parse(received[0]?.body ?? "").resourceSpans[0];
  expect(resource.attributes).toContainEqual({ key: "service.name", value: { stringValue: "front" } });
  const [server, call] = scopeSpans[0].spans;
  expect(server).toMatchObject({
    traceId: "5759e988bd862e3fe1be46a994272793",
    parentSpanId: "53995c3f42cd8ad8",
    name: "GET /orders/{id}",
    kind: 2,
  });
  expect(call).toMatchObject({ parentSpanId: server.spanId, kind: 3 });
});

test("a backend is told by its host, a proxy's and a mapped one's", async () => {
  const { url, port } = await backend((_, response) => response.end("{}"));
  const spans: RequestSpan[] = [];
  const exporter = { export: (trace: RequestSpan) => void spans.push(trace), close: async () => undefined };
  const yaml = `
gateway: shop
version: 1.0.0
routes:
  GET /proxy: { http: "${url}/a" }
  GET /mapped: { http: "${url}/b", request: { headers: { X-A: "1" } }, responses: { 200: { map: { ok: true } } } }
stages: { dev: { tracing: true } }
`;
  const observers = [new SpanObserver([exporter])];
  const gateway = await yamlGateway(yaml, { observers, sampler: new Sampler(systemClock, () => 0) });
  for (const path of ["proxy", "mapped"]) expect((await gateway.ask(`GET /dev/${path}`)).status).toBe(200);
  await gateway.close({ drainMs: 0 });
  gateway.remove();
  const host = `127.0.0.1:${port}`;
  expect(spans.map(({ integration }) => [integration?.name, integration?.host, integration?.isAws])).toEqual([
    [host, host, false],
    [host, host, false],
  ]);
});

test("a Root of another form than X-Ray's has a trace id all the same, so that no other span is lost with it", async () => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    request.on("data", (chunk) => bodies.push(String(chunk)));
    request.on("end", () => response.end("{}"));
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
  const exporter = new OtlpExporter({ url });
  for (const traceId of ["no-x-ray-id", "1-5759E988-bd862e3fe1be46a994272793", span.traceId])
    exporter.export({ ...span, traceId });
  await exporter.close();
  collector.close();
  const spans: { traceId: string }[] = JSON.parse(bodies.join("")).resourceSpans[0].scopeSpans[0].spans;
  const ids = new Set(spans.map(({ traceId }) => traceId));
  expect(ids.size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test("a collector that does not answer gets one batch at a time; what is too much is dropped", async () => {
  let requests = 0;
  const collector = createServer(() => requests++);
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const exporter = new OtlpExporter({ url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces` });
  for (let at = 0; at < 4000; at++) exporter.export(span);
  await expect.poll(() => requests).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(requests).toBe(1);
  expect(exporter.dropped).toBeGreaterThan(2000);
  const closed = exporter.close();
  await expect.poll(() => requests).toBe(1);
  collector.closeAllConnections();
  await expect.poll(() => requests).toBe(2);
  collector.closeAllConnections();
  await closed;
  collector.close();
});

test("a collector's address that is none, and headers that are none, are told or dropped", async () => {
  expect(() => new OtlpExporter({ url: "localhost:4318/v1/traces" })).toThrow(
    "not a URL of an OpenTelemetry collector",
  );
  const exporter = new OtlpExporter({ url: "http://127.0.0.1:1/v1/traces", headers: { "x-a": "b\n" } });
  exporter.export(span);
  await exporter.close();
  expect(exporter.dropped).toBe(1);
});

const span: RequestSpan = {
  traceId: "1-5759e988-bd862e3fe1be46a994272793",
  id: "53995c3f42cd8ad8",
  parentId: undefined,
  api: "test",
  apiId: "abcdefghij",
  account: "123456789012",
  stage: "dev",
  isCanary: false,
  startMs: 0,
  endMs: 1,
  method: "GET",
  host: "a",
  path: "/",
  resource: "/",
  clientIp: "127.0.0.1",
  userAgent: undefined,
  status: 200,
  bytes: 0,
  requestId: "1",
  integration: undefined,
};

test("an observer that throws harms neither the request nor the other observers", async () => {
  const log: LogRecord[] = [];
  const seen: number[] = [];
  const throwing = {
    answered() {
      throw new Error("of the test");
    },
    close: async () => undefined,
  };
  const counting = { answered: (x: Exchange) => void seen.push(x.status), close: async () => undefined };
  const route = testRoute("GET /orders", (x) => x.answer(200, [], "ok"));
  const gateway = createGateway({
    program: testProgram([route]),
    observers: [throwing, counting],
    logger: { write: (record) => log.push(record) },
  });
  expect((await gateway.inject({ path: "/dev/orders" })).status).toBe(200);
  await gateway.close({ drainMs: 0 });
  expect(seen).toEqual([200]);
  expect(log).toMatchObject([{ level: "error", message: "a request could not be observed" }]);
});

test("a client that says Sampled=0 is not traced", async () => {
  const daemon = createSocket("udp4");
  let packets = 0;
  daemon.on("message", () => packets++);
  await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  const environment = { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}` };
  const seen = await ask(environment, ["X-Amzn-Trace-Id", client.replace("Sampled=1", "Sampled=0")]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  daemon.close();
  expect(packets).toBe(0);
  expect(seen).toMatch(/;Sampled=0$/);
});
