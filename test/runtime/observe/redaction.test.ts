import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGateway } from "../../../runtime/host/gateway.js";
import { GatewayError } from "../../../runtime/http/gateway-error.js";
import { AccessLog } from "../../../runtime/observe/access-log.js";
import { accessLogEntry } from "../../../runtime/observe/access-log-format.js";
import { StreamSink } from "../../../runtime/observe/line-sink.js";
import type { LogRecord } from "../../../runtime/observe/logger.js";
import { Redactor } from "../../../runtime/observe/redact.js";
import { testProgram, testRoute } from "../../support/program.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = (backend: string) => `
gateway: discreet
version: 1.0.0
models: |
  /** @format password */
  type Pin = string
  interface Card { number: Pin; holder: string }
  interface Order { cards: Card[]; /** @format password */ motto?: string | null; note: string }
  interface Receipt { id: string; /** @format password */ pickup: string }
stages: { dev: { log: debug } }
routes:
  POST /orders/{door}:
    params: { door: Pin }
    headers: { X-Door: Pin }
    query: { gate: Pin }
    body: Order
    responses: { 201: Receipt }
    lambda: order
  POST /renamed:
    body: Order
    http: ${backend}/renamed
    request: { template: '{"other": $input.json("$.motto"), "note": $input.json("$.note")}' }
    responses: { 200: { template: '{"fine": true}' } }
`;
const order = `export const handler = async (event: { body: string }) => ({ statusCode: 201, headers: {},
  body: JSON.stringify({ id: "7", pickup: "meet-at-the-old-mill" }) });
`;

const secrets = [
  "4111-1111-1111-1111",
  "open-sesame-please",
  "door-of-durin-9",
  "gate-of-horn-77",
  "meet-at-the-old-mill",
];
const body = { cards: [{ number: secrets[0], holder: "Ada" }], motto: secrets[1], note: "to the mill" };

describe("what the types say is a password is in no log and no trace", () => {
  let gateway: YamlGateway;
  let backend: Server;
  const received: string[] = [];

  beforeAll(async () => {
    backend = createServer((request, response) => {
      request.on("data", (chunk) => received.push(String(chunk)));
      request.on("end", () => response.end('{"ok":true}'));
    });
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    const { port } = backend.address() as AddressInfo;
    gateway = await yamlGateway(yaml(`http://127.0.0.1:${port}`), {}, { "handlers/order.ts": order });
  }, 60_000);

  afterAll(async () => {
    backend.close();
    await gateway.close({ drainMs: 0 });
    gateway.remove();
  });

  const path = `/dev/orders/${secrets[2]}?gate=${secrets[3]}`;
  const headers = ["X-Door", secrets[2] as string];

  test("in the execution log with data", async () => {
    const from = gateway.log.length;
    expect((await gateway.ask(`POST ${path}`, body, headers)).json.pickup).toBe(secrets[4]);
    const log = JSON.stringify(gateway.log.slice(from));
    for (const secret of secrets) expect(log).not.toContain(secret);
    expect(log).toContain("Method request path: {door=****in-9}");
    expect(log).toContain("to the mill");
    expect(log).toMatch(/Method response body after transformations: [^\n]*\*\*\*\*mill/);
  });

  test("in the trace of a request", async () => {
    const traced = await gateway.trace({
      ...{ method: "POST", path, headers: ["Content-Type", "application/json", ...headers] },
      body: JSON.stringify(body),
    });
    expect(traced.answer.status).toBe(201);
    const shown = JSON.stringify({ log: traced.log, steps: traced.steps });
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(shown).toContain("to the mill");
  });

  test("where a template has given it another name", async () => {
    const from = gateway.log.length;
    expect((await gateway.ask("POST /dev/renamed", body)).status).toBe(200);
    expect(received.at(-1)).toContain(secrets[1]);
    const log = JSON.stringify(gateway.log.slice(from));
    expect(log).not.toContain(secrets[1]);
    expect(log).toContain('Endpoint request body after transformations: {\\"other\\": \\"****ease\\"');
    const traced = await gateway.trace({
      ...{ method: "POST", path: "/dev/renamed", headers: ["Content-Type", "application/json"] },
      body: JSON.stringify(body),
    });
    expect(JSON.stringify(traced.steps)).not.toContain(secrets[1]);
  });
});

describe("Redactor", () => {
  test.each([
    ['{"n": 10.0,\n "big": 12345678901234567890, "b": 1, "1": [ 2e3 ]}', undefined],
    ['{"n": 10.0, "token": "abc"}', '{"n":10,"token":"****"}'],
    ['{"a": {"token": "abc"}, "a": 1}', '{"a":1}'],
    ['{"a": "\\u0061bcdef"}', '{"a":"abcdef"}'],
  ])("shows %s as it is written, unless something of it is masked, or may be", (body, shown) => {
    expect(new Redactor().body(body)).toBe(shown ?? body);
  });

  test("masks by name in headers, queries, forms, JSON, JSON in JSON, and in what only looks like it", () => {
    const redactor = new Redactor(["motto"]);
    expect(redactor.headers(["Motto", "abcdefghijkl", "Accept", "*/*", "X-Api-Key", "abcdefghijkl"])).toEqual([
      ["Motto", "****ijkl"],
      ["Accept", "*/*"],
      ["X-Api-Key", "****ijkl"],
    ]);
    expect(redactor.query("a=1&motto=so%20secret%20it%20is&b=2")).toBe("a=1&motto=****20is&b=2");
    expect(redactor.text("it was so secret it is!")).toBe("it was ****t is!");
    expect(redactor.body('{"a":{"motto":["abcdefghijkl",7,null]}}')).toBe('{"a":{"motto":["****ijkl","****",null]}}');
    expect(redactor.value({ body: '{"motto":"abcdefghijkl"}', n: 1 })).toEqual({ body: '{"motto":"****ijkl"}', n: 1 });
    expect(redactor.body('{"motto": "abcdefghijkl", "cut')).toBe('{"motto": "****ijkl", "cut');
    expect(redactor.body("motto=abcdefghijkl&x=y")).toBe("motto=****ijkl&x=y");
    expect(redactor.body(`{"x":"${"y".repeat(70_000)}"}`)).toBe("(70008 characters)");
    expect(new Redactor().body('{"motto":"abcdefghijkl"}')).toBe('{"motto":"abcdefghijkl"}');
  });
});

test("what messages of failures quote is in no log: a token that is no signature, a signature that does not fit", async () => {
  const records: LogRecord[] = [];
  let lines = "";
  const accessLog = accessLogEntry('{"id":"$context.requestId","error":"$context.error.message"}');
  const log = new AccessLog(
    new StreamSink((text) => {
      lines += text;
    }),
  );
  const token = "a-token-of-somebody.else";
  const route = testRoute("GET /x", () => {
    throw new GatewayError(
      "INVALID_SIGNATURE",
      `'${token}' not a valid key=value pair in Authorization header: 'Bearer ${token}'`,
    );
  });
  const signed = testRoute("GET /signed", (x) => {
    throw new GatewayError("INVALID_SIGNATURE", `Authorization=${x.header("authorization")} has no Credential`);
  });
  const stages = [{ name: "dev", variables: [], log: "debug" as const, accessLog }];
  const gateway = createGateway({
    program: testProgram([route, signed], { stages }),
    logger: { write: (record) => records.push(record) },
    observers: [log],
  });
  const answer = await gateway.inject({ path: "/dev/x", headers: ["Authorization", `Bearer ${token}`] });
  expect(answer.body.toString()).toContain(token);
  const signature = "f".repeat(64);
  const authorization = `AWS4-HMAC-SHA256 SignedHeaders=host, Signature=${signature}`;
  await gateway.inject({ path: "/dev/signed", headers: ["Authorization", authorization] });
  await gateway.close({ drainMs: 0 });
  const all = JSON.stringify(records) + lines;
  expect(all).toContain("not a valid key=value pair");
  for (const secret of [token, signature]) expect(all).not.toContain(secret);
  expect(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line).error),
  ).toHaveLength(2);
});
