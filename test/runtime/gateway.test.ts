import { afterEach, expect, test } from "vitest";
import { createGateway, type Gateway, type GatewayOptions } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { GatewayError } from "../../runtime/http/gateway-error.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import { type ApiEntry, type GatewayResponseEntry, programFormat } from "../../runtime/program.js";
import { testProgram, testRoute } from "../support/program.js";
import { pause } from "./raw-socket.js";

let gateway: Gateway | undefined;
afterEach(() => gateway?.close({ drainMs: 0 }));

async function listening(options: GatewayOptions): Promise<string> {
  gateway = createGateway(options);
  const { url } = await gateway.listen();
  return url;
}

/** Answers of a route that does `run`, as status, body and error type. */
async function answerOf(run: (x: Exchange) => boolean | Promise<boolean>, api?: Partial<ApiEntry>) {
  const stages = [{ name: "dev", variables: [{ name: "v", value: "1" }], log: "debug" as const }];
  const records: LogRecord[] = [];
  const made = createGateway({
    program: testProgram([testRoute("GET /x", run)], { stages, ...(api && { api }) }),
    logger: { write: (record) => records.push(record) },
  });
  const { status, headers, body } = await made.inject({ path: "/dev/x", headers: ["X-Secret", "hunter2"] });
  return { status, body: body.toString(), type: header(headers, "x-amzn-ErrorType"), headers, records };
}

function header(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((item, index) => index % 2 === 0 && item.toLowerCase() === name.toLowerCase());
  return headers[at + 1 || headers.length];
}

test("a mock route answers over a socket with the service's headers", async () => {
  const hello = testRoute("GET /hello", (x) => x.answer(200, ["Content-Type", "text/plain"], "hello"));
  const url = await listening({ program: testProgram([hello]) });
  const response = await fetch(`${url}/dev/hello`);
  expect(await response.text()).toBe("hello");
  expect(response.status).toBe(200);
  expect(response.headers.get("x-amzn-requestid")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f-]{16}$/,
  );
  expect(response.headers.get("x-amz-apigw-id")).toMatch(/^[\w-]{15}=$/);
  expect(response.headers.get("x-amzn-trace-id")).toBeNull();
});

test("an unknown path is 403 Missing Authentication Token, an unknown stage 403 Forbidden", async () => {
  const url = await listening({ program: testProgram([testRoute("GET /hello")]) });
  const missing = await fetch(`${url}/dev/nope`);
  expect([missing.status, await missing.text()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
  expect(missing.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
  const stage = await fetch(`${url}/nope/hello`);
  expect([stage.status, await stage.text()]).toEqual([403, '{"message":"Forbidden"}']);
  expect(stage.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
});

test("an Authorization header on an unknown path is read as SigV4", async () => {
  gateway = createGateway({ program: testProgram([]) });
  const ask = async (authorization: string) => {
    const { status, body } = await (gateway as Gateway).inject({
      path: "/dev/nope",
      headers: ["Authorization", authorization],
    });
    return [status, (JSON.parse(body.toString()) as { message: string }).message];
  };
  expect(await ask("Bearer abc")).toEqual([
    403,
    "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'.",
  ]);
  expect((await ask("AWS4-HMAC-SHA256 Credential=a"))[1]).toMatch(
    /^Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. /,
  );
  expect(await ask("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0")).toEqual([
    403,
    "Missing Authentication Token",
  ]);
});

test("slashes around the stage collapse as on AWS, the client's own request id is kept", async () => {
  gateway = createGateway({ program: testProgram([testRoute("GET /{proxy+}")]) });
  const see = async (path: string) => JSON.parse((await (gateway as Gateway).inject({ path })).body.toString());
  expect(await see("//dev/x")).toMatchObject({ path: "/x", rawPath: "/dev/x" });
  expect(await see("/dev//x")).toMatchObject({ path: "/x", rawPath: "/dev//x" });
  expect(await see("/dev/x/")).toMatchObject({ path: "/x/", values: ["x"] });
  const own = "0ba8b2c0-1111-4222-8333-444455556666";
  const { headers } = await gateway.inject({ path: "/dev/x", headers: ["X-Amzn-RequestId", own] });
  expect(header(headers, "x-amzn-requestid")).toBe(own);
  const invalid = await gateway.inject({ path: "/dev/x", headers: ["X-Amzn-RequestId", "7"] });
  expect(header(invalid.headers, "x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
});

test("X-HTTP-Method-Override chooses the method on REST APIs", async () => {
  gateway = createGateway({ program: testProgram([testRoute("PATCH /x"), testRoute("POST /x")]) });
  const see = async (value: string) =>
    JSON.parse(
      (
        await (gateway as Gateway).inject({
          method: "POST",
          path: "/dev/x",
          headers: ["X-HTTP-Method-Override", value],
        })
      ).body.toString(),
    ).key;
  expect(await see("patch")).toBe("PATCH /x");
  expect(await see("FROB")).toBe("POST /x");
});

test("HTTP APIs: 404, stage $default without a name in the URL, one id header", async () => {
  const program = testProgram([testRoute("GET /pets")], {
    api: { kind: "http" },
    stages: [
      { name: "$default", variables: [], log: "off" },
      { name: "prod", variables: [], log: "off" },
    ],
  });
  const url = await listening({ program });
  const pets = await fetch(`${url}/pets`);
  expect(await pets.json()).toMatchObject({ stage: "$default", path: "/pets" });
  expect(pets.headers.get("apigw-requestid")).toMatch(/^[\w-]{15}=$/);
  expect(pets.headers.get("x-amzn-requestid")).toBeNull();
  expect(await (await fetch(`${url}/prod/pets`)).json()).toMatchObject({ stage: "prod", path: "/pets" });
  const missing = await fetch(`${url}/$default/pets`);
  expect([missing.status, await missing.text()]).toEqual([404, '{"message":"Not Found"}']);
  expect(missing.headers.get("x-amzn-errortype")).toBeNull();
});

test("a failure of ours is a plain 500; its cause is in the log, nothing of the request is", async () => {
  const { status, body, type, records } = await answerOf(() => {
    throw new Error("database password is swordfish");
  });
  expect([status, body, type]).toEqual([500, '{"message": "Internal server error"}', "InternalServerErrorException"]);
  expect(records.filter(({ level }) => level === "error")).toMatchObject([{ stage: "dev", route: "GET /x" }]);
  expect(records[0]?.detail).toContain("swordfish");
  expect(JSON.stringify(records)).not.toContain("hunter2");
});

test("a promise that rejects, a route that answers nothing and a late throw are 500 as well", async () => {
  expect((await answerOf(() => Promise.reject(new Error("no")))).status).toBe(500);
  expect((await answerOf(() => false)).status).toBe(500);
  expect((await answerOf(async () => false)).status).toBe(500);
  expect((await answerOf(() => Promise.reject(new GatewayError("THROTTLED")))).body).toBe(
    '{"message":"Too Many Requests"}',
  );
});

test.each([
  ["a name with a blank", ["bad name", "x"]],
  ["a value with a line break", ["X-A", "x\r\nSet-Cookie: stolen=1"]],
  ["a value that is no Latin text", ["X-A", "\u{1f600}"]],
])("a header that cannot be sent (%s) is 502, never a second header", async (_name, headers) => {
  const { status, body, headers: sent, records } = await answerOf((x) => x.answer(200, [...headers], "ok"));
  expect([status, body]).toEqual([502, '{"message": "Internal server error"}']);
  expect(header(sent, "set-cookie")).toBeUndefined();
  expect(records[0]?.detail).toContain("unsendable");
});

test("framing is the gateway's alone: lengths, codings and Connection of others are dropped", async () => {
  const run = (x: Exchange) =>
    x.answer(
      200,
      ["content-length", "1", "Transfer-Encoding", "chunked", "Connection", "close", "Upgrade", "h2c"],
      "four",
    );
  const { status, body, headers } = await answerOf(run);
  expect([status, body]).toEqual([200, "four"]);
  expect(headers.filter((name, at) => at % 2 === 0 && /^content-length$/i.test(name))).toHaveLength(1);
  expect(header(headers, "content-length")).toBe("4");
  expect(header(headers, "transfer-encoding") ?? header(headers, "upgrade")).toBeUndefined();
});

test.each([0, 99, 101, 600, 200.5, Number.NaN])("status %s cannot be sent: 502", async (status) => {
  expect((await answerOf((x) => x.answer(status, [], ""))).status).toBe(502);
});

test("customised gateway responses: own entry, class entry, templates by Accept, headers of the request", async () => {
  const gatewayResponses = new Map<string, GatewayResponseEntry>([
    ["DEFAULT_5XX", { status: 599, headers: [{ name: "X-A", value: "1" }], templates: [] }],
    [
      "THROTTLED",
      {
        status: undefined,
        headers: [{ name: "Retry-After", value: (x) => x.stage.variables.get("v") ?? "" }],
        templates: [
          { mediaType: "application/json", body: (x) => `{"type":"${x.error?.type}"}` },
          { mediaType: "text/plain", body: "slow down" },
        ],
      },
    ],
  ]);
  const timeout = await answerOf(
    () => {
      throw new GatewayError("INTEGRATION_TIMEOUT");
    },
    { gatewayResponses },
  );
  expect([timeout.status, timeout.body, header(timeout.headers, "x-a")]).toEqual([
    599,
    '{"message": "Endpoint request timed out"}',
    "1",
  ]);
  const throttled = await answerOf(
    () => {
      throw new GatewayError("THROTTLED");
    },
    { gatewayResponses },
  );
  expect([throttled.status, throttled.body, header(throttled.headers, "retry-after")]).toEqual([
    429,
    '{"type":"THROTTLED"}',
    "1",
  ]);
});

test("a customised response that fails or cannot be sent gives way to the built-in one", async () => {
  const unsendable: ApiEntry["gatewayResponses"] = new Map([
    ["THROTTLED", { status: 429, headers: [{ name: "X-A", value: () => "a\nb" }], templates: [] }],
  ]);
  const failing: ApiEntry["gatewayResponses"] = new Map([
    [
      "THROTTLED",
      {
        status: 418,
        headers: [],
        templates: [
          {
            mediaType: "application/json",
            body: () => {
              throw new Error("no");
            },
          },
        ],
      },
    ],
  ]);
  const throttle = () => {
    throw new GatewayError("THROTTLED");
  };
  expect((await answerOf(throttle, { gatewayResponses: unsendable })).body).toBe('{"message":"Too Many Requests"}');
  const plain = await answerOf(throttle, { gatewayResponses: failing });
  expect([plain.status, plain.body]).toEqual([429, '{"message":"Too Many Requests"}']);
});

test("a swap between two requests: the next is served by the new Program, one in flight ends on the old", async () => {
  const versioned = (version: string) =>
    testProgram([
      testRoute("GET /now", (x) => x.answer(200, [], version)),
      testRoute("GET /slow", async (x) => {
        await pause(100);
        return x.answer(200, [], version);
      }),
    ]);
  const url = await listening({ program: versioned("old") });
  const slow = fetch(`${url}/dev/slow`);
  await pause(30);
  gateway?.swap(versioned("new"));
  expect(await (await fetch(`${url}/dev/now`)).text()).toBe("new");
  expect(await (await slow).text()).toBe("old");
});

test("a Program that cannot be served leaves the old one in service", async () => {
  const url = await listening({ program: testProgram([testRoute("GET /x")]), environment: {} });
  const stages = [
    { name: "dev", variables: [{ name: "host", value: [{ env: "BACKEND_HOST" }] }], log: "off" as const },
  ];
  expect(() => gateway?.swap(testProgram([], { stages }))).toThrow("environment variable not set: BACKEND_HOST");
  expect(() => gateway?.swap({ ...testProgram([]), format: 99 as typeof programFormat })).toThrow(
    `format ${programFormat}, not 99`,
  );
  expect((await fetch(`${url}/dev/x`)).status).toBe(200);
});

test("closing lets a request in flight finish, refuses new ones, and cuts what lasts longer", async () => {
  const program = testProgram([
    testRoute("GET /slow", async (x) => {
      await pause(150);
      return x.answer(200, [], "done");
    }),
    testRoute("GET /forever", () => new Promise(() => undefined)),
  ]);
  const url = await listening({ program });
  const slow = fetch(`${url}/dev/slow`);
  const forever = fetch(`${url}/dev/forever`).catch(() => "cut");
  await pause(50);
  const begin = Date.now();
  const closed = gateway?.close({ drainMs: 400 });
  await pause(10);
  await expect(fetch(`${url}/dev/slow`)).rejects.toThrow();
  const response = await slow;
  expect([await response.text(), response.headers.get("connection")]).toEqual(["done", "close"]);
  expect(await forever).toBe("cut");
  await closed;
  expect(Date.now() - begin).toBeLessThan(1500);
});

test("closing waits for a stream that has begun, and not for its idle connection afterwards", async () => {
  const run = async (x: Exchange) => {
    const sink = x.transport.startResponse(200, ["Content-Type", "text/plain"]);
    sink.write(Buffer.from("begun "));
    await pause(200);
    sink.write(Buffer.from("ended"));
    sink.end();
    return true;
  };
  const url = await listening({ program: testProgram([testRoute("GET /stream", run)]) });
  const stream = fetch(`${url}/dev/stream`).then((response) => response.text());
  await pause(60);
  const begin = Date.now();
  await gateway?.close({ drainMs: 5000 });
  expect(Date.now() - begin).toBeLessThan(2000);
  expect(await stream).toBe("begun ended");
});

test("a stream whose head cannot be sent is answered as a failure", async () => {
  const answer = await answerOf((x) => {
    x.transport.startResponse(200, ["X-A", "a\nb"]).end();
    return true;
  });
  expect([answer.status, answer.body]).toEqual([500, '{"message": "Internal server error"}']);
});

test("the client's address is the peer's unless the peer is a trusted proxy", async () => {
  const run = (x: Exchange) => x.answer(200, [], x.sourceIp);
  const see = async (trustedProxies: string[], forwarded: string) => {
    const made = createGateway({ program: testProgram([testRoute("GET /x", run)]), trustedProxies });
    return (await made.inject({ path: "/dev/x", headers: ["X-Forwarded-For", forwarded] })).body.toString();
  };
  expect(await see([], "9.9.9.9")).toBe("127.0.0.1");
  expect(await see(["127.0.0.0/8"], "6.6.6.6, 9.9.9.9")).toBe("9.9.9.9");
  expect(await see(["127.0.0.1", "10.0.0.0/8"], "6.6.6.6, 9.9.9.9, 10.1.1.1")).toBe("9.9.9.9");
  expect(await see(["127.0.0.1"], "evil, text")).toBe("127.0.0.1");
});

test("onRequest tells method, path, route, status and time", async () => {
  const lines: object[] = [];
  gateway = createGateway({ program: testProgram([testRoute("GET /x")]), onRequest: (line) => lines.push(line) });
  await gateway.inject({ path: "/dev/x?secret=1" });
  await gateway.inject({ path: "/dev/y" });
  expect(lines).toMatchObject([
    { method: "GET", path: "/dev/x", routeKey: "GET /x", status: 200 },
    { method: "GET", path: "/dev/y", routeKey: undefined, status: 403 },
  ]);
});
