import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

/** WebSocket routes as the file has them: every integration, mapped and not, authorizers, keys, limits; built as users build. */
const yaml = (host: string) => `gateway: sockets
aws: { region: eu-west-1, account: "123456789012" }
models: |
  interface Order { action: "order"; id: integer; /** @maxLength 5 */ note?: string }
authorizers:
  guests: { lambda: admit, type: request, identity: [$request.querystring.who], context: { tenant: string, level: number } }
keys: { acme: { plan: gold, value: "a-key-of-twenty-characters" } }
plans: { gold: { stages: [dev] } }
routes:
  GET /health: { mock: { status: ok } }
websocket:
  select: $request.body.action
  auth: guests
  apiKey: true
  routes:
    $connect: { lambda: connect }
    $default: { lambda: show, reply: unknown }
    order: { body: Order, lambda: show, reply: unknown }
    proxy: { http: "http://\${stageVariables.host}/proxy?x=1", reply: unknown }
    mapped:
      http: "http://\${stageVariables.host}/mapped"
      request: { method: PUT, map: { order: $request.body.id, who: $context.authorizer.tenant, on: $context.connectionId } }
      responses:
        200: { template: '{"got":$input.json("$.body"),"route":"$context.routeKey","type":"$context.eventType","status":$context.status}' }
        404: { from: "404", map: { message: not there } }
      reply: unknown
    missing:
      http: "http://\${stageVariables.host}/missing"
      request: { map: { a: 1 } }
      responses:
        200: { map: { message: fine } }
        404: { from: "404", map: { message: not there } }
      reply: unknown
    custom:
      lambda: custom
      request: { template: '{"text":$input.json("$.text"),"id":"$context.connectionId","status":"$context.status$context.error.messageString"}' }
      responses:
        200: { template: '{"ok":$input.json("$.seen"),"status":"$context.status$context.error.validationErrorString"}' }
        400: { from: ".*bad.*", map: { failed: true, status: $context.status } }
      reply: unknown
    chosen:
      lambda: custom
      templateSelection: \${request.body.version}
      request:
        templates:
          V1: '{"text":"one","is":$input.json("$.body")}'
          "v;2": '{"text":"two"}'
          $default: '{"text":"other"}'
      responses:
        200:
          templateSelection: \${integration.response.body.seen.text}-\${integration.response.statuscode}
          templates: { one-200: 'first $input.path("$.seen.is")', two-200: second, $default: none }
      reply: unknown
    kind:
      http: "http://\${stageVariables.host}/mapped"
      request: { method: PUT, map: { kind: $request.body.kind } }
      responses:
        200:
          templateSelection: \${integration.response.header.X-Kind}
          templates: { Square: a square, round: "a circle" }
          contentHandling: CONVERT_TO_TEXT
      reply: unknown
    asked:
      http: "http://\${stageVariables.host}/mapped"
      request: { method: PUT, map: { a: 1 } }
      responses:
        200:
          templateSelection: \${request.body.as}-\${integration.response.statuscode}
          templates: { "short-200": s, "[a, {b=1}]-200": a list, $default: long }
      reply: unknown
    draw:
      lambda: show
      bodySelection: $request.body.shape.kind
      bodies:
        circle: "{ action: 'draw'; shape: { kind: 'circle'; r: integer } }"
        "2": "{ action: 'draw'; n: integer }"
      reply: unknown
    note:
      lambda: show
      bodySelection: "\${request.body.a}-\${request.body.b}"
      bodies: { x-y: "{ action: 'note'; only: integer }", $default: "{ action: 'note'; text: string }" }
      reply: unknown
    mute: { lambda: show }
    few: { mock: { ok: true }, reply: unknown, throttle: { rate: 0.001, burst: 2 } }
    brief: { mock: { ok: true }, reply: unknown }
    late: { lambda: late, timeout: 100, reply: unknown }
    down: { http: "http://127.0.0.1:1/", reply: unknown }
    context:
      mock: { id: $context.messageId, stage: $context.stage, api: $context.apiId, at: "$context.connectedAt", ip: $context.identity.sourceIp }
      reply: unknown
stages:
  dev: { variables: { host: "${host}", color: green }, log: "off", routes: { brief: { throttle: { rate: 0.001, burst: 1 } } } }
`;

const handlers = {
  "handlers/admit.ts": `export const handler = async (event) => {
    globalThis.authorized = event;
    globalThis.asked = (globalThis.asked ?? 0) + 1;
    const who = event.queryStringParameters.who;
    if (who === "nobody") throw new Error("Unauthorized");
    if (who === "broken") throw new Error("out of order");
    const Effect = who === "eve" ? "Deny" : "Allow";
    const answer = { principalId: who, context: { tenant: "t-" + who, level: 3, padding: "" },
      policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource: event.methodArn }] } };
    const bytes = { most: 8192, more: 8193 }[who];
    if (bytes) answer.context.padding = "x".repeat(bytes - JSON.stringify(answer).length);
    return answer;
  };`,
  "handlers/connect.ts": `export const handler = async (event) => { globalThis.connected = event; return { statusCode: 200 }; };`,
  "handlers/show.ts": `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
  "handlers/custom.ts": `export const handler = async (event) => {
    if (event.text === "bad") throw new Error("a bad text");
    return { seen: event };
  };`,
  "handlers/late.ts": `export const handler = async () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200 }), 1000));`,
};

let backend: Server;
let gateway: YamlGateway;
let port: number;
const shared = globalThis as unknown as { authorized: Event; connected: Event; asked: number };
type Event = Record<string, Record<string, Record<string, string>>>;

beforeAll(async () => {
  backend = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const kind = /"kind":"(\w+)"/.exec(body)?.[1];
      response.writeHead(request.url === "/missing" ? 404 : 200, {
        "Content-Type": "application/json",
        ...(kind !== undefined && { "X-Kind": kind }),
      });
      const { method, url, headers } = request;
      response.end(
        JSON.stringify({ method, url, type: headers["content-type"], body: body === "" ? null : JSON.parse(body) }),
      );
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", () => resolve()));
  gateway = await yamlGateway(yaml(`127.0.0.1:${(backend.address() as AddressInfo).port}`), {}, handlers);
  ({ port } = await gateway.listen());
});

afterAll(async () => {
  await gateway?.close({ drainMs: 100 });
  gateway?.remove();
  backend?.close();
});

const key = "x-api-key: a-key-of-twenty-characters";

async function connected(path = "/dev?who=ann", headers: readonly string[] = [key]): Promise<RawWebSocket> {
  return RawWebSocket.open(port, path, headers);
}

async function ask(message: object | string): Promise<unknown> {
  const socket = await connected();
  socket.text(typeof message === "string" ? message : JSON.stringify(message));
  const answer = await socket.nextText();
  socket.close();
  return JSON.parse(answer);
}

describe("$connect", () => {
  test("the authorizer's event is that of API Gateway, and its context comes with every message", async () => {
    const event = (await ask("hello")) as Event;
    expect(shared.authorized).toMatchObject({
      type: "REQUEST",
      methodArn: expect.stringMatching(/^arn:aws:execute-api:eu-west-1:123456789012:[a-z0-9]{10}\/dev\/\$connect$/),
      headers: {
        ...{ Connection: "upgrade", "content-length": "0", Upgrade: "websocket" },
        ...{ "x-api-key": "a-key-of-twenty-characters", Host: "localhost", "X-Forwarded-Proto": "https" },
      },
      multiValueHeaders: { Upgrade: ["websocket"], Host: ["localhost"] },
      queryStringParameters: { who: "ann" },
      stageVariables: { color: "green" },
      requestContext: { routeKey: "$connect", eventType: "CONNECT", stage: "dev" },
    });
    expect(shared.authorized["pathParameters"]).toBeUndefined();
    for (const name of ["Connection", "Upgrade"]) expect(shared.connected["headers"]).not.toHaveProperty(name);
    expect(shared.connected).toMatchObject({
      queryStringParameters: { who: "ann" },
      multiValueQueryStringParameters: { who: ["ann"] },
      isBase64Encoded: false,
      requestContext: { authorizer: { principalId: "ann", tenant: "t-ann", level: "3" }, messageDirection: "IN" },
      stageVariables: { color: "green" },
    });
    expect(event["requestContext"]).toMatchObject({
      authorizer: { principalId: "ann", tenant: "t-ann" },
      eventType: "MESSAGE",
      routeKey: "$default",
      identity: { apiKey: "a-key-of-twenty-characters", sourceIp: "127.0.0.1" },
      connectionId: shared.connected["requestContext"]?.["connectionId"],
      messageId: expect.any(String),
    });
    expect(event).not.toHaveProperty("headers");
    expect(event).toMatchObject({ body: "hello", isBase64Encoded: false });
  });

  test("each handshake is decided about anew, though decisions about requests are kept by default", async () => {
    shared.asked = 0;
    for (let time = 0; time < 2; time++) (await connected()).close();
    expect(shared.asked).toBe(2);
  });

  test.each([
    ["who is denied", "/dev?who=eve", [key], 403],
    ["who is not known", "/dev?who=nobody", [key], 401],
    ["whose authorizer fails", "/dev?who=broken", [key], 500],
    ["whose authorizer answers with more than 8 KB", "/dev?who=more", [key], 500],
    ["without the identity source", "/dev", [key], 401],
    ["without an API key", "/dev?who=ann", [], 403],
    ["with another API key", "/dev?who=ann", ["x-api-key: another-key-of-twenty-chars"], 403],
  ])("%s is refused", async (_, path, headers, status) => {
    const socket = await connected(path, headers);
    expect(socket.head.slice(9, 12)).toBe(String(status));
    expect(JSON.parse(await socket.refusal())).toEqual({
      message: expect.any(String),
      connectionId: expect.any(String),
      requestId: expect.any(String),
    });
  });
});

test("8 KB are as much as an authorizer may answer with", async () => {
  const socket = await connected("/dev?who=most");
  expect(socket.head).toMatch(/^HTTP\/1\.1 101/);
  socket.close();
});

describe("messages", () => {
  test("a body is validated by its model", async () => {
    expect(await ask({ action: "order", id: 7 })).toMatchObject({ requestContext: { routeKey: "order" } });
    const refused = await ask({ action: "order", id: "seven" });
    expect(refused).toEqual({
      message: "Bad request body",
      connectionId: expect.any(String),
      messageId: expect.any(String),
    });
    expect(await ask({ action: "order", id: 7, note: "too long" })).toMatchObject({ message: "Bad request body" });
  });

  test("a message is validated by the model that an expression chooses", async () => {
    const passes = { requestContext: { eventType: "MESSAGE" } };
    const refused = { message: "Bad request body" };
    const draw = (more: object) => ask({ action: "draw", ...more });
    expect(await draw({ shape: { kind: "circle", r: 1 } })).toMatchObject(passes);
    expect(await draw({ shape: { kind: "circle", r: "1" } })).toMatchObject(refused);
    expect(await draw({ shape: { kind: 2 }, n: 1 })).toMatchObject(passes);
    // No model is of that name, and none is for the rest.
    for (const kind of ["square", "__proto__", null])
      expect(await draw({ shape: { kind }, n: 1 })).toMatchObject(refused);
    expect(await draw({})).toMatchObject(refused);
    const note = (more: object) => ask({ action: "note", ...more });
    expect(await note({ text: "x" })).toMatchObject(passes);
    expect(await note({ a: "x", b: "y", text: "x" })).toMatchObject(refused);
    expect(await note({ a: "x", b: "y", only: 1 })).toMatchObject(passes);
  });

  test("HTTP_PROXY gets the message and its answer is the reply", async () => {
    const message = { action: "proxy", text: "hi" };
    expect(await ask(message)).toMatchObject({
      method: "POST",
      url: "/proxy?x=1",
      type: "application/json",
      body: message,
    });
  });

  test("each backend gets its own client's message, however many come at once", async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connected()));
    const wanted = sockets.map((_, at) => [`plain ${at}`, `schön ${at}`, `${"long ".repeat(40)}${at}`]);
    for (const [at, socket] of sockets.entries()) {
      for (const text of wanted[at] ?? []) socket.text(JSON.stringify({ action: "proxy", text }));
    }
    for (const [at, socket] of sockets.entries()) {
      const answers = [await socket.nextText(), await socket.nextText(), await socket.nextText()];
      const texts = answers.map((answer) => (JSON.parse(answer) as { body: { text: string } }).body.text);
      expect(texts.sort()).toEqual(wanted[at]?.sort());
      socket.close();
    }
  });

  test("HTTP with mappings: a request of its own, a reply by the status", async () => {
    expect(await ask({ action: "mapped", id: 7 })).toEqual({
      got: { order: 7, who: "t-ann", on: expect.any(String) },
      route: "mapped",
      type: "MESSAGE",
      status: 200,
    });
    expect(await ask({ action: "missing" })).toEqual({ message: "not there" });
  });

  test("a function with templates; its error chooses the response", async () => {
    // A status is known from the answer on; of an error there is nothing, as none is mapped.
    expect(await ask({ action: "custom", text: "good" })).toEqual({
      ok: { text: "good", id: expect.any(String), status: "" },
      status: "200",
    });
    expect(await ask({ action: "custom", text: "bad" })).toEqual({ failed: true, status: "400" });
  });

  test("templates are chosen by what expressions yield for the message and for the answer, as it is written", async () => {
    const text = async (message: object) => {
      const socket = await connected();
      socket.text(JSON.stringify({ action: "chosen", ...message }));
      const answer = await socket.nextText();
      socket.close();
      return answer;
    };
    expect(await text({ version: "V1", body: "x" })).toBe("first x");
    expect(await text({ version: "v;2" })).toBe("second");
    for (const version of ["v1", "V1 ", "application/json", "__proto__", ["V1"], undefined]) {
      expect(await text({ version }), String(version)).toBe("none");
    }
    expect(await text({ action: "kind", kind: "Square" })).toBe("a square");
    expect(await text({ action: "kind", kind: "round" })).toBe("a circle");
    expect(await text({ action: "asked", as: "short" })).toBe("s");
    expect(await text({ action: "asked", as: ["a", { b: 1 }] })).toBe("a list");
    expect(await text({ action: "asked" })).toBe("long");
    // No template of that name and none for the rest: the answer as it is.
    expect(JSON.parse(await text({ action: "kind", kind: "SQUARE" }))).toMatchObject({ body: { kind: "SQUARE" } });
  });

  test("a route without a reply answers nothing", async () => {
    const socket = await connected();
    socket.text('{"action":"mute"}');
    socket.text('{"action":"context"}');
    expect(JSON.parse(await socket.nextText())).toHaveProperty("api");
    socket.close();
  });

  test("a route's throttle holds for its messages", async () => {
    const socket = await connected();
    for (let at = 0; at < 3; at++) socket.text('{"action":"few"}');
    const answers = [await socket.nextText(), await socket.nextText(), await socket.nextText()].map((text) =>
      JSON.parse(text),
    );
    expect(answers.slice(0, 2)).toEqual([{ ok: true }, { ok: true }]);
    expect(answers[2]).toMatchObject({ message: "Too Many Requests", connectionId: expect.any(String) });
    socket.close();
  });

  test("a stage limits the messages of one route", async () => {
    const socket = await connected();
    for (let at = 0; at < 2; at++) socket.text('{"action":"brief"}');
    expect(JSON.parse(await socket.nextText())).toEqual({ ok: true });
    expect(JSON.parse(await socket.nextText())).toMatchObject({ message: "Too Many Requests" });
    socket.close();
  });

  test.each([
    ["late", "Endpoint request timed out"],
    ["down", "Internal server error"],
  ])("an integration that is %s is told as: %s", async (action, message) => {
    expect(await ask({ action })).toEqual({
      message,
      connectionId: expect.any(String),
      requestId: expect.any(String),
    });
  });

  test("an event says when its message came, by the clock on the wall", async () => {
    const socket = await connected();
    for (let message = 0; message < 2; message++) {
      const before = Date.now();
      socket.text("hello");
      const { requestContext } = JSON.parse(await socket.nextText()) as Event;
      const { requestTimeEpoch: at, requestTime, connectedAt } = requestContext as Readonly<Record<string, unknown>>;
      expect(Number.isInteger(at)).toBe(true);
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now());
      expect(connectedAt).toBeLessThanOrEqual(before);
      const [day, ...time] = String(requestTime).split(":");
      const told = Date.parse(`${day?.replaceAll("/", " ")} ${time.join(":")}`);
      expect(told).toBe(Math.floor(Number(at) / 1000) * 1000);
    }
    socket.close();
  });

  test("$context has what a message has", async () => {
    expect(await ask({ action: "context" })).toEqual({
      id: expect.stringMatching(/^.{15}=$/),
      stage: "dev",
      api: expect.stringMatching(/^[a-z0-9]{10}$/),
      at: expect.stringMatching(/^\d{13}$/),
      ip: "127.0.0.1",
    });
  });
});

describe("IAM at $connect", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-iam-socket-"));
  let signed: YamlGateway;
  let host: string;
  const credentials = { accessKeyId: "AKIAANN", secretAccessKey: "secret of ann" };

  beforeAll(async () => {
    const Statement = [
      { Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/dev/$connect" },
    ];
    const policies = [{ Version: "2012-10-17", Statement }];
    const ann = { arn: "arn:aws:iam::123456789012:user/ann", policies, keys: [credentials] };
    const eve = {
      arn: "arn:aws:iam::123456789012:user/eve",
      policies: [],
      keys: [{ ...credentials, accessKeyId: "AKIAEVE" }],
    };
    const file = join(folder, "principals.json");
    writeFileSync(file, JSON.stringify({ principals: [ann, eve] }));
    const text = `gateway: iam
aws: { region: eu-west-1, account: "123456789012" }
websocket:
  auth: iam
  routes:
    $connect: { mock: }
    $default: { lambda: show, reply: unknown }
stages: { dev: { log: "off" } }
`;
    signed = await yamlGateway(
      text,
      { environment: { GATEWAY_PRINCIPALS: file } },
      { "handlers/show.ts": handlers["handlers/show.ts"] },
    );
    host = `127.0.0.1:${(await signed.listen()).port}`;
  });

  afterAll(async () => {
    await signed?.close({ drainMs: 100 });
    signed?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(accessKeyId: string, secretAccessKey = credentials.secretAccessKey): Promise<RawWebSocket> {
    const signer = new SignatureV4({
      service: "execute-api",
      region: "eu-west-1",
      credentials: { accessKeyId, secretAccessKey },
      sha256: Sha256,
    });
    const request = { method: "GET", protocol: "ws:", hostname: host, path: "/dev", headers: { host } };
    const { query = {} } = await signer.presign(request, { expiresIn: 60 });
    const text = Object.entries(query as Record<string, string>)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");
    return RawWebSocket.open(Number(host.split(":")[1]), `/dev?${text}`, [], host);
  }

  test("a signed address lets in, and the caller is known to every message", async () => {
    const socket = await open("AKIAANN");
    expect(socket.head).toMatch(/^HTTP\/1\.1 101/);
    socket.text("hi");
    expect(JSON.parse(await socket.nextText())).toMatchObject({
      requestContext: { identity: { userArn: "arn:aws:iam::123456789012:user/ann", accessKey: "AKIAANN" } },
    });
    socket.close();
  });

  test("another signature, no permission, or none at all: 403", async () => {
    for (const socket of [
      await open("AKIAANN", "wrong"),
      await open("AKIAEVE"),
      await RawWebSocket.open(Number(host.split(":")[1]), "/dev", [], host),
    ]) {
      expect(socket.head).toMatch(/^HTTP\/1\.1 403/);
      socket.close();
    }
  });
});

describe("a domain of its own, and access logs", () => {
  test("the first stage is at the domain's root, others below their names; each event has a line", async () => {
    const lines: string[] = [];
    const text = `gateway: own
websocket:
  domain: live.example.com
  routes:
    $default: { mock: { stage: $context.stage }, reply: unknown }
stages:
  prod: { log: "off" }
  next: { log: "off" }
`;
    const own = await yamlGateway(text, {
      observers: [
        {
          answered: (x) => void lines.push(`${x.socket?.eventType} ${x.stage.name} ${x.route.key} ${x.status}`),
          close: async () => undefined,
        },
      ],
    });
    const { port: at } = await own.listen();
    for (const [path, stage] of [
      ["/", "prod"],
      ["/next", "next"],
    ] as const) {
      const socket = await RawWebSocket.open(at, path, [], "live.example.com");
      socket.text("x");
      expect(JSON.parse(await socket.nextText())).toEqual({ stage });
      socket.close();
    }
    const below = await RawWebSocket.open(at, "/prod", [], "live.example.com");
    expect(below.head).toMatch(/^HTTP\/1\.1 403/);
    await own.close({ drainMs: 100 });
    own.remove();
    expect(lines).toEqual(["MESSAGE prod $default 200", "MESSAGE next $default 200"]);
  });
});
