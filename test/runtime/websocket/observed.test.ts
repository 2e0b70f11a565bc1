import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { AccessLog } from "../../../runtime/observe/access-log.js";
import { EmfMetrics } from "../../../runtime/observe/emf.js";
import { StreamSink } from "../../../runtime/observe/line-sink.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { prometheusText } from "../../../runtime/observe/prometheus.js";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `gateway: watched
models: |
  interface Order { action: "order"; id: integer }
stages:
  info: { log: info, accessLog: json }
  debug: { log: debug, metrics: detailed }
  quiet: { log: error, metrics: off, accessLog: '$context.requestId $context.messageId $context.error.message $context.error.responseType' }
websocket:
  routes:
    $connect: { lambda: connect }
    $disconnect: { lambda: connect }
    order: { body: Order, lambda: show, reply: unknown }
    fail: { lambda: fail }
    sad: { lambda: sad, reply: unknown }
    hushed: { mock: { ok: true }, log: off, reply: unknown }
    ping: { mock: { ok: true }, reply: unknown }
`;

const handlers = {
  "handlers/connect.ts": `export const handler = async (event) => ({ statusCode: event.queryStringParameters?.refuse ? 403 : 200 });`,
  "handlers/show.ts": `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ password: "hunter2hunter2" }) });`,
  "handlers/sad.ts": `export const handler = async () => ({ statusCode: 502, body: "sad" });`,
  "handlers/fail.ts": `export const handler = async () => { throw new Error("broken"); };`,
};

const measures = new Measures();
const emfLines: string[] = [];
const accessLines: string[] = [];
const accessSink = new StreamSink((text) => accessLines.push(...text.trim().split("\n")));
let gateway: YamlGateway;
let port: number;

beforeAll(async () => {
  const emf = new EmfMetrics(new StreamSink((text) => emfLines.push(...text.trim().split("\n"))), Date.now);
  gateway = await yamlGateway(
    yaml,
    {
      observers: [
        { answered: (x: Exchange) => measures.add(x), sockets: measures.sockets, close: async () => undefined },
        { answered: (x: Exchange) => emf.add(x), sockets: emf.sockets, close: () => emf.close() },
        {
          answered: ({ socket }: Exchange) => {
            if (socket?.eventType === "DISCONNECT") disconnects++;
          },
          close: async () => undefined,
        },
        new AccessLog(accessSink),
      ],
    },
    handlers,
  );
  ({ port } = await gateway.listen());
}, 60_000);

afterAll(async () => {
  await gateway?.close({ drainMs: 200 });
  gateway?.remove();
});

let disconnects = 0;

/** The last event of the one connection that is open is over. */
async function disconnected(): Promise<void> {
  const before = disconnects;
  if ((gateway.sockets?.size ?? 0) > 0) await expect.poll(() => disconnects).toBe(before + 1);
}

async function talk(stage: string, messages: readonly object[]): Promise<string> {
  const socket = await RawWebSocket.open(port, `/${stage}`);
  for (const message of messages) {
    socket.text(JSON.stringify(message));
    await socket.nextText();
  }
  socket.send(socket.frame(8, Buffer.from([0x03, 0xe8])));
  await socket.ended();
  if (socket.head.startsWith("HTTP/1.1 101")) await disconnected();
  return socket.head;
}

async function logOf(stage: string, messages: readonly object[]): Promise<readonly string[]> {
  const before = gateway.log.length;
  await talk(stage, messages);
  return gateway.log.slice(before).map(({ message }) =>
    message
      .replace(/\d+ ms/, "n ms")
      .replaceAll(/\[Connection Id: [^\]]+\]/g, "[Connection Id: ID]")
      .replaceAll(/API \[[a-z0-9]{10}\]/g, "API [API]")
      .replace(/(Extended Request Id|for request): .{15}=$/, "$1: ID"),
  );
}

describe("the execution log", () => {
  test("info: each event begins and ends with a line, with the times of its function", async () => {
    expect(await logOf("info", [{ action: "order", id: 7 }])).toEqual([
      "Extended Request Id: ID",
      "Starting execution for request: ID",
      "WebSocket Request Route: [$connect]",
      "Client [UserAgent: null, SourceIp: 127.0.0.1] is connecting to WebSocket API [API].",
      "Received response. Status: 200, Integration latency: n ms",
      "Successfully completed execution",
      "Client [Connection Id: ID] connected to API [API] successfully.",
      "Extended Request Id: ID",
      "Starting execution for request: ID",
      "WebSocket Request Route: [order]",
      "WebSocket API [API] received message from client [Connection Id: ID].",
      "Received response. Status: 200, Integration latency: n ms",
      "Successfully completed execution",
      "Message from client [Connection Id: ID] sent to API [API] with response status code [200].",
      "Extended Request Id: ID",
      "Starting execution for request: ID",
      "WebSocket Request Route: [$disconnect]",
      "Received response. Status: 200, Integration latency: n ms",
      "Successfully completed execution",
      "Client [Connection Id: ID] disconnected from API [API] with integration response status code [200]. Close reason: [1000: ]",
    ]);
  });

  test("debug: events, bodies and results too, secrets masked", async () => {
    const message = { action: "order", id: 7, password: "hunter2hunter2" };
    const lines = await logOf("debug", [message]);
    const text = lines.join("\n");
    expect(text).toContain(
      'Method request body before transformations: {"action":"order","id":7,"password":"****ter2"}',
    );
    expect(text).toMatch(/Endpoint request body after transformations: \{"requestContext":\{.*"routeKey":"order"/);
    expect(text).toContain('Method response body after transformations: {"password":"****ter2"}');
    expect(text).not.toContain("hunter2hunter2");
  });

  test("what fails says why, at the level error too; a route's own level holds", async () => {
    const lines = await logOf("quiet", [{ action: "fail" }, { action: "order", id: "x" }, { action: "nobody" }]);
    expect(lines).toEqual(["API_CONFIGURATION_ERROR"]);
    const before = gateway.log.length;
    await talk("debug", [{ action: "hushed" }]);
    expect(gateway.log.slice(before).filter(({ route }) => route === "hushed")).toEqual([]);
  });
});

describe("metrics", () => {
  test("Prometheus has CloudWatch's names, by stage, and by route where the stage asks for details", async () => {
    await talk("debug", [
      { action: "ping" },
      { action: "ping" },
      { action: "sad" },
      { action: "fail" },
      { action: "none" },
    ]);
    const text = prometheusText(measures);
    const value = (name: string, labels: string) => {
      const line = text
        .split("\n")
        .find((each) => each.startsWith(`apigateway_websocket_${name}{api="watched-websocket",${labels}} `));
      return line === undefined ? undefined : Number(line.split(" ").at(-1));
    };
    expect(value("message_count_total", 'stage="debug",route="ping"')).toBe(2);
    expect(value("integration_error_total", 'stage="debug",route="sad"')).toBe(1);
    expect(value("execution_error_total", 'stage="debug",route="fail"')).toBe(1);
    expect(value("client_error_total", 'stage="debug"')).toBe(1);
    expect(value("connect_count_total", 'stage="debug"')).toBeGreaterThanOrEqual(1);
    expect(value("connect_count_total", 'stage="debug",route="$connect"')).toBe(
      value("connect_count_total", 'stage="debug"'),
    );
    // Nothing is called for a mock.
    expect(value("integration_latency_seconds_count", 'stage="debug",route="ping"')).toBe(0);
    expect(value("integration_latency_seconds_count", 'stage="debug",route="sad"')).toBe(1);
    expect(value("message_count_total", 'stage="quiet"')).toBeUndefined();
    expect(value("message_count_total", 'stage="info",route="order"')).toBeUndefined();
    expect(text).not.toContain('apigateway_count_total{api="watched-websocket"');
    for (const line of text.trim().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_0-9]+(\{.+\})? [\d.e+-]+)$/);
    }
  });

  test("requests to @connections are none of a REST API", async () => {
    const refused = await fetch(`http://127.0.0.1:${port}/info/@connections/nobody`, { method: "POST", body: "text" });
    expect(refused.status).toBe(403);
    expect(await fetch(`http://127.0.0.1:${port}/info/none`)).toMatchObject({ status: 403 });
    const counted = prometheusText(measures)
      .split("\n")
      .filter((line) => line.startsWith("apigateway_count_total{"));
    expect(counted).toEqual(['apigateway_count_total{api="watched",stage="info",canary="false"} 1']);
  });

  test("a message to a client counts, of no route", async () => {
    const before = sentTo("info");
    const socket = await RawWebSocket.open(port, "/info");
    const [open] = gateway.sockets?.list(1) ?? [];
    const target = { apiId: undefined, stage: undefined, connectionId: open?.connectionId ?? "" };
    expect(await gateway.sockets?.post(target, Buffer.from("pushed"))).toBe(true);
    expect(await socket.nextText()).toBe("pushed");
    socket.close();
    expect(sentTo("info")).toBe(before + 1);
    await disconnected();
  });

  function sentTo(stage: string): number {
    const { labels, counts } = measures.sockets.all().find(({ labels: { stage: name } }) => name === stage) ?? {
      labels: undefined,
      counts: { MessageCount: 0 },
    };
    return labels?.route === undefined ? counts.MessageCount : 0;
  }
});

describe("access logs", () => {
  test("a named format has the variables of WebSocket APIs; each event has a line", async () => {
    accessSink.flush();
    accessLines.length = 0;
    await talk("info", [{ action: "ping" }, { action: "order", id: "no" }]);
    accessSink.flush();
    const lines = accessLines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.map(({ eventType, routeKey, status }) => `${eventType} ${routeKey} ${status}`)).toEqual([
      "CONNECT $connect 200",
      "MESSAGE ping 200",
      "MESSAGE order 400",
      "DISCONNECT $disconnect 200",
    ]);
    const [first] = lines;
    expect(first?.["connectionId"]).toMatch(/=$/);
    for (const line of lines) expect(line).toMatchObject({ connectionId: first?.["connectionId"], ip: "127.0.0.1" });
  });

  test("who connects is told of where no route runs, too; the end of a connection is an event of $disconnect alone", async () => {
    const lines: string[] = [];
    const sink = new StreamSink((text) => lines.push(...text.trim().split("\n")));
    const open = await yamlGateway(
      "gateway: open\nstages: { dev: { accessLog: '$context.requestId $context.eventType $context.routeKey $context.status' } }\n" +
        "websocket: { routes: { ping: { mock: { ok: true }, reply: unknown } } }\n",
      { observers: [new AccessLog(sink)] },
    );
    const socket = await RawWebSocket.open((await open.listen()).port, "/dev");
    socket.text('{"action":"ping"}');
    await socket.nextText();
    socket.close();
    await open.close({ drainMs: 200 });
    open.remove();
    expect(lines.map((line) => line.replace(/^\S{15}= /, ""))).toEqual(["CONNECT - 200", "MESSAGE ping 200"]);
  });

  test("$context.messageId and $context.error are there", async () => {
    accessSink.flush();
    accessLines.length = 0;
    const head = await talk("quiet?refuse=1", []);
    expect(head).toMatch(/^HTTP\/1\.1 403/);
    await talk("quiet", [{ action: "order", id: "no" }, { action: "none" }]);
    accessSink.flush();
    expect(accessLines.map((line) => line.replaceAll(/\S{15,16}=/g, "ID"))).toEqual([
      "ID - - -",
      "ID - - -",
      "ID ID Invalid request body BAD_REQUEST_BODY",
      "ID ID Forbidden ACCESS_DENIED",
      "ID - - -",
    ]);
  });
});

test("EMF: ApiId, Stage and Route, written when the gateway closes, its last events too", async () => {
  const socket = await RawWebSocket.open(port, "/debug");
  socket.text('{"action":"sad"}');
  await socket.nextText();
  await gateway.close({ drainMs: 500 });
  const lines = emfLines.map((line) => JSON.parse(line)).filter((line) => "MessageCount" in line);
  const [metrics] = lines.find((line) => line.Route === "sad")._aws.CloudWatchMetrics;
  expect(metrics).toMatchObject({ Namespace: "AWS/ApiGateway", Dimensions: [["ApiId", "Stage", "Route"]] });
  expect(metrics.Metrics).toContainEqual({ Name: "IntegrationLatency", Unit: "Milliseconds" });
  const stage = lines.find((line) => line.Stage === "debug" && line.Route === undefined);
  expect(stage._aws.CloudWatchMetrics[0].Dimensions).toEqual([["ApiId"], ["ApiId", "Stage"]]);
  expect(stage).toMatchObject({
    ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    IntegrationError: 2,
    ExecutionError: 1,
  });
  expect(lines.find((line) => line.Route === "$disconnect")?.IntegrationLatency.Counts).toBeDefined();
});
