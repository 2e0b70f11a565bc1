import {
  APIGatewayClient,
  GetAuthorizersCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  TestInvokeAuthorizerCommand,
  TestInvokeMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import { systemClock } from "../../../runtime/clock.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: tested
stages:
  dev: { throttle: { rate: 1, burst: 1 }, variables: { colour: blue } }
keys:
  reader: { plan: basic, value: "a-key-of-the-file-0123456789" }
plans:
  basic: { stages: [dev] }
authorizers:
  bearer: { type: token, lambda: guard, validation: "^[a-z]+$" }
  asked: { lambda: guard, type: request, identity: [$request.querystring.user] }
routes:
  GET /colour: { apiKey: true, auth: bearer, mock: { colour: $stageVariables.colour, stage: $context.stage } }
  POST /pets/{id}: { mock: { pet: "$request.path.id" }, params: { id: string } }
  ANY /hook: { lambda: hook, auth: asked }
`;

const guard = `export const handler = async (event: any) => {
  const said = event.authorizationToken ?? event.queryStringParameters.user;
  if (said === "nobody") throw new Error("Unauthorized");
  if (said === "broken") return { principalId: "x" };
  const Statement = [{ Action: "execute-api:Invoke", Effect: said === "denied" ? "Deny" : "Allow", Resource: event.methodArn }];
  return { principalId: "user-of-" + said, policyDocument: { Version: "2012-10-17", Statement }, context: { level: 3, event: event.type } };
};
`;
const hook = `export const handler = async (event: any) => {
  return { statusCode: 201, headers: { "X-From": "hook" }, body: JSON.stringify({ method: event.httpMethod, path: event.path, stage: event.requestContext.stage, variables: event.stageVariables, headers: event.headers, ip: event.requestContext.identity.sourceIp }) };
};
`;

let gateway: YamlGateway;
let port: AdminPort;
let client: APIGatewayClient;
let restApiId = "";
const measures = new Measures();
const ids = new Map<string, string>();

beforeAll(async () => {
  const admin = administer({ port: 0, host: "127.0.0.1", environment: {}, measures });
  const observer = { answered: (x: Parameters<Measures["add"]>[0]) => measures.add(x), close: async () => undefined };
  const files = { "handlers/guard.ts": guard, "handlers/hook.ts": hook };
  gateway = await yamlGateway(yaml, { observers: [observer, admin.requests], clock: systemClock }, files);
  port = await admin.open(() => gateway);
  client = new APIGatewayClient({
    ...{ endpoint: port.url, region: "eu-west-1", maxAttempts: 1 },
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  restApiId = (await client.send(new GetRestApisCommand({}))).items?.[0]?.id ?? "";
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  for (const { path = "", id = "" } of items) ids.set(path, id);
  const authorizers = await client.send(new GetAuthorizersCommand({ restApiId }));
  for (const { name = "", id = "" } of authorizers.items ?? []) ids.set(name, id);
}, 60_000);

afterAll(async () => {
  client.destroy();
  await port.close();
  await gateway.close({ drainMs: 0 });
  gateway.remove();
});

type MethodInput = Partial<ConstructorParameters<typeof TestInvokeMethodCommand>[0]>;

async function tryMethod(httpMethod: string, path: string, input: MethodInput = {}) {
  const place = { restApiId, resourceId: ids.get(path), httpMethod };
  const tried = await client.send(new TestInvokeMethodCommand({ ...place, ...input }));
  return { ...tried, lines: linesOf(tried.log) };
}

async function tryAuthorizer(name: string, input: object) {
  const place = { restApiId, authorizerId: ids.get(name) };
  const tried = await client.send(new TestInvokeAuthorizerCommand({ ...place, ...input }));
  return { ...tried, lines: linesOf(tried.log) };
}

function linesOf(log = ""): readonly string[] {
  return log.split("\n").map((line) => line.replace(/^\w{3} \w{3} \d\d? [\d:]{8} UTC \d{4} : /, ""));
}

test("a method is tested in AWS's words: path, headers and body as they were given", async () => {
  const pet = await tryMethod("POST", "/pets/{id}", {
    pathWithQueryString: "/pets/123?foo=bar",
    body: '{"foo": "bar"}',
  });
  expect(pet).toMatchObject({ status: 200, body: '{"pet":"123"}', headers: { "Content-Type": "application/json" } });
  expect(pet.multiValueHeaders).toEqual({ "Content-Type": ["application/json"] });
  expect(pet.lines[0]).toMatch(/^Execution log for request [0-9a-f-]{36}$/);
  expect(pet.lines.slice(1)).toEqual([
    `Starting execution for request: ${pet.lines[0]?.slice("Execution log for request ".length)}`,
    "HTTP Method: POST, Resource Path: /pets/123",
    "Method request path: {id=123}",
    "Method request query string: {foo=bar}",
    "Method request headers: {}",
    'Method request body before transformations: {"foo": "bar"}',
    'Method response body after transformations: {"pet":"123"}',
    "Method response headers: {Content-Type=application/json}",
    "Successfully completed execution",
    "Method completed with status: 200",
    "",
  ]);
});

test("without a path the resource's own is taken, and another resource's gives no parameters (recorded)", async () => {
  const none = await tryMethod("POST", "/pets/{id}");
  expect(none.lines).toContain("Method request path: {id={id}}");
  const bad = await tryMethod("POST", "/pets/{id}", { pathWithQueryString: "/random/test" });
  expect(bad.lines).toContain("HTTP Method: POST, Resource Path: /random/test");
  expect(bad.lines).toContain("Method request path: {}");
  expect(bad.body).toBe('{"pet":""}');
});

test("authorizer, key and throttle stand aside, and variables are those of the request", async () => {
  for (const colour of ["red", "green", "grey"]) {
    const { status, body } = await tryMethod("GET", "/colour", { stageVariables: { colour } });
    expect([status, JSON.parse(body ?? "")]).toEqual([200, { colour, stage: "test-invoke-stage" }]);
  }
  expect((await gateway.ask("GET /dev/colour")).status).toBe(401);
  await expect(tryMethod("GET", "/colour", { stageVariables: { "a-b": "1" } })).rejects.toThrow(
    "Invalid stage variable",
  );
});

test("a function gets the event that a test has; nothing is counted, and no request is shown", async () => {
  const before = measures.all().reduce((sum, { count }) => sum + count, 0);
  const headers = { Accept: "text/plain", authorization: "Bearer secret-secret-1234" };
  const tried = await tryMethod("ANY", "/hook", { headers, pathWithQueryString: "/hook", stageVariables: { a: "1" } });
  expect(tried.status).toBe(201);
  expect(tried.headers).toMatchObject({ "X-From": "hook", "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-/) });
  expect(JSON.parse(tried.body ?? "")).toEqual({
    ...{ method: "GET", path: "/hook", stage: "test-invoke-stage", variables: { a: "1" } },
    headers: { Accept: "text/plain", Authorization: headers.authorization },
    ip: "test-invoke-source-ip",
  });
  expect(tried.lines.join("\n")).toMatch(/Received response\. Status: 200, Integration latency: \d+ ms/);
  expect(tried.log).not.toContain("secret-secret-1234");
  expect(measures.all().reduce((sum, { count }) => sum + count, 0)).toBe(before);
  const state = (await (await fetch(`${port.url}/console/state`)).json()) as { readonly requests: readonly object[] };
  expect(JSON.stringify(state.requests)).not.toContain("/hook");
});

test("an authorizer is asked anew, and tells principal, policy and context", async () => {
  const tried = await tryAuthorizer("bearer", { headers: { Authorization: "ada" } });
  expect(tried).toMatchObject({
    ...{ clientStatus: 0, principalId: "user-of-ada", latency: expect.any(Number) },
    authorization: { level: ["3"], event: ["TOKEN"] },
  });
  expect(JSON.parse(tried.policy ?? "").Statement[0]).toMatchObject({
    Effect: "Allow",
    Resource: expect.stringMatching(/:\w{10}\/ESTestInvoke-stage\/GET\/$/),
  });
  expect(tried.lines.slice(1)).toEqual([
    expect.stringMatching(/^Starting authorizer: \w{6} for request: [0-9a-f-]{36}$/),
    "Incoming identity: ****",
    "Endpoint request URI: guard",
    expect.stringMatching(/^Endpoint request body after transformations: \{"type":"TOKEN",/),
    "Sending request to guard",
    expect.stringMatching(/^Authorizer result body before parsing: \{"principalId":"user-of-ada"/),
    "Using valid authorizer policy for principal: ****-ada",
    "Successfully completed authorizer execution",
    "",
  ]);
  const asked = await tryAuthorizer("asked", { pathWithQueryString: "/any/where?user=eve" });
  expect(asked).toMatchObject({ clientStatus: 0, principalId: "user-of-eve", authorization: { event: ["REQUEST"] } });
});

test("what an authorizer refuses has the status that the client would have got, and why", async () => {
  for (const token of ["nobody", "UPPER"]) {
    const refused = await tryAuthorizer("bearer", { headers: { Authorization: token } });
    expect([refused.clientStatus, refused.policy]).toEqual([401, undefined]);
    expect(refused.lines.at(-2)).toMatch(/^Unauthorized request: /);
  }
  expect((await tryAuthorizer("bearer", {})).clientStatus).toBe(401);
  const broken = await tryAuthorizer("bearer", { headers: { Authorization: "broken" } });
  expect(broken.clientStatus).toBe(500);
  expect(broken.lines.at(-2)).toMatch(
    /^Execution failed due to configuration error: authorizer "bearer": policyDocument/,
  );
  // A denial is a decision.
  expect(await tryAuthorizer("bearer", { headers: { Authorization: "denied" } })).toMatchObject({ clientStatus: 0 });
  const unknown = new TestInvokeAuthorizerCommand({ restApiId, authorizerId: "nobody" });
  await expect(client.send(unknown)).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid Authorizer identifier specified",
  });
});
