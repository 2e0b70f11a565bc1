import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { readBody } from "../../../runtime/http/read-body.js";
import { lambdaProxy } from "../../../runtime/integrations/lambda-proxy.js";
import type { LambdaHandler, LambdaModule, LambdaTarget } from "../../../runtime/integrations/lambda-target.js";
import { type Pipeline, type RouteEntry, route } from "../../../runtime/program.js";
import { lambdaOf, type ProgramInput, programOf, testGateway, valuesOf } from "./support.js";

const run: Pipeline = async (x) => (await readBody(x)) || lambdaProxy(x);

function routeOf(
  handler: LambdaHandler,
  more: Partial<RouteEntry> = {},
  target: Partial<LambdaTarget> = {},
): RouteEntry {
  return route({
    key: "ANY /things/{id}",
    method: "ANY",
    resourcePath: "/things/{id}",
    resourceId: "abc123",
    segments: ["things", "{id}"],
    run,
    lambda: lambdaOf(handler, target),
    ...more,
  });
}

function gatewayOf(handler: LambdaHandler, input: ProgramInput = {}, more: Partial<RouteEntry> = {}) {
  return testGateway(programOf([routeOf(handler, more)], input));
}

async function call(handler: LambdaHandler, input: ProgramInput = {}, more: Partial<RouteEntry> = {}) {
  const gateway = gatewayOf(handler, input, more);
  const path = input.kind === "http" ? "/things/7" : "/dev/things/7";
  return { ...(await gateway.inject({ path })), log: gateway.log };
}

describe("the event of a REST API", () => {
  test("has AWS's members in AWS's order", async () => {
    let event: Record<string, unknown> = {};
    const gateway = gatewayOf(async (given) => {
      event = given as Record<string, unknown>;
      return { statusCode: 200 };
    });
    await gateway.inject({
      path: "/dev/things/a%20b?x=1&x=2&y=%2B+",
      headers: ["user-agent", "me", "X-a", "1", "X-a", "2"],
    });
    expect(Object.keys(event)).toEqual([
      "resource",
      "path",
      "httpMethod",
      "headers",
      "multiValueHeaders",
      "queryStringParameters",
      "multiValueQueryStringParameters",
      "pathParameters",
      "stageVariables",
      "requestContext",
      "body",
      "isBase64Encoded",
    ]);
    expect(event).toMatchObject({
      resource: "/things/{id}",
      path: "/things/a%20b",
      headers: { "User-Agent": "me", "X-a": "2", "X-Forwarded-Port": "443" },
      multiValueHeaders: { "X-a": ["1", "2"] },
      queryStringParameters: { x: "2", y: "+ " },
      multiValueQueryStringParameters: { x: ["1", "2"], y: ["+ "] },
      pathParameters: { id: "a%20b" },
      stageVariables: null,
      requestContext: { path: "/dev/things/a%20b", stage: "dev", identity: { userAgent: "me", user: null } },
      body: null,
      isBase64Encoded: false,
    });
  });

  test("a client cannot reach prototypes through names", async () => {
    let event: Record<string, Record<string, unknown>> = {};
    const gateway = gatewayOf(async (given) => {
      event = given as typeof event;
      return { statusCode: 200 };
    });
    const headers = ["__proto__", "a", "constructor", "b", "constructor", "c"];
    await gateway.inject({ path: "/dev/things/1?__proto__=x&toString=y", headers });
    expect(Object.getPrototypeOf(event["multiValueHeaders"])).toBe(Object.prototype);
    expect(Object.entries(event["multiValueHeaders"] ?? {})).toContainEqual(["__proto__", ["a"]]);
    expect(event["multiValueHeaders"]?.["constructor"]).toEqual(["b", "c"]);
    expect(Object.entries(event["queryStringParameters"] ?? {})).toEqual([
      ["__proto__", "x"],
      ["toString", "y"],
    ]);
  });

  test("what a handler does to its event stays there", async () => {
    const handler: LambdaHandler = async (event) => {
      const given = event as {
        stageVariables: Record<string, string>;
        seen?: boolean;
        headers: Record<string, string>;
      };
      const wasSeen = given.stageVariables["mark"] ?? "";
      given.stageVariables["mark"] = "changed";
      given.headers["x"] = "y";
      return { statusCode: 200, body: wasSeen };
    };
    const gateway = gatewayOf(handler, { variables: { mark: "given" } });
    for (const _ of [1, 2]) {
      expect((await gateway.inject({ path: "/dev/things/1" })).body.toString()).toBe("given");
    }
  });

  test("binary bodies are base64 when their type is declared", async () => {
    const handler: LambdaHandler = async (event) => {
      const { body, isBase64Encoded } = event as { body: string; isBase64Encoded: boolean };
      return { statusCode: 200, body: `${isBase64Encoded} ${body}` };
    };
    const gateway = gatewayOf(handler, { binaryMediaTypes: ["image/png"] });
    const send = async (type: string) =>
      (await gateway.inject({ method: "POST", path: "/dev/things/1", headers: ["Content-Type", type], body: "héllo" }))
        .body;
    expect((await send("image/png; q=1")).toString()).toBe(`true ${Buffer.from("héllo").toString("base64")}`);
    expect((await send("text/plain")).toString()).toBe("false héllo");
  });
});

describe("results", () => {
  test("callback style, old context style, and a handler that answers nothing", async () => {
    const old: LambdaHandler = (_event, context) => {
      (context as { succeed(result: unknown): void }).succeed({ statusCode: 202 });
    };
    const later: LambdaHandler = (_event, _context, callback) =>
      void setTimeout(callback, 5, null, { statusCode: 201 });
    expect((await call(later)).status).toBe(201);
    expect((await call(old)).status).toBe(202);
    expect((await call((_event: unknown) => undefined)).status).toBe(502);
  });

  test("what is thrown is a 502 that tells the client nothing and the log all", async () => {
    const { status, body, headers, log } = await call(async () => {
      throw new TypeError("secret detail");
    });
    expect(status).toBe(502);
    expect(body.toString()).toBe('{"message": "Internal server error"}');
    expect(valuesOf(headers, "X-Amzn-Trace-Id")).toEqual([]);
    expect(JSON.stringify(log)).toContain("TypeError: secret detail");
    expect((await call(async () => Promise.reject("text"), { kind: "http" })).status).toBe(500);
  });

  test("a late result is ignored after the time-out", async () => {
    const late: LambdaHandler = () => new Promise((resolve) => setTimeout(resolve, 120, { statusCode: 200 }));
    const rest = await call(late, {}, { timeoutMs: 50 });
    expect([rest.status, rest.body.toString()]).toEqual([504, '{"message": "Endpoint request timed out"}']);
    const http = await call(late, { kind: "http" }, { timeoutMs: 50 });
    expect([http.status, http.body.toString()]).toEqual([503, '{"message":"Service Unavailable"}']);
    await new Promise((resolve) => setTimeout(resolve, 120));
  });

  test.each([
    ["a line break in a value", { statusCode: 200, headers: { a: "x\r\nSet-Cookie: y" } }],
    ["a line break in a name", { statusCode: 200, headers: { "a\r\nb": "x" } }],
    ["an object as header", { statusCode: 200, headers: { a: {} } }],
    ["a list as headers", { statusCode: 200, headers: ["a"] }],
    ["a body that is no string", { statusCode: 200, body: { a: 1 } }],
    ["an informational status", { statusCode: 101 }],
    ["a status with a fraction", { statusCode: 200.5 }],
    ["null", null],
    ["nothing", undefined],
    ["a list", []],
  ])("malformed: %s", async (_, result) => {
    expect((await call(async () => result)).status).toBe(502);
  });

  test("members that are undefined count as absent, as they do in JSON", async () => {
    const result = { statusCode: undefined, headers: undefined, extra: undefined, body: undefined };
    expect((await call(async () => result)).status).toBe(200);
  });

  test("headers of the connection and of the service are remapped", async () => {
    const names = ["Date", "content-length", "Server", "WWW-Authenticate", "x-amzn-requestid"];
    const headers = Object.fromEntries(names.map((name) => [name, "v"]));
    const answer = await call(async () => ({
      statusCode: 200,
      headers: { ...headers, "Transfer-Encoding": "chunked" },
    }));
    for (const name of names) expect(valuesOf(answer.headers, `x-amzn-remapped-${name}`)).toEqual(["v"]);
    expect(valuesOf(answer.headers, "content-length")).toEqual(["0"]);
    expect(valuesOf(answer.headers, "transfer-encoding")).toEqual([]);
  });

  test("text beyond ASCII in a header goes out as UTF-8", async () => {
    const answer = await call(async () => ({ statusCode: 200, headers: { name: "☕" } }));
    expect(Buffer.from(valuesOf(answer.headers, "name")[0] ?? "", "latin1").toString()).toBe("☕");
  });

  test("base64 is decoded where the first type of Accept is binary", async () => {
    const handler: LambdaHandler = async () => ({ statusCode: 200, body: "AQID", isBase64Encoded: true });
    const gateway = gatewayOf(handler, { binaryMediaTypes: ["image/*"] });
    const send = async (accept: string) =>
      (await gateway.inject({ path: "/dev/things/1", headers: ["Accept", accept] })).body.toString("latin1");
    expect(await send("image/gif, text/plain")).toBe("\x01\x02\x03");
    expect(await send("text/plain, image/gif")).toBe("AQID");
    const broken = gatewayOf(async () => ({ body: "%%", isBase64Encoded: true }), { binaryMediaTypes: ["*/*"] });
    expect((await broken.inject({ path: "/dev/things/1", headers: ["Accept", "*/*"] })).status).toBe(500);
  });

  test("HTTP API, format 2.0: a result without a status is the body", async () => {
    const of = async (result: unknown) => {
      const { status, body } = await call(async () => result, { kind: "http" });
      return [status, body.toString()];
    };
    expect(await of("plain")).toEqual([200, "plain"]);
    expect(await of({ a: [1] })).toEqual([200, '{"a":[1]}']);
    expect(await of(null)).toEqual([200, "null"]);
    expect(await of(1n)).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(await of({ statusCode: 200.5 })).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});

describe("the function", () => {
  test("is picked by the stage's alias, loaded once, and told who it is", async () => {
    let loads = 0;
    const load = async () => {
      loads++;
      return {
        handler: async (_event: unknown, context: unknown) => ({ body: JSON.stringify(context), statusCode: 200 }),
      };
    };
    const entry = routeOf(
      async () => ({}),
      {},
      {
        modules: new Map([["live", load]]),
        alias: [{ stageVariable: "alias" }],
      },
    );
    const stageOf = (name: string, alias: string) => ({
      name,
      log: "off" as const,
      variables: [{ name: "alias", value: alias }],
    });
    const gateway = testGateway(programOf([entry], { stages: [stageOf("prod", "live"), stageOf("bad", "none")] }));
    const first = await gateway.inject({ path: "/prod/things/1" });
    await gateway.inject({ path: "/prod/things/1" });
    expect(loads).toBe(1);
    expect(JSON.parse(first.body.toString())).toMatchObject({
      functionName: "fn",
      invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:fn:live",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/fn",
      awsRequestId: valuesOf(first.headers, "x-amzn-requestid")[0],
    });
    expect((await gateway.inject({ path: "/bad/things/1" })).status).toBe(500);
  });

  test("that cannot be loaded is a 502", async () => {
    const broken: LambdaTarget["modules"] = new Map([["", () => Promise.reject(new Error("syntax"))]]);
    const gateway = testGateway(programOf([routeOf(async () => ({}), {}, { modules: broken })]));
    expect((await gateway.inject({ path: "/dev/things/1" })).status).toBe(502);
    expect(JSON.stringify(gateway.log)).toContain("syntax");
  });

  test("counts down its time", async () => {
    const { body } = await call(
      async (_event, context) => {
        const { getRemainingTimeInMillis } = context as { getRemainingTimeInMillis(): number };
        const left = (context as { getRemainingTimeInMillis(): number }).getRemainingTimeInMillis();
        return { statusCode: 200, body: `${left} ${typeof getRemainingTimeInMillis}` };
      },
      {},
      { timeoutMs: 500 },
    );
    expect(Number.parseInt(body.toString(), 10)).toBeGreaterThan(400);
    expect(Number.parseInt(body.toString(), 10)).toBeLessThanOrEqual(500);
  });
});

test.each([
  ["an ES module", "handler.mjs", "export const handler = async () => ({ statusCode: 201 });"],
  ["a CommonJS module", "handler.cjs", "module.exports = { handler: async () => ({ statusCode: 201 }) };"],
  ["a module without a handler", "none.mjs", "export const other = 1;"],
])("%s", async (name, file, text) => {
  const folder = mkdtempSync(join(tmpdir(), "handler-"));
  writeFileSync(join(folder, file), text);
  const load = () => import(pathToFileURL(join(folder, file)).href) as Promise<LambdaModule>;
  const gateway = testGateway(programOf([routeOf(async () => ({}), {}, { modules: new Map([["", load]]) })]));
  const { status } = await gateway.inject({ path: "/dev/things/1" });
  expect(status).toBe(name.includes("without") ? 502 : 201);
  rmSync(folder, { recursive: true });
});

describe("a call under way is a promise like any other", () => {
  const seen: string[] = [];
  const watched: Pipeline = (x) => {
    const called = lambdaProxy(x);
    return called
      .finally(() => seen.push("over"))
      .catch((error: unknown) => {
        seen.push("failed");
        throw error;
      });
  };

  test.each<[string, LambdaHandler, number, readonly string[]]>([
    ["answers at once", async () => ({ statusCode: 201 }), 201, ["over"]],
    ["answers later", () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 202 }), 5)), 202, ["over"]],
    [
      "calls back before it returns",
      (_event, _context, callback) => callback(null, { statusCode: 203 }),
      203,
      ["over"],
    ],
    [
      "calls back later",
      (_event, _context, callback) => void setTimeout(() => callback(null, { statusCode: 204 }), 5),
      204,
      ["over"],
    ],
    [
      "throws",
      () => {
        throw new Error("broken");
      },
      502,
      ["over", "failed"],
    ],
    ["rejects", async () => Promise.reject(new Error("broken")), 502, ["over", "failed"]],
  ])("whose function %s", async (_how, handler, status, wanted) => {
    // Twice: a function that is loaded already is called in another way.
    const gateway = gatewayOf(handler, {}, { run: watched });
    for (let time = 0; time < 2; time++) {
      seen.length = 0;
      expect((await gateway.inject({ path: "/dev/things/7" })).status).toBe(status);
      expect(seen).toEqual(wanted);
    }
  });
});
