import { describe, expect, test } from "vitest";
import { diagnose, modelOf, routeOf, testMistakes, whole } from "../support/diagnose.js";

describe("what the generated gateway does", () => {
  test("is let through", async () => {
    const text = [
      "binaryMediaTypes: [image/*]",
      "compression: 1024",
      "cors: { origins: ['*'] }",
      "functions: { f: { aliases: { a: a.ts, b: b.ts }, alias: '${stageVariables.alias}' } }",
      "errors: { THROTTLED: { headers: { Retry-After: '1' } } }",
      "throttle: { rate: 10 }",
      "plans: { gold: { throttle: { rate: 1 } } }",
      'keys: { acme: { plan: gold, value: "${env.KEY}" } }',
      "stages: { dev: { log: debug, throttle: { rate: 1 }, variables: { alias: a, host: x } } }",
      "routes:",
      "  GET /a: { lambda: f, timeout: 1s }",
      "  GET /b: { http: 'http://${stageVariables.host}/', auth: none }",
      "  POST /c: { http: 'http://${stageVariables.host}/', request: { map: { a: $request.body } } }",
      "  GET /d: { mock: { id: $context.requestId } }",
      "  GET /e: { lambda: g, request: { template: '{\"a\": \"$input.params(''a'')\"}' } }",
    ].join("\n");
    await modelOf(text, ["aws", "node"]);
  });
});

describe("HTTP APIs", () => {
  testMistakes([
    ["endpoint", "not-on-http-apis", "kind: http\nendpoint: «edge»"],
    ["validation", "not-on-http-apis", "kind: http\nvalidate: «body»"],
    ["validation of a route", "not-on-http-apis", "kind: http\nroutes:\n  GET /o: { lambda: x, validate: «strict» }"],
    ["keys", "not-on-http-apis", 'kind: http\nkeys: { «k»: { value: "${env.K}" } }'],
    ["required keys", "not-on-http-apis", "kind: http\napiKey: «true»"],
    ["compression", "not-on-http-apis", "kind: http\ncompression: «0»"],
    ["binary types", "not-on-http-apis", "kind: http\nbinaryMediaTypes: [«image/png»]"],
    ["cache", "not-on-http-apis", "kind: http\nstages: { dev: { cache: «true» } }"],
    ["canary", "not-on-http-apis", "kind: http\nstages: { dev: { canary: «{ percent: 1 }» } }"],
    ["tracing", "not-on-http-apis", "kind: http\nstages: { dev: { tracing: «true» } }"],
    [
      "template",
      "not-on-http-apis",
      "kind: http\nroutes:\n  GET /o: { http: 'https://x.example', request: { template: «'{}'» } }",
    ],
    [
      "rule",
      "not-on-http-apis",
      "kind: http\nroutes:\n  GET /o: { http: 'https://x.example', responses: { 200: { map: «{ a: 1 }» } } }",
    ],
    [
      "pattern",
      "not-on-http-apis",
      "kind: http\nroutes:\n  GET /o: { http: 'https://x.example', responses: { 200: { from: «2..» } } }",
    ],
    [
      "path mapping",
      "not-on-http-apis",
      "kind: http\nroutes:\n  GET /o: { http: 'https://x.example', request: { path: { «a»: b } } }",
    ],
    [
      "passthrough",
      "not-on-http-apis",
      "kind: http\nroutes:\n  GET /o: { http: 'https://x.example', request: { passthrough: «NEVER» } }",
    ],
  ]);

  test("each refusal says what to do instead", async () => {
    const found = await diagnose(whole("kind: http\nendpoint: private\nstages: { dev: { canary: { percent: 1 } } }"));
    for (const { help } of found) expect(help).toBeTruthy();
  });

  test("answers' headers go by the backend's status", async () => {
    const { integration, validation } = await routeOf(
      'kind: http\nroutes:\n  GET /o:\n    http: https://x.example\n    body: string\n    responses: { 200: { headers: { X-A: { value: $response.header.b } } }, 403: { from: "500" }, 404: }',
    );
    expect(validation).toEqual({ parameters: false, body: false, strict: false });
    expect(integration).toMatchObject({
      proxy: true,
      timeoutMs: 30_000,
      responses: [
        { status: 200, pattern: "200", headers: [{ name: "X-A" }] },
        { status: 403, pattern: "500", headers: [] },
      ],
    });
  });

  test("functions get events of format 2.0", async () => {
    expect((await routeOf("kind: http\nroutes:\n  GET /o: { lambda: x }")).integration).toMatchObject({
      payloadFormat: "2.0",
      proxy: true,
    });
  });
});

describe("what one target does not carry out", () => {
  /** Code and marked text of all that is told for the targets. */
  async function told(
    text: string,
    targets: readonly ("aws" | "node")[],
  ): Promise<readonly (readonly [string, string])[]> {
    const file = whole(text);
    const found = await diagnose(file, targets);
    return found.map(({ code, span }) => [code, file.slice(span.start, span.end)] as const);
  }

  const options = [
    "stages: { dev: { cache: true } }",
    "aws-options: { documentation: { version: '1' }, security-policy: TLS, x-logo: { url: a } }",
    "routes:",
    "  GET /a:",
    "    http: https://x.example",
    "    request: { aws-options: { timeoutInMillis: 90, integrationTarget: arn } }",
    "    aws-options: { x-amazon-apigateway-auth: { type: NONE } }",
  ].join("\n");

  test("options by AWS's name: those with a key name it, the others are AWS's alone", async () => {
    expect(await told(options, ["aws", "node"])).toEqual([
      ["aws-option-only-there", "security-policy"],
      ["aws-option-only-there", "x-logo"],
      ["aws-option-has-key", "timeoutInMillis"],
      ["aws-option-only-there", "integrationTarget"],
      ["aws-option-has-key", "x-amazon-apigateway-auth"],
    ]);
    const [keyed] = (await diagnose(whole(options), ["node"])).filter(({ code }) => code === "aws-option-has-key");
    expect(keyed).toMatchObject({ severity: "warning", help: '"timeout" says it to both, where it can' });
    expect(await told(options, ["aws"])).toEqual([]);
  });

  test("of a WebSocket API they are properties of resources", async () => {
    const text =
      "websocket: { aws-options: { IpAddressType: dualstack }, routes: { $default: { lambda: a, aws-options: { OperationName: x } } } }";
    expect(await told(text, ["node"])).toEqual([
      ["aws-option-only-there", "IpAddressType"],
      ["aws-option-only-there", "OperationName"],
    ]);
  });

  const both = [
    "endpoint: edge",
    'state: { redis: "redis://127.0.0.1" }',
    "validateResponses: warn",
    "domains: { a.example.com: { securityPolicy: TLS_1_3, aws: { certificateArn: 'arn:aws:acm:us-east-1:1:certificate/a' }, tls: { certificate: a.pem, key: b.pem }, paths: { '': dev }, cdn: true } }",
    "stages: { dev: { cache: { invalidate: iam }, canary: { percent: 1, header: X-C } } }",
    "routes:",
    "  GET /a: { http: 'https://x.example', vpcLink: abc }",
  ].join("\n");

  test("the stage of a WebSocket API that AWS calls otherwise", async () => {
    const file = (more: string) =>
      `gateway: a\nkind: http\nstages: { $default: {} }\n${more}routes:\n  GET /o: { lambda: x }\n`;
    const socket = "websocket: { routes: { $default: { lambda: y } } }\n";
    expect(await told(file(socket), ["aws"])).toEqual([["key-only-on-node", "$default"]]);
    expect(await told(file(""), ["aws"])).toEqual([]);
    expect(await told(file(socket), ["node"])).toEqual([]);
  });

  test("keys and values, by their tags", async () => {
    expect(await told(both, ["aws"])).toEqual([
      ["key-only-on-node", "state"],
      ["key-only-on-node", "validateResponses"],
      ["key-only-on-node", "TLS_1_3"],
      ["key-only-on-node", "tls"],
      ["key-only-on-node", "iam"],
      ["key-only-on-node", "header"],
    ]);
    expect(await told(both, ["node"])).toEqual([
      ["key-only-on-aws", "edge"],
      ["key-only-on-aws", "aws"],
      ["key-only-on-aws", "cdn"],
      ["key-only-on-aws", "vpcLink"],
    ]);
  });
});

describe("limits", () => {
  testMistakes([
    ["below 50 ms", "out-of-range", "timeout: «49»"],
    ["an edge endpoint", "out-of-range", "endpoint: edge\ntimeout: «30s»"],
    ["HTTP", "out-of-range", "kind: http\ntimeout: «31s»"],
    ["a raisable quota", "timeout-over-quota", "timeout: «30s»"],
    ["name", "bad-gateway-name", "gateway: «my shop»"],
    ["region", "bad-region", "aws: { region: «europe», account: '123456789012' }"],
    ["media type", "bad-media-type", 'binaryMediaTypes: [«"*/png"»]'],
    ["option", "aws-option-unknown", "aws-options: { «info»: {} }"],
    ["strict", "aws-checks-less", "validate: «strict»"],
  ]);

  test("without AWS the timeout is ours to choose", async () => {
    expect(
      (await routeOf("kind: http\ntimeout: 2m\nroutes:\n  GET /o: { lambda: x }", ["node"])).integration.timeoutMs,
    ).toBe(120_000);
  });

  test("300 routes are fine, one more is a quota", async () => {
    const file = (count: number) =>
      whole(`routes:\n${Array.from({ length: count }, (_, i) => `  GET /r${i}: { lambda: f${i} }\n`).join("")}`);
    expect(await diagnose(file(300))).toEqual([]);
    expect(await diagnose(file(301))).toMatchObject([{ code: "over-quota", severity: "warning" }]);
  });
});

test("the defaults of a whole file", async () => {
  expect(await modelOf("")).toMatchObject({
    name: "a",
    version: "1.0.0",
    kind: "rest",
    endpoint: "regional",
    aws: { region: "us-east-1", account: "123456789012" },
    apiKeySource: "HEADER",
    binaryMediaTypes: [],
    minimumCompressionSize: undefined,
    policy: undefined,
    authorizers: [],
    awsOptions: {},
  });
});

test("models may be JSON Schemas, with mistakes at their place", async () => {
  const model = await modelOf(
    "models:\n  Order: { type: object, properties: { sku: { type: string } }, required: [sku] }\nroutes:\n  POST /o: { lambda: x, body: Order }",
  );
  expect(model.models.map(({ name }) => name)).toEqual(["Order"]);
  const text = "gateway: a\nmodels:\n  Order: { type: object, propertys: {} }\nroutes:\n  GET /o: { lambda: x }\n";
  const [found] = await diagnose(text);
  expect(found?.span.start).toBeGreaterThanOrEqual(text.indexOf("{ type"));
});
