import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { yamlGateway } from "../support/yaml-gateway.js";
import { gateway, project } from "./support.js";

const yaml = (backend: string) => `gateway: g
routes:
  POST /orders/{id}:
    params: { id: string }
    http: ${backend}/made
    request: { headers: { X-Secret: a, Authorization: $request.header.Authorization }, map: { id: $request.path.id } }
    responses: { 200: { map: { name: $response.body.name } } }
  GET /fn: { lambda: fn }
  GET /health: { mock: { status: ok } }
stages: { dev: {} }
`;
const handler =
  "export const handler = async (event: object) => { console.log('hello'); return { statusCode: 200, body: JSON.stringify(Object.keys(event).length) }; };\n";

describe("invoke", () => {
  const server = createServer(
    (_, response) => void response.setHeader("Set-Cookie", "session=secretvalue").end('{"name":"n"}'),
  );
  let backend = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    backend = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test("shows each step: route, templates, integration, answer; secrets are masked", async () => {
    const folder = project({ "gateway.yaml": yaml(backend), "handlers/fn.ts": handler });
    const args = ["POST", "/orders/{id}", "-f", join(folder, "gateway.yaml"), "-p", "id=a b", "-b", "{}"];
    const secret = ["-H", "Authorization: Bearer very-secret-token-1234"];
    const { code, out, error } = await gateway("invoke", ...args, ...secret, "--format", "json");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const trace = JSON.parse(out);
    expect(trace.steps.map(({ step }: { step: string }) => step)).toEqual([
      "route",
      "template",
      "integration request",
      "integration response",
      "template",
    ]);
    expect(trace.steps[1].data).toMatchObject({ side: "request", in: "{}", out: '{"id":"a%20b"}' });
    expect(trace.steps[2].data).toMatchObject({ method: "POST", url: `${backend}/made`, body: '{"id":"a%20b"}' });
    expect(trace.answer).toMatchObject({ status: 200, body: '{"name":"n"}' });
    expect(out).not.toContain("very-secret");
    expect(out).not.toContain("secretvalue");
    expect(out).toContain("****1234");
    const text = await gateway("invoke", ...args);
    expect(text.out).toMatch(/1\. route[\s\S]*3\. integration request[\s\S]*=> 200/);
  });

  test("a function, a mock, a missing route, a failure", async () => {
    const folder = project({ "gateway.yaml": yaml("http://127.0.0.1:1"), "handlers/fn.ts": handler });
    const file = ["-f", join(folder, "gateway.yaml"), "--format", "json"];
    const fn = JSON.parse((await gateway("invoke", "GET /fn", ...file)).out);
    expect(fn.steps.at(-2)).toMatchObject({ step: "function", data: { name: "fn", event: { path: "/fn" } } });
    expect(fn.steps.at(-1)).toMatchObject({ step: "function result", data: { result: { statusCode: 200 } } });
    expect(JSON.parse((await gateway("invoke", "GET", "/health", ...file)).out).answer.body).toBe('{"status":"ok"}');
    expect(JSON.parse((await gateway("invoke", "GET", "/none", ...file)).out).answer.status).toBe(403);
    const failed = JSON.parse((await gateway("invoke", "POST /orders/7", "-b", "{}", ...file)).out);
    expect(failed.answer.status).toBe(504);
    expect(failed.steps.at(-1)).toMatchObject({ step: "failure", data: { type: "INTEGRATION_FAILURE" } });
  });

  test("what cannot be invoked is told", async () => {
    const folder = project({ "gateway.yaml": yaml("http://127.0.0.1:1"), "handlers/fn.ts": handler });
    const file = ["-f", join(folder, "gateway.yaml")];
    expect(await gateway("invoke", "ANY /fn", ...file)).toMatchObject({ code: 2 });
    expect(await gateway("invoke", "fn", ...file)).toMatchObject({ code: 2 });
    expect((await gateway("invoke", "GET /orders/{id}", ...file)).error).toContain("--param id=");
    expect((await gateway("invoke", "GET /fn", ...file, "-s", "dve")).error).toContain('did you mean "dev"?');
  });
});

describe("a trace by a header", () => {
  const mock = "gateway: g\nroutes:\n  GET /health: { mock: { status: ok } }\nstages: { dev: {} }\n";
  test("is given where the gateway is told to, to this machine by its own name", async () => {
    const traced = await yamlGateway(mock, { trace: true });
    const asked = await traced.ask("GET /dev/health", undefined, ["X-Gateway-Trace", "1"]);
    expect(asked.json).toMatchObject({ steps: [{ step: "route" }], answer: { status: 200, body: '{"status":"ok"}' } });
    expect(asked.text).not.toContain("X-Gateway-Trace");
    const foreign = ["X-Gateway-Trace", "1", "Host", "evil.example"];
    expect((await traced.ask("GET /dev/health", undefined, foreign)).json).toEqual({ status: "ok" });
    await traced.close();
    traced.remove();
  });

  test("is not given otherwise", async () => {
    const plain = await yamlGateway(mock);
    expect((await plain.ask("GET /dev/health", undefined, ["X-Gateway-Trace", "1"])).json).toEqual({ status: "ok" });
    await plain.close();
    plain.remove();
  });
});
