import { afterEach, describe, expect, test } from "vitest";
import { readBody } from "../../../runtime/http/read-body.js";
import { httpCustom } from "../../../runtime/integrations/http-custom.js";
import type { BodyTemplate, HttpTarget, HttpTargetResponse } from "../../../runtime/integrations/http-target.js";
import {
  fromBody,
  fromHeader,
  fromMultiQuery,
  fromMultiResponseHeader,
  fromResponseBody,
  fromResponseHeader,
  fromStatic,
} from "../../../runtime/mapping/parameters.js";
import { type Pipeline, type RouteEntry, route } from "../../../runtime/program.js";
import { backend, echo } from "./backend.js";
import { type ProgramInput, programOf, type TestGateway, testGateway, valuesOf } from "./support.js";

const opened: TestGateway[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close({ drainMs: 0 })));
});

const run: Pipeline = async (x) => (await readBody(x)) || httpCustom(x);

const ok: HttpTargetResponse = { status: 200, pattern: undefined, headers: [], templates: new Map() };

function start(http: Partial<HttpTarget>, input: ProgramInput = {}, more: Partial<RouteEntry> = {}): TestGateway {
  const target: HttpTarget = {
    proxy: false,
    method: "POST",
    uri: "http://127.0.0.1:1/",
    headers: [],
    query: [],
    path: [],
    insecureSkipVerification: false,
    responses: [ok],
    ...http,
  };
  const entry = route({
    key: "ANY /r",
    method: "ANY",
    resourcePath: "/r",
    resourceId: "abc123",
    segments: ["r"],
    run,
    http: target,
    ...more,
  });
  const gateway = testGateway(programOf([entry], input), { limits: { maxBodyBytes: 100_000 } });
  opened.push(gateway);
  return gateway;
}

describe("the request", () => {
  test("carries nothing of the client but its body", async () => {
    const { url } = await backend(echo);
    const gateway = start({
      uri: `${url}/soap?fixed=1`,
      headers: [{ name: "accept", source: fromStatic("text/xml") }],
    });
    const headers = ["Authorization", "secret", "Cookie", "a=b", "Content-Type", "text/plain"];
    const answer = await gateway.inject({ method: "PUT", path: "/dev/r?q=1", headers, body: "hello" });
    const seen = JSON.parse(answer.body.toString()) as {
      method: string;
      url: string;
      rawHeaders: string[];
      body: string;
    };
    expect([seen.method, seen.url]).toEqual(["POST", "/soap?fixed=1"]);
    expect(Buffer.from(seen.body, "base64").toString()).toBe("hello");
    expect(valuesOf(seen.rawHeaders, "authorization")).toEqual([]);
    expect(valuesOf(seen.rawHeaders, "cookie")).toEqual([]);
    expect(valuesOf(seen.rawHeaders, "accept")).toEqual(["text/xml"]);
    expect(valuesOf(seen.rawHeaders, "content-type")).toEqual(["text/plain"]);
    expect(valuesOf(seen.rawHeaders, "user-agent")).toEqual(["AmazonAPIGateway_abcdefghij"]);
  });

  test("maps parameters; what is absent is not sent", async () => {
    const { url } = await backend(echo);
    const gateway = start({
      uri: `${url}/x`,
      query: [
        { name: "tag", source: fromMultiQuery("t") },
        { name: "none", source: fromMultiQuery("none") },
      ],
      headers: [{ name: "X-Name", source: fromBody(".pets[1].name") }],
    });
    const body = '{"pets":[{},{"name":"Rex"}]}';
    const answer = await gateway.inject({ method: "POST", path: "/dev/r?t=a%26b&t=c", body });
    const seen = JSON.parse(answer.body.toString()) as { url: string; rawHeaders: string[] };
    expect(seen.url).toBe("/x?tag=a%26b&tag=c");
    expect(valuesOf(seen.rawHeaders, "x-name")).toEqual(["Rex"]);
  });

  test("a body that begins like JSON and is none cannot be mapped", async () => {
    const gateway = start({ headers: [{ name: "X-Name", source: fromBody(".a") }] });
    const { status, body } = await gateway.inject({ method: "POST", path: "/dev/r", body: "{broken" });
    expect([status, JSON.parse(body.toString())]).toEqual([400, { message: "Invalid JSON in request body" }]);
  });

  test("a client's line break never becomes a header of its own", async () => {
    let requests = 0;
    const { url } = await backend((_, response) => void response.end(String(++requests)));
    const gateway = start({ uri: url, headers: [{ name: "X-Name", source: fromBody(".a") }] });
    const { status } = await gateway.inject({ method: "POST", path: "/dev/r", body: '{"a":"x\\r\\nX-Admin: 1"}' });
    expect([status, requests]).toEqual([500, 0]);
  });

  test("templates replace the body by its type", async () => {
    const { url } = await backend(echo);
    const templates = new Map([["application/json", "<soap/>"]]);
    const gateway = start({ uri: url, templates, passthrough: "NEVER" });
    const send = (type: string) =>
      gateway.inject({ method: "POST", path: "/dev/r", headers: ["Content-Type", type], body: "{}" });
    const seen = JSON.parse((await send("application/json; charset=utf-8")).body.toString()) as { body: string };
    expect(Buffer.from(seen.body, "base64").toString()).toBe("<soap/>");
    expect((await send("text/csv")).status).toBe(415);
    // As one that is missing.
    for (const empty of ["", " ; charset=utf-8"]) expect((await send(empty)).status).toBe(200);
  });
});

describe("the answer", () => {
  const responses: HttpTargetResponse[] = [
    { ...ok, pattern: /^(?:2\d{2})$/ },
    {
      status: 409,
      pattern: /^(?:4\d{2})$/,
      headers: [
        { name: "X-Reason", source: fromResponseBody(".reason") },
        { name: "X-From", source: fromResponseHeader("X-Backend") },
        { name: "X-All", source: fromMultiResponseHeader("X-Backend") },
        { name: "Server", source: fromStatic("mapped") },
      ],
      templates: new Map([
        ["application/json", '{"message":"conflict"}'],
        ["application/xml", "<conflict/>"],
      ]),
    },
  ];

  test("is chosen by the backend's status, with mapped headers only", async () => {
    const server = await backend((_, response) => {
      response.writeHead(404, ["X-Backend", "1", "X-Backend", "2", "X-Other", "o"]);
      response.end('{"reason":"gone"}');
    });
    const gateway = start({ uri: server.url, responses });
    const answer = await gateway.inject({ path: "/dev/r" });
    expect([answer.status, answer.body.toString()]).toEqual([409, '{"message":"conflict"}']);
    expect(valuesOf(answer.headers, "x-reason")).toEqual(["gone"]);
    expect(valuesOf(answer.headers, "x-from")).toEqual(["2"]);
    expect(valuesOf(answer.headers, "x-all")).toEqual(["1,2"]);
    expect(valuesOf(answer.headers, "x-other")).toEqual([]);
    expect(valuesOf(answer.headers, "x-amzn-remapped-server")).toEqual(["mapped"]);
    expect(valuesOf(answer.headers, "x-amzn-trace-id")).toHaveLength(1);
    const xml = await gateway.inject({ path: "/dev/r", headers: ["Accept", "application/xml"] });
    expect([valuesOf(xml.headers, "content-type"), xml.body.toString()]).toEqual([["application/xml"], "<conflict/>"]);
  });

  test("without a match and a default it is a 500", async () => {
    const server = await backend((_, response) => void response.writeHead(503).end());
    const gateway = start({ uri: server.url, responses });
    expect((await gateway.inject({ path: "/dev/r" })).status).toBe(500);
  });

  test("past the limit of a payload it is a network error", async () => {
    const server = await backend((_, response) => void response.end(Buffer.alloc(200_000)));
    const { status } = await start({ uri: server.url }).inject({ path: "/dev/r" });
    expect(status).toBe(504);
  });

  test("too late it is a time-out", async () => {
    const server = await backend((_, response) => void response.write("begun"));
    const gateway = start({ uri: server.url }, {}, { timeoutMs: 60 });
    const { status, body } = await gateway.inject({ path: "/dev/r" });
    expect([status, body.toString()]).toEqual([504, '{"message": "Endpoint request timed out"}']);
  });

  test("a template cannot read a payload that is still binary", async () => {
    const server = await backend((_, response) => void response.setHeader("Content-Type", "image/png").end("x"));
    const templates = new Map([["image/png", "constant"]]);
    const gateway = start({ uri: server.url, responses: [{ ...ok, templates }] }, { binaryMediaTypes: ["image/png"] });
    expect((await gateway.inject({ path: "/dev/r", headers: ["Accept", "image/png"] })).status).toBe(500);
    expect((await gateway.inject({ path: "/dev/r" })).body.toString()).toBe("constant");
  });
});

test("headers are matched as the file spells them, but for the two that AWS respells", async () => {
  const { url } = await backend(echo);
  const names = ["X-Tenant", "Authorization", "Connection"];
  const headers = names.map((name) => ({ name: `X-Seen-${name}`, source: fromHeader(name) }));
  const gateway = start({ uri: url, headers });
  const answer = await gateway.inject({ path: "/dev/r", headers: ["x-tenant", "t", "AUTHORIZATION", "a"] });
  const seen = JSON.parse(answer.body.toString()) as { rawHeaders: string[] };
  expect(valuesOf(seen.rawHeaders, "x-seen-x-tenant")).toEqual([]);
  expect(valuesOf(seen.rawHeaders, "x-seen-authorization")).toEqual(["a"]);
  expect(valuesOf(seen.rawHeaders, "x-seen-connection")).toEqual([]);
});

describe("templates", () => {
  const show: BodyTemplate = (_x, payload) => `<${payload}>`;

  test("see base64 of a binary payload that is converted to text", async () => {
    const server = await backend(echo);
    const gateway = start(
      { uri: server.url, templates: new Map([["image/png", show]]), contentHandling: "CONVERT_TO_TEXT" },
      { binaryMediaTypes: ["image/png"] },
    );
    const sent = { method: "POST", path: "/dev/r", headers: ["Content-Type", "image/png"], body: "\x01\x02" };
    const seen = JSON.parse((await gateway.inject(sent)).body.toString()) as { body: string };
    expect(Buffer.from(seen.body, "base64").toString()).toBe("<AQI=>");
  });

  test("of an answer see the backend's body", async () => {
    const server = await backend((_, response) => void response.end("from the backend"));
    const gateway = start({
      uri: server.url,
      responses: [{ ...ok, templates: new Map([["application/json", show]]) }],
    });
    const { body } = await gateway.inject({ method: "POST", path: "/dev/r", body: "from the client" });
    expect(body.toString()).toBe("<from the backend>");
  });
});
