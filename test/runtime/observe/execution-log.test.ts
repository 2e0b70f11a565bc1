import { afterAll, beforeAll, expect, test } from "vitest";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: logged
stages:
  info: { log: info }
  debug: { log: debug }
  error: { log: error }
routes:
  POST /orders/{id}:
    params: { id: string }
    lambda: orders
  GET /broken: { lambda: broken }
  GET /quiet: { mock: { ok: true }, log: off }
  GET /loud: { mock: { ok: true }, log: info }
  GET /keyed: { apiKey: true, mock: { ok: true } }
plans: { basic: { stages: [info] } }
keys: { reader: { plan: basic, value: "a-key-of-the-file-0123456789" } }
`;

const files = {
  "handlers/orders.ts":
    "export const handler = async (event: { body: string }) => ({ statusCode: 201, headers: { 'Set-Cookie': 'session=very-secret-9999' }, body: JSON.stringify({ password: 'hunter2hunter2', size: event.body.length, long: 'ä'.repeat(2000) }) });\n",
  "handlers/broken.ts": "export const handler = async () => 7;\n",
};

let gateway: YamlGateway;

beforeAll(async () => {
  gateway = await yamlGateway(yaml, {}, files);
}, 60_000);

afterAll(async () => {
  await gateway.close({ drainMs: 0 });
  gateway.remove();
});

/** What one request adds to the log. */
async function linesOf(request: string, body?: unknown, headers: readonly string[] = []) {
  const before = gateway.log.length;
  await gateway.ask(request, body, headers);
  return gateway.log.slice(before);
}

test("info: AWS's lines without data, each with the request's id", async () => {
  const lines = await linesOf("POST /info/orders/7?q=1", { password: "hunter2hunter2" });
  const [first] = lines;
  const stage = `${gateway.apis[0]?.apiId}/info`;
  expect(lines.map(({ message }) => message.replace(/\d+ ms|(?<=^Extended Request Id: ).+/, "n ms"))).toEqual([
    "Extended Request Id: n ms",
    `Verifying Usage Plan for request: ${first?.requestId}. API Key:  API Stage: ${stage}`,
    "API Key  authorized because method 'POST /orders/{id}' does not require API Key. Request will not contribute to throttle or quota limits",
    `Usage Plan check succeeded for API Key  and API Stage ${stage}`,
    `Starting execution for request: ${first?.requestId}`,
    "HTTP Method: POST, Resource Path: /orders/7",
    "Received response. Status: 200, Integration latency: n ms",
    "Successfully completed execution",
    "Method completed with status: 201",
  ]);
  for (const line of lines) {
    expect(line).toMatchObject({
      level: "info",
      stage: "info",
      route: "POST /orders/{id}",
      requestId: first?.requestId,
    });
  }
});

test("debug: requests, answers and bodies, secrets masked, lines cut at 1,024 bytes", async () => {
  const headers = [
    "Authorization",
    "Bearer very-secret-1234",
    "X-Api-Key",
    "key-very-secret-5678",
    "X-Session-Token",
    "mine-very-secret",
  ];
  const lines = await linesOf(
    "POST /debug/orders/a%20b?q=1&token=very-secret",
    { password: "hunter2hunter2", sku: "a" },
    headers,
  );
  const messages = lines.map(({ message }) => message);
  expect(messages).toContain("Method request path: {id=a%20b}");
  expect(messages).toContain('Method request body before transformations: {"password":"****ter2","sku":"a"}');
  expect(messages.find((message) => message.startsWith("Endpoint request body after transformations: {"))).toContain(
    "orders",
  );
  expect(messages.find((message) => message.startsWith("Method response body"))).toContain('"password":"****ter2"');
  expect(messages.join("\n")).not.toMatch(/very-secret|hunter2hunter2/);
  for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
});

test("a route with an API key tells whose plan was looked at, the key masked", async () => {
  const asked = async (key: string) =>
    (await linesOf("GET /info/keyed", undefined, ["x-api-key", key])).map(({ message }) => message);
  const good = await asked("a-key-of-the-file-0123456789");
  expect(good[1]).toMatch(/^Verifying Usage Plan for request: \S+\. API Key: \*{4}6789 API Stage: \w+\/info$/);
  expect(good[2]).toMatch(/^Usage Plan check succeeded for API Key \*{4}6789 and API Stage \w+\/info$/);
  const bad = await asked("no-key-of-anybody-0123456789");
  expect(bad.filter((message) => /succeeded|(?<!not )authorized because/.test(message))).toEqual([]);
  expect(bad).toContainEqual(
    expect.stringMatching(
      /^API Key \*{4}6789 not authorized because method 'GET \/keyed' requires API Key and API Key is not associated with a usage plan for API Stage \w+\/info: No active quota found for API Stage$/,
    ),
  );
  expect(bad.at(-1)).toBe("Method completed with status: 403");
  expect([...good, ...bad].join("\n")).not.toMatch(/a-key-of|no-key-of/);
});

test("a route has the last word, above its stage", async () => {
  expect(await linesOf("GET /debug/quiet")).toEqual([]);
  const loud = await linesOf("GET /error/loud");
  expect(loud.map(({ message }) => message)).toContain("Method completed with status: 200");
});

test("a failure has its own line at every level but off, and its type beside the lines of info", async () => {
  const error = await linesOf("GET /error/broken");
  expect(error).toMatchObject([{ level: "error", type: "API_CONFIGURATION_ERROR" }]);
  const info = await linesOf("GET /info/broken");
  expect(info.map(({ message }) => message).slice(-2)).toEqual([
    "Gateway response type: API_CONFIGURATION_ERROR with status code: 502",
    "Method completed with status: 502",
  ]);
});
