import { describe, expect, test } from "vitest";
import { diagnose, marked, modelOf, routeOf, testMistakes, whole } from "../support/diagnose.js";

describe("functions", () => {
  testMistakes([
    ["a path", "bad-function-name", "routes:\n  GET /o: { lambda: «../x» }"],
    ["absolute", "bad-function-name", "routes:\n  GET /o: { lambda: «/etc/x» }"],
    ["not ASCII", "bad-function-name", "routes:\n  GET /o: { lambda: «größe» }"],
    [
      "case",
      "function-name-case",
      "routes:\n  GET /o: { lambda: getOrder }\n  GET /p: { lambda: «getorder», operation: another }",
    ],
    [
      "swapped letters",
      "undeclared-function",
      "functions: { getOrder: handlers/order.ts }\nroutes:\n  GET /o: { lambda: «getOrdre» }",
    ],
    ["no module", "not-a-module", "functions: { f: «handlers/f.py» }"],
    ["above", "path-outside-project", "functions: { f: «handlers/../../f.ts» }"],
    ["absolute file", "path-outside-project", "functions: { f: «/srv/f.ts» }"],
    ["Windows", "path-outside-project", "functions: { f: «'C:\\f.ts'» }"],
    ["expression in a file", "expression-not-here", 'functions: { f: "handlers/«${stageVariables.x}».ts" }'],
    ["an alias", "unknown-alias", "functions: { f: { aliases: { live: a.ts }, alias: «liev» } }"],
    [
      "a stage's alias",
      "unknown-alias",
      'stages: { dev: { variables: { alias: «nxt» } } }\nfunctions: { f: { aliases: { live: a.ts, next: b.ts }, alias: "${stageVariables.alias}" } }',
    ],
    ["an ARN", "bad-function-arn", "functions: { f: { arn: «arn:aws:s3:::bucket» } }"],
    [
      "a variable region",
      "bad-function-arn",
      'stages: { dev: { variables: { r: x } } }\nfunctions: { f: { arn: «"arn:aws:lambda:${stageVariables.r}:123456789012:function:f"» } }',
    ],
    ["timeout", "out-of-range", "functions: { f: { file: a.ts, timeout: «16m» } }"],
  ]);

  test("a name that is not listed is a module of that name", async () => {
    const { functions } = await modelOf(
      'stages: { dev: { variables: { alias: live } } }\nfunctions:\n  a: { aliases: { live: ./x/a.ts }, alias: "${stageVariables.alias}" }\n  b: { aliases: { only: b.ts }, alias: only }\nroutes:\n  GET /o: { lambda: c }',
    );
    expect(functions).toMatchObject([
      { name: "a", code: { kind: "aliases", files: [{ alias: "live", file: "x/a.ts" }] } },
      { name: "b", code: { kind: "aliases", alias: { parts: ["only"] } } },
      { name: "c", code: { kind: "module", file: "handlers/c.ts" }, timeoutMs: undefined },
    ]);
  });
});

describe("endpoints", () => {
  testMistakes([
    ["no scheme", "bad-uri", "routes:\n  GET /o: { http: «non-valid-http» }"],
    ["ftp", "bad-uri", "routes:\n  GET /o: { http: «ftp://x.example» }"],
    ["no host", "bad-uri", "routes:\n  GET /o: { http: «http:///x» }"],
    ["a host of the caller's", "bad-uri", "routes:\n  GET /o/{host}: { http: «'http://{host}.example/'» }"],
    ["a password", "bad-uri", "routes:\n  GET /o: { http: «'http://me:secret@x.example/'» }"],
    ["a port", "bad-uri", "routes:\n  GET /o: { http: «'http://x.example:123456/'» }"],
    ["a fragment", "bad-uri", "routes:\n  GET /o: { http: «'http://x.example/#a'» }"],
    ["a blank", "bad-uri", "routes:\n  GET /o: { http: «http://x.example/a b» }"],
    ["misspelt", "unknown-uri-parameter", "routes:\n  GET /o/{id}: { http: 'http://x.example/«{idd}»' }"],
    ["greedy", "expression-syntax", "routes:\n  GET /o/{p+}: { http: 'http://x.example/«{p+}»' }"],
    ["a header", "expression-not-here", "routes:\n  GET /o: { http: 'http://x.example/«${request.header.a}»' }"],
    ["method", "unknown-method", "routes:\n  GET /o: { http: 'http://x.example/', request: { method: «FETCH» } }"],
  ]);

  test("path parameters, mapped ones and stage variables anywhere", async () => {
    const route = await routeOf(
      'stages: { dev: { variables: { host: "http://x:1", v: v1 } } }\nroutes:\n  GET /o/{id}:\n    http: "${stageVariables.host}/${stageVariables.v}/{id}/{who}"\n    request: { path: { who: $context.identity.user }, headers: { X-A: "${request.querystring.q}" } }',
    );
    expect(route.integration).toMatchObject({
      kind: "http",
      proxy: true,
      method: "GET",
      timeoutMs: 29_000,
      passthrough: "WHEN_NO_MATCH",
      request: { path: [{ name: "who" }], headers: [{ name: "X-A", value: { kind: "text" } }] },
      responses: [],
      uri: {
        parts: [
          { kind: "stageVariable", name: "host" },
          "/",
          { kind: "stageVariable", name: "v" },
          "/",
          { kind: "path", name: "id" },
          "/",
          { kind: "path", name: "who" },
        ],
      },
    });
  });
});

describe("mappings", () => {
  const http = "routes:\n  POST /o/{id}:\n    http: https://x.example/\n";
  testMistakes([
    ["path parameter", "unknown-path-parameter", `${http}    request: { headers: { X-A: «$request.path.idd» } }`],
    ["answer", "expression-not-here", `${http}    request: { headers: { X-A: «$response.body.a» } }`],
    ["list", "parameter-not-scalar", `${http}    request: { query: { a: «[1]» } }`],
    ["empty", "parameter-without-value", `${http}    request: { headers: { «X-A»: } }`],
    ["reserved", "header-not-mappable", `${http}    request: { headers: { «Content-Length»: "1" } }`],
    [
      "reserved on HTTP APIs",
      "header-not-mappable",
      "kind: http\nroutes:\n  GET /o: { http: https://x.example/, request: { headers: { «X-Amz-Date»: a } } }",
    ],
    [
      "answer's reserved",
      "header-not-mappable",
      `${http}    responses: { 200: { headers: { «Transfer-Encoding»: { value: x } } } }`,
    ],
    [
      "field",
      "path-not-in-model",
      `models: |\n  interface Order { item: { sku: string }; tags: string[] }\n${http}    body: Order\n    request: { map: { a: $request.body.item«.skuu» } }`,
    ],
    [
      "field of a list",
      "path-not-in-model",
      `models: |\n  interface Order { tags: string[] }\n${http}    body: Order\n    request: { map: { a: $request.body.tags«.first» } }`,
    ],
    [
      "XML",
      "body-not-json",
      `${http}    body: { type: string, mediaTypes: [application/xml] }\n    request: { map: { a: «$request.body.a» } }`,
    ],
    [
      "nearly a declared parameter",
      "undeclared-parameter",
      `${http}    query: { status?: string }\n    request: { headers: { X-A: $request.querystring.«statsu» } }`,
    ],
    [
      "nearly a declared parameter, in VTL",
      "undeclared-parameter",
      `${http}    headers: { X-Tenant?: string }\n    request: { template: "$input.params(«'X-Tennant'»)" }`,
    ],
    [
      "an authorizer's context",
      "unknown-authorizer-context",
      `authorizers: { a: { lambda: check, context: { tenant: string } } }\nauth: a\n${http}    request: { headers: { X-A: $context.authorizer.«tennant» } }`,
    ],
    ["headers that differ in case", "repeated-parameter", `${http}    request: { headers: { X-A: a, «x-a»: b } }`],
    [
      "a variable that HTTP APIs lack",
      "unknown-context-variable",
      "kind: http\nroutes:\n  GET /o: { http: https://x.example/, request: { headers: { A: $context.«resourcePath» } } }",
    ],
    ["VTL", "unknown-input-member", `${http}    request: { template: "$input.«paht»('$.a')" }`],
    [
      "VTL's field",
      "path-not-in-model",
      `models: |\n  interface Order { sku: string }\n${http}    body: Order\n    request: { template: "$input.path('$.«skuu»')" }`,
    ],
    [
      "two templates",
      "template-twice",
      `${http}    request: { map: { a: 1 }, templates: { «application/json»: "{}" } }`,
    ],
    ["pattern", "bad-selection-pattern", `${http}    responses: { 500: { from: «"5(\\\\d"» } }`],
    ["what Java refuses", "bad-selection-pattern", `${http}    responses: { 500: { from: «"[^]5"» } }`],
    ["attack", "slow-selection-pattern", `${http}    responses: { 500: { from: «"(a+)+b"» } }`],
    ["same pattern", "same-selection", `${http}    responses: { 500: { from: "5.." }, 502: { from: «"5.."» } }`],
    ["proxy", "mapping-without-effect", "routes:\n  GET /o: { lambda: x, request: { headers: { «X-A»: a } } }"],
    [
      "content handling of a Lambda proxy",
      "mapping-without-effect",
      "routes:\n  GET /o: { lambda: x, request: { contentHandling: «CONVERT_TO_TEXT» } }",
    ],
    [
      "passthrough of a proxy",
      "passthrough-of-proxy",
      "routes:\n  GET /o: { http: https://x.example/, request: { passthrough: «NEVER» } }",
    ],
    [
      "a header that Lambda does not read",
      "lambda-parameter-unread",
      "routes:\n  GET /o: { lambda: x, request: { headers: { «X-Tenant»: a }, map: { a: 1 } }, responses: { 200: } }",
    ],
    ["method of Lambda", "lambda-method", "routes:\n  GET /o: { lambda: x, request: { method: «GET», map: {} } }"],
    [
      "function's answer",
      "response-never-selected",
      "routes:\n  GET /o: { lambda: x, responses: { 200: { map: {} }, «404»: { map: {} } } }",
    ],
    [
      "a body of a response that no answer becomes",
      "mapping-never-used",
      `${http}    responses: { 200: { map: {} }, 404: { from: never, map: «{ a: 1 }» } }`,
    ],
    [
      "its status, of a proxy",
      "mapping-never-used",
      "routes:\n  GET /o: { lambda: x, responses: { 200: , 404: { from: never, status: «$response.body.code» } } }",
    ],
    [
      "its header, of a mock",
      "mapping-never-used",
      "routes:\n  GET /o: { mock: { a: 1 }, responses: { 200: , 404: { from: never, headers: { X-A: { value: «b» } } } } }",
    ],
    [
      "two defaults",
      "same-selection",
      "routes:\n  GET /o: { lambda: x, responses: { 200: { map: {} }, «201»: { map: {} } } }",
    ],
    ["format", "not-on-rest-apis", 'routes:\n  GET /o: { lambda: x, payloadFormat: «"2.0"» }'],
    ["options", "aws-option-unknown", `${http}    request: { aws-options: { «cacheNamspace»: a } }`],
    ["options of a route", "aws-option-unknown", `${http}    aws-options: { «operationId»: a }`],
    ["a misspelt extension", "aws-option-unknown", `${http}    aws-options: { «x-amazon-apigateway-corss»: a }`],
  ]);

  test("what a rule may read is read", async () => {
    await modelOf(
      `models: |\n  interface Order { lines: { sku: string }[]; extra: Record<string, number>; any?: unknown }\nauthorizers: { a: { lambda: check, context: { tenant: string } } }\nauth: a\n${http}    body: Order\n    headers: { X-B?: string }\n    request: { map: { a: "$request.body.lines[0].sku", b: "$request.body.lines[*].sku", c: $request.body.extra.x, d: $request.body.any.y.z, e: $context.authorizer.tenant, f: $request.header.x-b, g: $request.querystring.free } }`,
    );
  });

  test("HTTP APIs have variables of their own", async () => {
    await modelOf(
      "kind: http\nroutes:\n  GET /o: { http: https://x.example/, request: { headers: { A: $context.routeKey, B: $context.integration.status } } }",
    );
  });

  test("a 2xx response stands for every 2xx, another for its own status", async () => {
    const { integration } = await routeOf(
      `${http}    responses: { 202: { map: { a: $response.body.b } }, 404: , 503: { from: "5\\\\d{2}", map: { message: later } } }`,
    );
    expect(integration).toMatchObject({ kind: "http", proxy: false, method: "POST", passthrough: "WHEN_NO_MATCH" });
    expect(integration.responses.map(({ status, pattern }) => [status, pattern])).toEqual([
      [202, "2\\d{2}"],
      [404, "404"],
      [503, "5\\d{2}"],
    ]);
    expect(integration.responses[2]?.templates).toEqual([
      { mediaType: "application/json", source: { kind: "constant", text: '{"message":"later"}' } },
    ]);
  });

  test("several 2xx stand for themselves", async () => {
    const { integration } = await routeOf(`${http}    responses: { 200: { map: {} }, 201: { map: {} } }`);
    expect(integration.responses.map(({ pattern }) => pattern)).toEqual(["200", "201"]);
  });

  test("AWS's usual patterns are fine", async () => {
    await modelOf(
      `${http}    responses: { 200: { map: {} }, 400: { from: ".*four hundred.*" }, 500: { from: "400|5\\\\d{2}" } }`,
    );
    await modelOf(
      `${http}    responses: { 200: { map: {} }, 400: { from: "(?is).*\\\\Q[bad]\\\\E.*" }, 500: { from: "\\\\p{Digit}++" } }`,
    );
  });

  test("a mapped request refuses types without a template", async () => {
    const { integration } = await routeOf(`${http}    request: { map: { id: $request.path.id } }`);
    expect(integration).toMatchObject({
      proxy: false,
      passthrough: "NEVER",
      request: { templates: [{ mediaType: "application/json", source: { kind: "rule" } }] },
    });
  });

  test("a function's 2xx is the default, errors are chosen by their message", async () => {
    const { integration } = await routeOf(
      'routes:\n  GET /o:\n    lambda: x\n    request: { template: "{\\"id\\": \\"$input.params(\'id\')\\"}" }\n    responses: { 200: , 400: , 404: { from: ".*not found.*" } }',
    );
    expect(integration).toMatchObject({ kind: "lambda", proxy: false, payloadFormat: "1.0", passthrough: "NEVER" });
    expect(integration.responses.map(({ status, pattern }) => [status, pattern])).toEqual([
      [200, undefined],
      [404, ".*not found.*"],
    ]);
    expect(integration.request.templates[0]?.source).toMatchObject({ kind: "vtl", line: 5 });
  });

  test("a proxy's response headers are types, a mapped one's are values", async () => {
    const proxy = await routeOf(
      "routes:\n  GET /o: { lambda: x, responses: { 200: { headers: { X-Count: integer } } } }",
    );
    expect(proxy.responses[0]?.headers).toMatchObject([{ name: "X-Count", type: { name: "integer" } }]);
    const mapped = await routeOf(
      `${http}    responses: { 200: { map: {}, headers: { ETag: $response.header.ETag } } }`,
    );
    expect(mapped.responses[0]?.headers).toMatchObject([{ name: "ETag", type: { name: "string" } }]);
    expect(mapped.integration.responses[0]?.headers).toEqual([
      { name: "ETag", value: { kind: "reference", reference: { kind: "responseHeader", name: "ETag" } } },
    ]);
  });
});

describe("parameters of a proxy", () => {
  const http = "routes:\n  GET /o/{id}:\n    http: https://a.example.com/{id}\n";

  testMistakes([
    ["a text", "parameter-of-proxy", `${http}    request: { headers: { X-A: «"no. \${request.path.id}"» } }`],
    ["a default", "parameter-of-proxy", `${http}    request: { query: { a: «$request.querystring.a ?? 10» } }`],
  ]);

  test("are sent as they are, and made where a template runs, or where AWS has no part in it", async () => {
    await modelOf(`${http}    request: { headers: { X-A: "\${request.path.id}", X-B: b } }`);
    const made = 'request: { headers: { X-A: "no. ${request.path.id}" }';
    await modelOf(`${http}    ${made}, map: { id: $request.path.id } }`);
    await modelOf(`${http}    ${made} }`, ["node"]);
    await modelOf(`kind: http\n${http}    ${made} }`);
  });
});

describe("headers of a mapped answer", () => {
  const http = "routes:\n  GET /o:\n    http: https://a.example.com\n";
  const answer = (value: string) => `${http}    responses: { 200: { map: {}, headers: { X-A: ${value} } } }`;

  testMistakes([
    ["a backend's header beside a default", "expression-not-here", answer("«'$response.header.ETag ?? \"none\"'»")],
    ["one that is a default", "expression-not-here", answer("«$response.body.tag ?? $response.header.ETag»")],
    ["one inside a text", "expression-not-here", answer('«"W/${response.header.ETag}"»')],
    ["the backend's status", "expression-not-here", answer("«$response.status»")],
  ]);

  test("may be all of it on HTTP APIs", async () => {
    await modelOf(
      `kind: http\n${http}    responses: { 200: { headers: { X-A: { value: "s \${response.status}" }, X-B: { value: "h \${response.header.ETag}" } } } }`,
    );
  });
});

describe("mock answers", () => {
  testMistakes([
    ["a body", "expression-not-here", "routes:\n  GET /o: { mock: { a: «$request.body.x» } }"],
    ["an answer", "expression-not-here", "routes:\n  GET /o: { mock: { a: «$response.body.x» } }"],
    ["on HTTP", "not-on-http-apis", "kind: http\nroutes:\n  GET /o: { «mock»: {} }"],
  ]);

  test("constant JSON with the first 2xx status of the file", async () => {
    const { integration } = await routeOf(
      'routes:\n  GET /o: { mock: { a: [1, "$$x", null] }, responses: { 404: , 201: } }',
    );
    expect(integration).toMatchObject({
      kind: "mock",
      status: 201,
      responses: [
        { status: 404, pattern: "404", templates: [] },
        {
          status: 201,
          pattern: undefined,
          templates: [{ mediaType: "application/json", source: { kind: "constant", text: '{"a":[1,"$x",null]}' } }],
        },
      ],
    });
  });

  test("no body at all", async () => {
    const { integration } = await routeOf("routes:\n  GET /o:\n    mock:\n    responses: { 204: }");
    expect(integration).toMatchObject({ status: 204, responses: [{ status: 204, templates: [] }] });
  });
});

describe("rules of responses", () => {
  const rule = (map: string) =>
    `models: "interface O { id: string; total: number; open?: boolean }"\nroutes:\n  GET /o: { http: https://x.example/, responses: { 200: { body: O, map: ${map} } } }`;
  testMistakes([
    ["a member too many", "rule-member-unknown", rule("{ id: $response.body.a, total: 1, «totals»: 2 }")],
    ["a member that is missing", "rule-member-missing", rule("«{ id: $response.body.a }»")],
    ["a constant of another type", "rule-type-mismatch", rule("{ id: «5», total: $response.body.t }")],
  ]);

  test("what expressions give, and optional members, are not guessed at", async () => {
    expect(
      await diagnose(`gateway: g\n${rule("{ id: $response.body.a, total: $response.body.b, open: true }")}`),
    ).toEqual([]);
  });
});

describe("rules for the status of a response", () => {
  const status = (value: string, more = "") =>
    `routes:\n  GET /o: { http: https://x.example/, responses: { 200: { status: ${value}${more} } } }`;
  testMistakes([
    ["no status", "status-not-possible", status("«99»")],
    ["no number", "status-not-possible", status("«created»")],
    ["what stands for a missing one", "status-not-possible", status('«$response.body.code ?? "x"»')],
    ["a reference that templates cannot read", "expression-not-here", status("«$response.status»")],
    ["HTTP APIs", "not-on-http-apis", `kind: http\n${status("«404»")}`],
    [
      "a status overridden twice",
      "overridden-twice",
      "routes:\n  GET /o: { http: https://x.example/, responses: { 200: { template: '#set($context.responseOverride.status = 201)#set(«$context.responseOverride.status» = 202)x' } } }",
    ],
    [
      "a template that overrides it too",
      "status-set-twice",
      status("$response.body.code", ", template: '#set($context.«responseOverride.status» = 201){}'"),
    ],
    [
      "replies",
      "websocket-status-rule",
      "websocket:\n  routes:\n    $connect: { mock: {} }\n    a: { mock: {}, responses: { 200: { status: «404» } } }",
    ],
  ]);

  test("expressions, texts and constants", async () => {
    for (const value of ["$response.body.code", "$request.querystring.s ?? 204", '"4${request.path.s}"', "418"]) {
      const text = status(value).replace("GET /o", "GET /o/{s}");
      const { integration } = await routeOf(text);
      expect(integration).toMatchObject({
        kind: "http",
        proxy: false,
        responses: [{ status: 200, pattern: "2\\d{2}" }],
      });
    }
  });

  test("a header is read in the spelling that the route declares", async () => {
    const { integration } = await routeOf(
      "routes:\n  GET /o:\n    headers: { X-Tenant?: string }\n    http: https://x.example/\n    request: { headers: { X-T: $request.header.x-tenant } }\n    responses: { 200: { map: { t: $request.header.X-TENANT } } }",
    );
    const reference = { kind: "header", name: "X-Tenant" };
    expect(integration.request.headers).toEqual([{ name: "X-T", value: { kind: "reference", reference } }]);
    expect(JSON.stringify(integration.responses)).toContain('{"kind":"header","name":"X-Tenant"}');
  });
});

describe("AWS services", () => {
  test.each([
    ["arn:aws:apigateway:eu-west-1:sqs:action/SendMessage", "sqs:SendMessage"],
    ["arn:aws:apigateway:eu-west-1:s3:path/bucket/{key}", "s3:bucket/{key}"],
    ["dynamodb:action/PutItem", "dynamodb:PutItem"],
  ])("%s is told as %s", async (target, wanted) => {
    const found = await diagnose(whole(`routes:\n  POST /o: { aws: "${target}" }`));
    expect(found).toMatchObject([{ code: "bad-aws-target", help: `write ${wanted}` }]);
  });

  const aws = (rest: string, key = "POST /o") => `routes:\n  ${key}: { aws: ${rest} }`;
  testMistakes([
    ["no action", "bad-aws-target", aws('«"sqs:Send Message"»')],
    ["an ARN of a table", "bad-aws-target", aws("«arn:aws:dynamodb:eu-west-1:123456789012:table/Orders»")],
    ["on HTTP", "not-on-http-apis", `kind: http\n${aws("«dynamodb:PutItem»")}`],
    ["role", "bad-role-arn", aws("sqs:SendMessage, credentials: «arn:aws:iam::1:user/x»")],
    ["any method", "integration-method-missing", "routes:\n  ANY /o/{key}: { «aws»: 's3:bucket/{key}' }"],
    ["path parameter", "unknown-path-parameter", aws("'s3:bucket/«{kye}»'", "GET /o/{key}")],
    [
      "parameters beside a template",
      "aws-parameters-unused",
      aws("sqs:SendMessage, with: { «QueueUrl»: q }, request: { template: 'Action=SendMessage' }"),
    ],
    [
      "unknown parameter of a first-class action",
      "first-class-parameter",
      "kind: http\nroutes:\n  POST /o: { aws: sqs:PurgeQueue, with: { QueueUrl: q, «MessageBdoy»: x } }",
    ],
    [
      "missing parameter",
      "first-class-parameter-missing",
      "kind: http\nroutes:\n  POST /o: { aws: «sqs:SendMessage», with: { QueueUrl: q } }",
    ],
    [
      "mapping beside a first-class action",
      "first-class-mapping",
      "kind: http\nroutes:\n  POST /o: { aws: sqs:PurgeQueue, with: { QueueUrl: q }, request: { headers: { «X-A»: b } } }",
    ],
    ["no map", "aws-parameters-not-a-map", aws("sqs:SendMessage, request: { map: «$request.body» }")],
    [
      "no map beside parameters",
      "aws-parameters-not-a-map",
      aws("dynamodb:PutItem, with: { TableName: t }, request: { map: «$request.body» }"),
    ],
  ]);

  test("an action of a service whose protocol is not known can be called on AWS, not here", async () => {
    const { text, span } = marked("routes:\n  POST /o: { aws: «qldb»:SendCommand }");
    expect(await diagnose(`gateway: g\n${text}`, ["aws"])).toEqual([]);
    const shifted = { start: span.start + 11, end: span.end + 11 };
    expect(await diagnose(`gateway: g\n${text}`, ["node"])).toMatchObject([
      { code: "aws-action-unknown", span: shifted },
    ]);
  });

  test("of a call by path whose action nothing tells, the action is asked for", async () => {
    const route = (more: string) => `gateway: g\nroutes:\n  POST /o: { aws: "polly:v1/lexicons/a"${more} }`;
    expect(await diagnose(route(""))).toMatchObject([
      { code: "service-permission", severity: "warning", help: expect.stringContaining("permission: service:Action") },
    ]);
    expect(await diagnose(route(", permission: polly:PutLexicon"))).toEqual([]);
    expect(await diagnose(route(", credentials: 'arn:aws:iam::123456789012:role/a'"))).toEqual([]);
    expect(await diagnose(route(""), ["node"])).toEqual([]);
    expect(await diagnose('gateway: g\nroutes:\n  PUT /o: { aws: "s3:bucket/a" }')).toEqual([]);
  });

  test("an action is posted with its parameters", async () => {
    const { integration } = await routeOf(
      'stages: { dev: { variables: { q: "https://q.example/1" } } }\nroutes:\n  POST /o: { aws: sqs:SendMessage, with: { QueueUrl: "${stageVariables.q}", MessageBody: { a: $request.body } } }',
    );
    expect(integration).toMatchObject({
      kind: "aws",
      service: "sqs",
      target: { kind: "action", action: "SendMessage" },
      method: "POST",
      passthrough: "NEVER",
      parameters: [
        { name: "QueueUrl", value: { kind: "text" } },
        { name: "MessageBody", value: { kind: "object" } },
      ],
    });
  });

  test("a path has the route's method and passes the body on", async () => {
    const { integration } = await routeOf("routes:\n  PUT /o/{key}: { aws: 's3:bucket/{key}' }");
    expect(integration).toMatchObject({
      target: { kind: "path", path: { parts: ["bucket/", { kind: "path", name: "key" }] } },
      method: "PUT",
      passthrough: "WHEN_NO_MATCH",
    });
  });
});

describe("caches", () => {
  test("a key that is written with its place", async () => {
    const { text } = marked(
      "gateway: x\nstages: { dev: { cache: true } }\nroutes:\n  GET /o: { lambda: x, query: { page: integer }, cache: { keys: [«query.page»] } }",
    );
    expect(await diagnose(text)).toMatchObject([{ code: "unknown-cache-key", help: 'did you mean "page"?' }]);
  });

  const stage = "stages: { dev: { cache: true } }\n";
  testMistakes([
    ["no stage has one", "cache-without-stage", "routes:\n  GET /o: { lambda: x, cache: «{ ttl: 60 }» }"],
    [
      "callers are not told apart",
      "cache-without-identity",
      `${stage}authorizers: { a: { lambda: check, identity: [$context.identity.sourceIp] } }\nroutes:\n  GET /o: { lambda: x, auth: a, cache: «true» }`,
    ],
    [
      "key",
      "unknown-cache-key",
      `${stage}routes:\n  GET /o: { lambda: x, query: { a: string }, cache: { keys: [«b»] } }`,
    ],
    ["ttl", "out-of-range", `${stage}routes:\n  GET /o: { lambda: x, cache: { ttl: «3601» } }`],
    [
      "a body beside the key",
      "cache-ignores-body",
      `${stage}routes:\n  POST /o: { lambda: x, body: "{ a: string }", cache: «true» }`,
    ],
    ["a body", "expression-not-here", `${stage}routes:\n  GET /o: { lambda: x, cache: { keys: [«$request.body.a»] } }`],
  ]);

  test("all declared parameters are keys where nothing is said", async () => {
    const { cache } = await routeOf(
      `${stage}routes:\n  GET /o/{id}: { lambda: x, query: { a?: string }, headers: { X-B?: string }, cache: true }`,
    );
    expect(cache).toEqual({
      ttlSeconds: undefined,
      keys: [
        { in: "path", name: "id" },
        { in: "query", name: "a" },
        { in: "header", name: "X-B" },
      ],
      shared: false,
    });
  });

  test("GET is cached where a stage has a cache, unless the file says otherwise; other methods only where it does", async () => {
    const cacheOf = async (text: string) => (await routeOf(text)).cache;
    const implicit = { ttlSeconds: undefined, keys: [{ in: "path", name: "id" }], shared: false };
    expect(await cacheOf(`${stage}routes:\n  GET /o/{id}: { lambda: x }`)).toEqual(implicit);
    expect(await cacheOf(`${stage}routes:\n  GET /o/{id}: { lambda: x, cache: false }`)).toBeUndefined();
    expect(await cacheOf(`${stage}routes:\n  POST /o/{id}: { lambda: x }`)).toBeUndefined();
    expect(await cacheOf(`${stage}routes:\n  ANY /o/{id}: { lambda: x }`)).toBeUndefined();
    expect(await cacheOf("routes:\n  GET /o/{id}: { lambda: x }")).toBeUndefined();
    const apart = "authorizers: { a: { lambda: check, identity: [$context.identity.sourceIp] } }\n";
    expect(await cacheOf(`${stage}${apart}routes:\n  GET /o/{id}: { lambda: x, auth: a }`)).toBeUndefined();
  });

  test("path parameters are always keys", async () => {
    const { cache } = await routeOf(
      `${stage}routes:\n  GET /o/{id}: { lambda: x, query: { a?: string, b?: string }, cache: { keys: [a] } }`,
    );
    expect(cache?.keys).toEqual([
      { in: "path", name: "id" },
      { in: "query", name: "a" },
    ]);
  });

  test("keys by expression or name", async () => {
    const { cache } = await routeOf(
      `${stage}routes:\n  GET /o: { lambda: x, query: { a?: string, b?: string }, headers: { X-B?: string }, cache: { keys: [$request.querystring.b, x-b], shared: true } }`,
    );
    expect(cache).toMatchObject({
      keys: [
        { in: "query", name: "b" },
        { in: "header", name: "X-B" },
      ],
      shared: true,
    });
  });
});

test("all mistakes of a file come out in one run, in its order", async () => {
  const found = await diagnose(
    "gateway: a\nauth: nobody\nroutes:\n  GTE /x: { lambda: x }\n  GET /y/{a}: { http: nowhere, params: { b: string } }\nstages: { a b: {} }\n",
  );
  expect(found.map(({ code }) => code)).toEqual([
    "unknown-authorizer",
    "unknown-method",
    "bad-uri",
    "unknown-path-parameter",
    "bad-stage-name",
  ]);
});
