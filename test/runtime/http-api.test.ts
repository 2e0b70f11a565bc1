import { afterAll, beforeAll, expect, test } from "vitest";
import { type EchoBackend, startEchoBackend } from "../support/echo-backend.js";
import { type YamlGateway, yamlGateway } from "../support/yaml-gateway.js";

/** aws-behaviour.md, sections 3.3, 25 and 28, by gateways that are built as a user builds them. */
const yaml = (host: string) => `
gateway: http-rules
kind: http
cors:
  origins: ["https://*", "http://localhost:3000"]
  methods: [GET, POST]
  headers: [x-own]
  exposeHeaders: [x-seen]
  maxAge: 86400
authorizers:
  guard: { lambda: guard, type: request, simpleResponses: true, identity: [$request.header.authorization] }
routes:
  GET /slow: { http: "http://${host}/wait", timeout: 200 }
  GET /slow-function: { lambda: sleeps, timeout: 200 }
  GET /down: { http: "http://127.0.0.1:1/" }
  GET /broken: { lambda: breaks }
  GET /malformed: { lambda: malformed }
  GET /guarded: { auth: guard, lambda: cross }
  GET /cross: { lambda: cross }
  GET /private/{id}: { http: "http://${host}/orders/{id}", vpcLink: link1 }
  GET /private-own/{id}:
    http: "http://${host}/orders/{id}"
    vpcLink: link1
    request: { path: "/own/\${request.path.id}" }
  GET /busy: { lambda: cross, throttle: { rate: 1, burst: 1 } }
  $default: { http: "http://${host}/base?fixed=1", auth: guard }
stages:
  $default: {}
  v1: {}
`;

const handlers = {
  "handlers/sleeps.ts": "export const handler = () => new Promise((resolve) => setTimeout(resolve, 1000));\n",
  "handlers/breaks.ts": 'export const handler = async () => { throw new Error("secret text"); };\n',
  "handlers/malformed.ts": 'export const handler = async () => ({ statusCode: "many", body: 7 });\n',
  "handlers/cross.ts": `export const handler = async () => ({
  statusCode: 200,
  headers: { "Access-Control-Allow-Origin": "*", "access-control-allow-credentials": "true", "x-seen": "1" },
  body: "ok",
});
`,
  "handlers/guard.ts":
    "export const handler = async (event: any) => ({ isAuthorized: event.headers.authorization === 'yes' });\n",
};

let backend: EchoBackend;
let gateway: YamlGateway;

beforeAll(async () => {
  backend = await startEchoBackend();
  gateway = await yamlGateway(yaml(backend.host), {}, handlers);
}, 60_000);

afterAll(async () => {
  await gateway?.close({ drainMs: 0 });
  gateway?.remove();
  await backend?.stop();
});

const yes = ["authorization", "yes"];
const message = (text: string) => JSON.stringify({ message: text });

test("a preflight is answered without a route, before the authorizer of $default", async () => {
  const preflight = ["origin", "https://a.example", "access-control-request-method", "POST"];
  const { status, headers, text } = await gateway.ask("OPTIONS /nowhere", undefined, preflight);
  expect([status, text]).toEqual([204, ""]);
  expect(headers).toMatchObject({
    "access-control-allow-origin": "https://a.example",
    "access-control-allow-methods": "GET,POST",
    "access-control-allow-headers": "x-own",
    "access-control-max-age": "86400",
  });
  const other = await gateway.ask("OPTIONS /nowhere", undefined, ["origin", "http://a.example", ...preflight.slice(2)]);
  expect([other.status, other.headers["access-control-allow-origin"]]).toEqual([204, undefined]);
  expect((await gateway.ask("OPTIONS /nowhere", undefined, preflight.slice(0, 2))).status).toBe(401);
});

test("CORS headers of a function are replaced where there is an Origin, and taken out where there is none", async () => {
  const allowed = await gateway.ask("GET /cross", undefined, ["origin", "http://localhost:3000"]);
  expect(allowed.headers).toMatchObject({
    "access-control-allow-origin": "http://localhost:3000",
    "access-control-expose-headers": "x-seen",
    "x-seen": "1",
  });
  expect(allowed.headers["access-control-allow-credentials"]).toBeUndefined();
  for (const headers of [[], ["origin", "http://evil.example"]]) {
    const answer = await gateway.ask("GET /cross", undefined, headers);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(answer.status).toBe(200);
  }
});

test("what an HTTP API says of itself: 503 for time, 500 for functions, and never why", async () => {
  const told = async (path: string) => {
    const { status, text, headers } = await gateway.ask(`GET ${path}`);
    return [status, text, headers["content-type"], headers["x-amzn-errortype"]];
  };
  const plain = (status: number, text: string) => [status, message(text), "application/json", undefined];
  expect(await told("/slow")).toEqual(plain(503, "Service Unavailable"));
  expect(await told("/slow-function")).toEqual(plain(503, "Service Unavailable"));
  expect(await told("/down")).toEqual(plain(503, "Service Unavailable"));
  expect(await told("/broken")).toEqual(plain(500, "Internal Server Error"));
  expect(await told("/malformed")).toEqual(plain(500, "Internal Server Error"));
});

test("who is not known gets 401, who may not 403", async () => {
  const missing = await gateway.ask("GET /guarded");
  expect([missing.status, missing.text]).toEqual([401, message("Unauthorized")]);
  const refused = await gateway.ask("GET /guarded", undefined, ["authorization", "no"]);
  expect([refused.status, refused.text]).toEqual([403, message("Forbidden")]);
  expect((await gateway.ask("GET /guarded", undefined, yes)).status).toBe(200);
});

test("over the limit of a route it is 429", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => gateway.ask("GET /busy")));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.text).toBe(message("Too Many Requests"));
  expect(answers.some(({ status }) => status === 200)).toBe(true);
});

test("$default sends the whole path behind that of its URL, without the stage, and Forwarded for X-Forwarded-*", async () => {
  const headers = [...yes, "host", "api.example.com", "x-forwarded-for", "192.0.2.9"];
  const seen = (await gateway.ask("POST /a/b%20c?x=1", { n: 1 }, headers)).json;
  expect(seen).toMatchObject({ method: "POST", path: "/base/a/b%20c", query: { fixed: "1", x: "1" }, body: '{"n":1}' });
  expect(seen.headers.forwarded).toMatch(/^by=[^;]+;for=[^;]+;host=api\.example\.com;proto=https$/);
  expect(Object.keys(seen.headers).filter((name) => name.startsWith("x-forwarded-"))).toEqual([]);
  expect((await gateway.ask("GET /v1/a", undefined, yes)).json.path).toBe("/base/a");
  expect((await gateway.ask("GET /", undefined, yes)).json.path).toBe("/base/");
  expect((await gateway.ask("GET /../../etc", undefined, yes)).status).toBe(400);
});

test("a private integration gets the stage before the path, unless the path is mapped or the stage has no name", async () => {
  expect((await gateway.ask("GET /v1/private/7")).json.path).toBe("/v1/orders/7");
  expect((await gateway.ask("GET /private/7")).json.path).toBe("/orders/7");
  expect((await gateway.ask("GET /v1/private-own/7")).json.path).toBe("/own/7");
});
