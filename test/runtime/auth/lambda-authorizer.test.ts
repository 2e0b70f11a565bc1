import { expect, test } from "vitest";
import type { LambdaAuthorizerEntry } from "../../../runtime/auth/authorizer-entry.js";
import { lambdaAuthorizer } from "../../../runtime/auth/lambda/lambda-authorizer.js";
import { tokenPattern } from "../../../runtime/auth/lambda/token-pattern.js";
import { ManualClock } from "../../../runtime/clock.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import type { LogRecord } from "../../../runtime/observe/logger.js";
import type { ApiEntry } from "../../../runtime/program.js";
import { testProgram, testRoute } from "../../support/program.js";

type Handler = (event: never, context: never, callback: (error?: unknown, result?: unknown) => void) => unknown;

interface Setup {
  readonly entry?: Partial<LambdaAuthorizerEntry>;
  readonly api?: Partial<ApiEntry>;
  readonly key?: string;
  readonly timeoutMs?: number;
}

/** A gateway whose only route is guarded, and what it has logged. */
function guarded(handler: Handler, { entry, api, key = "ANY /{path+}", timeoutMs }: Setup = {}) {
  const records: LogRecord[] = [];
  const events: Record<string, unknown>[] = [];
  const watched: Handler = (event, context, callback) => {
    events.push(event);
    return handler(event, context, callback);
  };
  const clock = new ManualClock(1_700_000_000_000);
  const authorizer: LambdaAuthorizerEntry = {
    kind: "lambda",
    name: "guard",
    type: "token",
    function: {
      functionName: "guard",
      payloadFormat: "1.0",
      modules: new Map([["", async () => ({ handler: watched as never })]]),
      timeoutMs,
    },
    identity: [{ in: "header", name: "authorization" }],
    validation: undefined,
    ttlSeconds: 300,
    payloadFormat: "1.0",
    simpleResponses: false,
    ...entry,
  };
  const route = testRoute(
    key,
    async (x) => (await lambdaAuthorizer(x)) || x.answer(200, [], x.caller?.cacheIdentity ?? ""),
    { authorizer },
  );
  const stages = [{ name: "dev", variables: [], log: "debug" as const }];
  const gateway = createGateway({
    program: testProgram([route], { stages, api: { apiId: "abcdef1234", ...api } }),
    logger: { write: (record) => records.push(record) },
    clock,
    environment: {},
  });
  const call = async (path: string, headers: readonly string[] = ["Authorization", "t"], method = "GET") => {
    const { status, body } = await gateway.inject({ method, path: `/dev${path}`, headers });
    return { status, body: body.toString() };
  };
  return { call, records, clock, gateway, events };
}

function allow(resource: string | readonly string[] = "*", more: object = {}) {
  const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: resource };
  return { principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [statement] }, ...more };
}

const arn = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/dev";

test("a TOKEN event is exactly AWS's", async () => {
  const { call, events } = guarded(async () => allow());
  expect((await call("/a//b/?q=1", ["authorization", "Bearer x"])).status).toBe(200);
  expect(events[0]).toEqual({ type: "TOKEN", authorizationToken: "Bearer x", methodArn: `${arn}/GET/a//b` });
});

test("a REQUEST event is the proxy event, with empty maps and without a body", async () => {
  const entry = { type: "request" as const };
  const { call, events } = guarded(async () => allow(), { entry, key: "POST /pets" });
  await call("/pets", ["Authorization", "t", "X-a", "1"], "POST");
  const event = events[0] ?? {};
  expect(Object.keys(event).slice(0, 6)).toEqual(["type", "methodArn", "resource", "path", "httpMethod", "headers"]);
  expect(event).toMatchObject({
    type: "REQUEST",
    methodArn: `${arn}/POST/pets`,
    resource: "/pets",
    headers: { Authorization: "t", "X-a": "1" },
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    pathParameters: {},
    stageVariables: {},
    requestContext: { resourcePath: "/pets", apiId: "abcdef1234", identity: { sourceIp: expect.any(String) } },
  });
  expect(event).not.toHaveProperty("body");
  expect(event).not.toHaveProperty("isBase64Encoded");
  expect(event).not.toHaveProperty("requestContext.authorizer");
});

test("events of HTTP APIs, format 2.0 and 1.0", async () => {
  const entry = {
    type: "request" as const,
    identity: [
      { in: "header" as const, name: "x-user" },
      { in: "query" as const, name: "n" },
    ],
  };
  const api = { kind: "http" as const };
  const key = "GET /pets/{id}";
  const two = guarded(async () => allow(), {
    entry: { ...entry, payloadFormat: "2.0" },
    api,
    key,
  });
  expect((await two.call("/pets/7?n=1", ["X-User", "u"])).status).toBe(200);
  expect(two.events[0]).toMatchObject({
    version: "2.0",
    type: "REQUEST",
    routeArn: `${arn}/GET/pets/7`,
    identitySource: ["u", "1"],
    routeKey: key,
    pathParameters: { id: "7" },
    queryStringParameters: { n: "1" },
  });
  const one = guarded(async () => allow(), { entry, api, key });
  await one.call("/pets/7?n=1", ["X-User", "u"]);
  expect(one.events[0]).toMatchObject({
    version: "1.0",
    type: "REQUEST",
    methodArn: `${arn}/GET/pets/7`,
    identitySource: "u,1",
    authorizationToken: "u,1",
    resource: "/pets/{id}",
    headers: { "X-User": "u" },
  });
});

test("concurrent requests of one caller share one call, others have their own, and the decision ends", async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { call, clock, events } = guarded(async () => gate.then(() => allow()));
  const running = [call("/1"), call("/2"), call("/3"), call("/1", ["Authorization", "other"])];
  await new Promise((resolve) => setTimeout(resolve, 20));
  open();
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(events).toHaveLength(2);
  clock.advance(299_000);
  await call("/4");
  expect(events).toHaveLength(2);
  clock.advance(2_000);
  await call("/5");
  expect(events).toHaveLength(3);
});

test("ttl 0 keeps nothing, and neither does an authorizer without identity", async () => {
  const none = guarded(async () => allow(), { entry: { ttlSeconds: 0 } });
  await none.call("/1");
  await none.call("/1");
  expect(none.events).toHaveLength(2);
  const keyless = guarded(async () => allow(), { entry: { type: "request", identity: [] } });
  await keyless.call("/1", []);
  await keyless.call("/1", []);
  expect(keyless.events).toHaveLength(2);
});

test("no two identities share a decision", async () => {
  const entry = {
    type: "request" as const,
    identity: [
      { in: "query" as const, name: "a" },
      { in: "query" as const, name: "b" },
    ],
  };
  const { call, events } = guarded(async () => allow(), { entry });
  const paths = ["/x?a=1&b=11", "/x?a=11&b=1", "/x?a=1&b=1&b=1", "/x?a=1&a=1&b=1", "/x?a=1:1&b=1", "/x?a=1&b=1:1"];
  const identities = new Set<string>();
  for (const path of paths) identities.add((await call(path)).body);
  expect(events).toHaveLength(paths.length);
  expect(identities.size).toBe(paths.length);
});

test.each<[string, Handler, number]>([
  ["throws Unauthorized", async () => Promise.reject(new Error("Unauthorized")), 401],
  ["calls back with Unauthorized", (_event, _context, callback) => callback("Unauthorized"), 401],
  ["throws something else", async () => Promise.reject(new Error("unauthorized")), 500],
  [
    "throws at once",
    () => {
      throw new TypeError("no");
    },
    500,
  ],
  ["answers nothing", async () => undefined, 500],
  ["answers a text", async () => "Allow", 500],
  ["forgets the principal", async () => ({ ...allow(), principalId: undefined }), 500],
  ["forgets the policy", async () => ({ principalId: "p" }), 500],
  [
    "misspells the effect",
    async () => ({
      principalId: "p",
      policyDocument: { Version: "2012-10-17", Statement: [{ Action: "*", Effect: "allow", Resource: "*" }] },
    }),
    500,
  ],
  ["has an object in its context", async () => allow("*", { context: { a: {} } }), 500],
  ["has a list for a context", async () => allow("*", { context: ["a"] }), 500],
  ["has a resource of 513 characters", async () => allow("a".repeat(513)), 500],
  ["has a resource of 512 characters", async () => allow(["a".repeat(512), "*"]), 200],
  ["answers a simple response where none are", async () => ({ isAuthorized: true }), 500],
  [
    "answers in a circle",
    async () => {
      const answer: Record<string, unknown> = allow();
      answer["self"] = answer;
      return answer;
    },
    500,
  ],
  ["has a usage key that is no text", async () => allow("*", { usageIdentifierKey: 7 }), 500],
  [
    "allows another action",
    async () => ({
      principalId: "p",
      policyDocument: {
        Version: "2012-10-17",
        Statement: { Action: "execute-api:ManageConnections", Effect: "Allow", Resource: "*" },
      },
    }),
    403,
  ],
  ["allows", async () => allow(), 200],
])("a function that %s", async (_title, handler, status) => {
  const { call } = guarded(handler);
  expect((await call("/x")).status).toBe(status);
});

test("failures are kept by nobody", async () => {
  let isDown = true;
  const { call } = guarded(async () => (isDown ? Promise.reject(new Error("down")) : allow()));
  expect((await call("/x")).status).toBe(500);
  isDown = false;
  expect((await call("/x")).status).toBe(200);
});

test("a function that takes too long refuses", async () => {
  const { call, clock, gateway } = guarded(() => new Promise(() => undefined), { timeoutMs: 50 });
  const answer = call("/x");
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.advance(60);
  gateway.live.targets.deadlines.check();
  expect((await answer).status).toBe(500);
});

test("a pattern must match the whole token, in linear time", async () => {
  const entry = { validation: tokenPattern("(a+)+b") };
  const { call, events } = guarded(async () => allow(), { entry });
  for (const token of ["aab c", "x aab", "a".repeat(8000)]) {
    expect((await call("/x", ["Authorization", token])).status).toBe(401);
  }
  expect(events).toHaveLength(0);
  expect((await call("/x", ["Authorization", "aab"])).status).toBe(200);
});

test("conditions of the policy are asked about each request", async () => {
  const statement = {
    Action: "*",
    Effect: "Allow",
    Resource: "*",
    Condition: { StringEquals: { "aws:UserAgent": "good" } },
  };
  const { call } = guarded(async () => ({
    principalId: "p",
    policyDocument: { Version: "2012-10-17", Statement: statement },
  }));
  expect((await call("/x", ["Authorization", "t", "User-Agent", "good"])).status).toBe(200);
  expect((await call("/x", ["Authorization", "t", "User-Agent", "bad"])).status).toBe(403);
});

test("a method ARN of more than 1,600 bytes is too long", async () => {
  const { call } = guarded(async () => allow());
  expect(await call(`/${"a".repeat(1700)}`)).toEqual({ status: 414, body: '{"message":"Request URI too long"}' });
});

test("no token reaches the log, even when the function puts it into its message", async () => {
  const { call, records } = guarded(async (event: { authorizationToken: string }) =>
    Promise.reject(new Error(`bad ${event.authorizationToken}`)),
  );
  expect((await call("/x", ["Authorization", "Bearer s3cret-token"])).status).toBe(500);
  expect(JSON.stringify(records)).toContain('authorizer \\"guard\\": Error: bad ***');
  expect(JSON.stringify(records)).not.toContain("s3cret");
});

test("the log warns of a kept policy that names one method only, once", async () => {
  const { call, records } = guarded(async (event: { methodArn: string }) => allow(event.methodArn));
  expect((await call("/a")).status).toBe(200);
  expect((await call("/b")).status).toBe(403);
  await call("/a", ["Authorization", "other"]);
  expect(records.filter(({ message }) => message.includes("names one method only"))).toHaveLength(1);
});

test("swapping the program forgets what was decided", async () => {
  const { call, gateway, events } = guarded(async () => allow());
  await call("/x");
  await gateway.swap(gateway.live.program);
  await call("/x");
  expect(events).toHaveLength(2);
});
