import { describe, expect, test } from "vitest";
import { diagnose, marked, modelOf, testMistakes, whole } from "../support/diagnose.js";

const proxy = 'routes:\n  GET /o: { http: "https://${stageVariables.host}/" }\n';

describe("stages", () => {
  testMistakes([
    ["characters", "bad-stage-name", "stages: { «my stage»: {} }"],
    ["$default on REST", "not-on-rest-apis", "stages: { «$default»: {} }"],
    [
      "more than ten",
      "over-quota",
      `stages: { ${Array.from({ length: 11 }, (_, i) => `${i === 10 ? "«s10»" : `s${i}`}: {}`).join(", ")} }`,
    ],
    [
      "settings of a route that is not there",
      "unknown-route",
      "stages: { dev: { routes: { «GET /x»: { log: info } } } }",
    ],
    [
      "answers of a stage without a cache",
      "stage-keeps-nothing",
      "stages: { dev: { routes: { GET /o: { cache: «true» } } } }\nroutes: { GET /o: { mock: {} } }",
    ],
    [
      "answers of a route without a cache",
      "route-keeps-nothing",
      "stages: { dev: { cache: true, routes: { PUT /o: { cache: «10» } } } }\nroutes: { PUT /o: { mock: {} } }",
    ],
    [
      "a log of an HTTP API's route",
      "not-on-http-apis",
      "kind: http\nstages: { dev: { routes: { GET /o: { log: «info» } } } }\nroutes: { GET /o: { lambda: o } }",
    ],
    ["size", "bad-cache-size", "stages: { dev: { cache: { size: «1» } } }"],
    ["ttl", "out-of-range", "stages: { dev: { cache: { ttl: «2h» } } }"],
    [
      "sticky by what is not in the request",
      "bad-sticky-key",
      "stages: { p: { canary: { percent: 1, sticky: «$context.requestId» } } }",
    ],
    ["sticky by a body", "expression-not-here", "stages: { p: { canary: { percent: 1, sticky: «$request.body.x» } } }"],
    ["no header", "bad-canary-header", 'stages: { p: { canary: { percent: 1, header: «"a b"» } } }'],
    [
      "mutual TLS on an edge endpoint",
      "mutual-tls-on-edge",
      "endpoint: edge\ndisableExecuteApiEndpoint: true\nstages: { p: {} }\ndomains: { a.example.com: { tls: { certificate: c, key: k, clientCa: «x» }, paths: { v1: p } } }",
    ],
    [
      "mutual TLS beside an open endpoint",
      "default-endpoint-open",
      "stages: { p: {} }\ndomains: { a.example.com: { tls: { certificate: c, key: k, clientCa: «x» }, paths: { v1: p } } }",
    ],
    [
      "several segments with old TLS",
      "multi-level-base-path",
      "stages: { p: {} }\ndomains: { a.example.com: { securityPolicy: TLS_1_0, paths: { «a/b»: p } } }",
    ],
    ["no id", "log-without-id", "stages: { dev: { accessLog: «$context.status» } }"],
    ["a name", "unknown-context-variable", "stages: { dev: { accessLog: $context.requestId $context.«statsu» } }"],
    ["a request", "expression-not-here", "stages: { dev: { accessLog: $context.requestId «$request.header.x» } }"],
    [
      "too long on HTTP",
      "log-too-long",
      `kind: http\nstages: { dev: { accessLog: «$context.requestId ${"x".repeat(3072)}» } }`,
    ],
    [
      "too long beside a WebSocket API",
      "log-too-long",
      `websocket: { routes: { $default: { mock: } } }\nstages: { dev: { accessLog: «$context.requestId ${"x".repeat(3072)}» } }`,
    ],
  ]);

  test("a file without stages has one", async () => {
    const rest = await modelOf("");
    const http = await modelOf("kind: http\n");
    expect([rest.stages[0]?.name, http.stages[0]?.name]).toEqual(["dev", "$default"]);
    expect(rest.stages).toMatchObject([{ log: "error", metrics: "standard", tracing: false, variables: [] }]);
  });

  test("a cache and a canary have AWS's defaults", async () => {
    const { stages } = await modelOf("stages: { prod: { cache: true, canary: { percent: 10 } } }");
    expect(stages).toMatchObject([
      {
        cache: {
          size: 0.5,
          ttlSeconds: 300,
          encrypted: false,
          invalidate: "iam",
          unauthorized: "SUCCEED_WITH_RESPONSE_HEADER",
        },
        canary: { percent: 10, variables: [], useStageCache: false, sticky: undefined, header: undefined },
      },
    ]);
  });

  test("a canary's side may be chosen by what stands in the request", async () => {
    const canaryOf = async (more: string) =>
      (await modelOf(`stages: { p: { canary: { percent: 1, ${more} } } }`)).stages[0]?.canary;
    expect(await canaryOf("sticky: $request.header.X-User, header: X-Canary")).toMatchObject({
      sticky: { from: "header", name: "x-user" },
      header: "x-canary",
    });
    expect(await canaryOf("sticky: $request.querystring.User")).toMatchObject({
      sticky: { from: "querystring", name: "User" },
    });
    expect(await canaryOf("sticky: $context.identity.sourceIp")).toMatchObject({ sticky: { from: "sourceIp" } });
  });
});

describe("stage variables", () => {
  testMistakes([
    [
      "nowhere defined",
      "undefined-stage-variable",
      'stages: { dev: { variables: {} } }\nroutes:\n  GET /o: { http: "https://«${stageVariables.host}»/" }',
    ],
    [
      "no stages at all",
      "undefined-stage-variable",
      'routes:\n  GET /o: { http: "https://«${stageVariables.host}»/" }',
    ],
    [
      "in a template",
      "undefined-stage-variable",
      "routes:\n  GET /o:\n    mock:\n    responses: { 200: { template: '$stageVariables.«host»' } }",
    ],
    ["one stage lacks it", "stage-lacks-variable", `stages: { dev: { variables: { host: a } }, «prod»: {} }\n${proxy}`],
    [
      "a canary's does not count",
      "stage-lacks-variable",
      `stages: { dev: { variables: { host: a } }, «prod»: { canary: { percent: 1, variables: { host: b } } } }\n${proxy}`,
    ],
    ["unused", "unused-stage-variable", `stages: { dev: { variables: { host: a, «hots»: b } } }\n${proxy}`],
    ["name", "bad-stage-variable", "stages: { dev: { variables: { «my-host»: a } } }"],
    ["character", "bad-stage-variable-value", 'stages: { dev: { variables: { host: «"a b"» } } }'],
    ["empty", "bad-stage-variable-value", 'stages: { dev: { variables: { host: «""» } } }'],
    ["length", "bad-stage-variable-value", `stages: { dev: { variables: { host: «${"x".repeat(513)}» } } }`],
    [
      "a variable in a variable",
      "expression-not-here",
      'stages: { dev: { variables: { a: x, host: "«${stageVariables.a}»" } } }',
    ],
    [
      "more than a hundred",
      "over-limit",
      `stages: { dev: { variables: { ${Array.from({ length: 101 }, (_, i) => `${i === 100 ? "«v100»" : `v${i}`}: a`).join(", ")} } } }`,
    ],
  ]);

  test("a misspelt one is named, with the places where it is used", async () => {
    const { text, span } = marked(
      whole(
        'stages: { dev: { variables: { host: a } } }\nroutes:\n  GET /a: { http: "https://${stageVariables.hots}/" }\n  GET /b: { http: "https://«${stageVariables.hots}»/" }\n',
      ),
    );
    const found = await diagnose(text);
    expect(found).toMatchObject([
      { code: "undefined-stage-variable", help: 'did you mean "host"?', notes: [{ span }] },
    ]);
  });

  test("the environment may hold what the file may not", async () => {
    const { stages } = await modelOf('stages: { dev: { variables: { host: "${env.HOST}:80" } } }');
    expect(stages[0]?.variables[0]?.value.parts).toEqual([{ kind: "env", name: "HOST" }, ":80"]);
  });
});

describe("domains", () => {
  testMistakes([
    ["name", "bad-domain", "domains: { «localhost»: {} }"],
    ["a scheme", "bad-domain", "domains: { «'https://a.example'»: {} }"],
    ["stage", "unknown-stage", "stages: { prod: {} }\ndomains: { a.example: { paths: { v1: «prd» } } }"],
    ["path", "bad-base-path", "stages: { prod: {} }\ndomains: { a.example: { paths: { «a//b»: prod } } }"],
    [
      "in capitals",
      "domain-twice",
      "stages: { prod: {} }\ndomains: { a.example: { paths: { a: prod } }, «A.example»: { paths: { a: prod } } }",
    ],
    ["twice", "bad-base-path", "stages: { prod: {} }\ndomains: { a.example: { paths: { a: prod, «a/»: prod } } }"],
    ["certificate", "bad-certificate-arn", "domains: { a.example: { aws: { certificateArn: «arn:aws:s3:::x» } } }"],
    [
      "truststore",
      "bad-truststore",
      "disableExecuteApiEndpoint: true\ndomains: { a.example: { aws: { truststoreUri: «https://x.example» } } }",
    ],
  ]);

  const cdn = (more: string, top = "", routes = "GET /o: { lambda: x }") =>
    `${top}stages: { prod: {} }\nroutes:\n  ${routes}\ndomains:\n  a.example.com: { ${more} }\n`;
  testMistakes([
    [
      "private",
      "cdn-not-possible",
      cdn("cdn: «true», paths: { '': prod }", "endpoint: private\npolicy: { allow: { vpcs: [vpc-1] } }\n"),
    ],
    [
      "its origin closed",
      "cdn-not-possible",
      cdn("cdn: «true», paths: { '': prod }", "disableExecuteApiEndpoint: true\n"),
    ],
    ["no stage", "cdn-not-possible", cdn("cdn: «true»")],
    [
      "mutual TLS",
      "cdn-not-possible",
      cdn("cdn: true, paths: { '': prod }, tls: { certificate: c, key: k, clientCa: «x» }"),
    ],
    ["trust store", "cdn-not-possible", cdn("cdn: true, paths: { '': prod }, aws: { truststoreUri: «'s3://b/c'» }")],
    ["base path", "cdn-base-path", cdn("cdn: true, paths: { «'a*'»: prod }")],
    [
      "another region",
      "cdn-certificate",
      cdn("cdn: true, paths: { '': prod }, aws: { certificateArn: «'arn:aws:acm:eu-west-1:1:certificate/a'» }"),
    ],
    [
      "an edge endpoint beside it",
      "edge-beside-cdn",
      `${cdn("cdn: true, paths: { '': prod }", "endpoint: edge\n")}  «b.example.com»: { paths: { '': prod } }\n`,
    ],
    [
      "addresses",
      "cdn-hides-callers",
      cdn("cdn: true, paths: { '': prod }", "policy: { deny: { ips: [«192.0.2.1»] } }\n"),
    ],
    [
      "signatures",
      "cdn-signed-requests",
      cdn("cdn: «true», paths: { '': prod }", "", "GET /o: { lambda: x, auth: iam }"),
    ],
    ["firewall", "cdn-firewall", cdn("cdn: true, paths: { '': prod }", "waf: «{ rate: { limit: 100 } }»\n")],
    [
      "more paths than quota",
      "cdn-behaviours",
      `stages: { prod: { cache: true } }\nroutes:\n${Array.from({ length: 38 }, (_, at) => `  GET /r${at}/{id}: { lambda: x }\n`).join("")}domains: { a.example.com: { cdn: «true», paths: { '': prod } } }\n`,
    ],
    [
      "of a WebSocket API",
      "unknown-key",
      "websocket: { domain: { name: live.example.com, «cdn»: true }, routes: { $default: { lambda: y } } }",
    ],
  ]);

  test("whatever the edge endpoint lacks, a domain behind a CDN may have", async () => {
    const text = cdn("cdn: true, paths: { a/b: prod }", "endpoint: edge\n");
    expect((await diagnose(whole(text))).map(({ code }) => code)).toEqual([]);
  });

  test("base paths without slashes, the root is empty", async () => {
    const { domains } = await modelOf(
      "stages: { prod: {} }\ndomains: { API.example.com: { paths: { /: prod, v1/x: prod } } }",
    );
    expect(domains).toMatchObject([
      {
        name: "api.example.com",
        paths: [
          { basePath: "", stage: "prod" },
          { basePath: "v1/x", stage: "prod" },
        ],
      },
    ]);
  });
});

describe("gateway responses", () => {
  testMistakes([
    ["type", "unknown-error-type", "errors: { «THROTLED»: { status: 429 } }"],
    ["header", "bad-token", "errors: { THROTTLED: { headers: { «a b»: x } } }"],
    ["body", "expression-not-here", "errors: { THROTTLED: { map: { message: «$request.body.x» } } }"],
    ["answer", "expression-not-here", "errors: { THROTTLED: { headers: { X-A: «$response.header.x» } } }"],
    ["a name", "unknown-context-variable", "errors: { THROTTLED: { map: { id: $context.«requestID» } } }"],
    [
      "a directive",
      "gateway-response-not-vtl",
      "errors: { THROTTLED: { template: '«#set»($x = 1)$context.requestId' } }",
    ],
    ["on HTTP", "not-on-http-apis", "kind: http\nerrors: { «THROTTLED»: { status: 429 } }"],
  ]);

  test("a rule becomes a template of substitutions", async () => {
    const { gatewayResponses } = await modelOf(
      'errors: { DEFAULT_4XX: { map: { message: $context.error.message, id: $context.requestId }, headers: { Retry-After: "1" } } }',
    );
    expect(gatewayResponses).toEqual([
      {
        type: "DEFAULT_4XX",
        status: undefined,
        headers: [{ name: "Retry-After", value: { kind: "constant", value: "1" } }],
        templates: [
          {
            mediaType: "application/json",
            template: '{"message":$context.error.messageString,"id":"$context.requestId"}',
          },
        ],
      },
    ]);
  });
});
