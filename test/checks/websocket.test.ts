import { describe, expect, test } from "vitest";
import type { Target } from "../../src/checks/index.js";
import { checkGateway } from "../../src/checks/index.js";
import type { Code } from "../../src/diagnostics/catalogue.js";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import type { WebSocketApi } from "../../src/model/websocket.js";
import { SourceFile } from "../../src/source.js";
import { parseGateway } from "../../src/syntax/parse-gateway.js";
import { marked, whole } from "../support/diagnose.js";

const authorizers = `authorizers:
  partners: { lambda: authorize, type: request, identity: [$request.querystring.token] }
  old: { lambda: authorizeOld, type: token }
`;
const ws = (inner: string) => `${authorizers}websocket:\n  ${inner.replaceAll("\n", "\n  ")}\n`;

/** What is wrong, and what is likely to be. */
async function check(text: string, target: Target) {
  const list = new DiagnosticList();
  const source = new SourceFile("gateway.yaml", text);
  const syntax = parseGateway(source, list.report);
  const model = syntax && (await checkGateway(syntax, list.report, { source, targets: new Set([target]) }));
  return { model, diagnostics: list.sorted().filter(({ severity }) => severity !== "info") };
}

const diagnose = async (text: string, target: Target) => (await check(text, target)).diagnostics;

async function socketsOf(snippet: string): Promise<WebSocketApi> {
  const { model, diagnostics } = await check(whole(snippet), "node");
  if (model?.websocket === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return model.websocket;
}

/** One test a snippet: that diagnostic and no other, at the marked place. */
function mistakes(cases: readonly (readonly [string, Code, string])[]): void {
  for (const [title, code, snippet] of cases) {
    test(`${code}: ${title}`, async () => {
      const { text, span } = marked(whole(ws(snippet)));
      const found = (await diagnose(text, "node")).map((d) => ({
        code: d.code,
        text: text.slice(d.span.start, d.span.end),
      }));
      expect(found).toEqual([{ code, text: text.slice(span.start, span.end) }]);
    });
  }
}

describe("messages of several kinds", () => {
  const route = (members: string) => `routes: { draw: { lambda: draw, ${members} } }`;
  const bodies = "bodies: { circle: \"{ action: 'draw'; r: number }\", $default: \"{ action: 'draw' }\" }";

  test("are types by what an expression yields; everybody else sees their union", async () => {
    const [draw] = (await socketsOf(ws(route(`${bodies}, bodySelection: $request.body.kind`)))).routes;
    expect(draw?.bodies).toMatchObject({
      selection: { text: "$request.body.kind" },
      types: [{ key: "circle" }, { key: "$default" }],
    });
    expect(draw?.body).toMatchObject({ kind: "union", members: draw?.bodies?.types.map(({ type }) => type) });
  });

  mistakes([
    ["no expression", "websocket-bodies", route(bodies.replace("circle", "«circle»"))],
    ["no types", "websocket-bodies", route("bodySelection: «$request.body.kind»")],
    [
      "a type for all beside them",
      "websocket-bodies",
      route(`body: "{ action: 'draw' }", ${bodies.replace("circle", "«circle»")}, bodySelection: $request.body.kind`),
    ],
    ["broken expression", "selection-syntax", route(`${bodies}, bodySelection: $«request.header.x»`)],
    [
      "another key in one of them",
      "websocket-type-without-key",
      route("bodies: { a: «\"{ action: 'paint' }\"» }, bodySelection: $request.body.kind"),
    ],
    ["of $connect", "websocket-no-message", "routes: { $connect: { lambda: c, bodies: { «a»: string } } }"],
  ]);
});

test("the help for an expression offers what a message has, and $connect no path", async () => {
  const helpOf = async (key: string, integration: string) =>
    (await diagnose(whole(ws(`routes: { ${key}: { ${integration} } }`)), "node")).map(({ help }) => help);
  const body = 'mock: { a: "$request.body.x" }';
  expect(await helpOf("join", body)).toEqual(["it can read $context.x, ${stageVariables.x}"]);
  expect(await helpOf("$connect", body)).toEqual([
    "it can read $request.querystring.x, $request.header.x, $context.x, ${stageVariables.x}",
  ]);
  const request = 'http: "https://example.com", request: { map: { a: "$response.body.x" } }';
  expect(await helpOf("join", request)).toEqual(["it can read $request.body.x, $context.x, ${stageVariables.x}"]);
});

describe("variables of $context are those of WebSocket APIs", () => {
  const route = (members: string) => `routes: { join: { http: "https://x.example", reply: string, ${members} } }`;
  const elsewhere = "context-variable-elsewhere";
  const ofRest = "context-variable-of-rest";
  mistakes([
    ["of a request, in a rule", ofRest, route("request: { map: { a: $context.«httpMethod» } }")],
    ["of a request, in a template", ofRest, route("request: { template: 'x $context.«requestOverride».header.x' }")],
    ["of a log", elsewhere, route("request: { headers: { x: $context.«integrationLatency» } }")],
    ["of nothing", "unknown-context-variable", route("request: { map: { a: $context.«conectionId» } }")],
    ["of a request, at $connect", ofRest, 'routes: { $connect: { mock: { a: "$context.«resourcePath»" } } }'],
    [
      "of a request, for a service",
      ofRest,
      'routes: { join: { aws: "sqs:SendMessage", with: { QueueUrl: q, MessageBody: $context.«accountId» } } }',
    ],
  ]);

  test("the status of the answer and what AWS lists of an error", async () => {
    const made =
      "$context.status $context.error.messageString $context.error.validationErrorString $context.connectedAt";
    const snippet = ws(route(`request: { template: '${made}' }, responses: { 200: { map: { a: $context.status } } }`));
    expect(await diagnose(whole(snippet), "node")).toEqual([]);
  });

  test("a REST route has nothing of a connection", async () => {
    const { text, span } = marked("gateway: a\nroutes: { GET /a: { mock: { a: $context.«connectionId» } } }\n");
    expect(await diagnose(text, "node")).toMatchObject([{ code: elsewhere, span }]);
  });
});

describe("selection expressions", () => {
  mistakes([
    ["no body", "selection-syntax", "select: $«request.header.x»\nroutes: { join: { lambda: join } }"],
    ["unknown root", "selection-syntax", "select: $«message».action\nroutes: { join: { lambda: join } }"],
    [
      "two without braces",
      "selection-syntax",
      'select: "$request.body.a«/$request.body.b»"\nroutes: { join: { lambda: join } }',
    ],
    ["no member", "selection-syntax", "select: $«request.body»\nroutes: { join: { lambda: join } }"],
    ["brace left open", "selection-syntax", 'select: "«${request.body.a»"\nroutes: { join: { lambda: join } }'],
    ["bare dollar", "selection-syntax", 'select: "a«$»"\nroutes: { join: { lambda: join } }'],
    ["all items", "selection-syntax", "select: $«request.body.a[*]»\nroutes: { join: { lambda: join } }"],
  ]);

  test("AWS's forms", async () => {
    const parts = async (select: string) =>
      (await socketsOf(ws(`select: '${select}'\nroutes: { join: { lambda: join } }`))).selection.parts;
    const member = (name: string) => ({ path: [{ kind: "member", name }] });
    expect(await parts("$request.body.action")).toEqual([member("action")]);
    expect(await parts("${request.body.service}/${request.body.action}")).toEqual([
      member("service"),
      "/",
      member("action"),
    ]);
    expect(await parts("action")).toEqual(["action"]);
    expect(await parts("\\$default")).toEqual(["$default"]);
  });
});

describe("template selection of answers", () => {
  const route = (expression: string, more = "templates: { a: x }") =>
    `routes:\n  join: { http: 'https://x.example', reply: string, responses: { 200: { templateSelection: ${expression}, ${more} } } }`;
  mistakes([
    ["a header of a message", "selection-syntax", route("$«request.header.kind»")],
    ["a whole message", "selection-syntax", route("$«request.body»")],
    ["another place", "selection-syntax", route('"${«integration.response.status}»"')],
    ["the whole body", "selection-syntax", route('"${«integration.response.body»}"')],
    ["all items", "selection-syntax", route('"${«integration.response.body.a[*]»}"')],
    ["a header without a name", "selection-syntax", route('"${«integration.response.multivalueheader»}"')],
    [
      "of $connect",
      "websocket-no-message",
      "routes:\n  $connect: { http: 'https://x.example', responses: { 200: { templateSelection: «a», templates: { a: x } } } }",
    ],
    [
      "two of one name",
      "template-twice",
      route("a", "templates: { $default: x }, map: { b: 1 }").replace("$default", "«$default»"),
    ],
  ]);

  test("AWS's forms", async () => {
    const parts = async (expression: string) => {
      const [join] = (await socketsOf(ws(route(`'${expression}'`)))).routes;
      return join?.integration.responses[0]?.templateSelection?.parts;
    };
    expect(await parts("$integration.response.statuscode")).toEqual([{ kind: "status" }]);
    expect(await parts("a-${integration.response.header.X-Kind}")).toEqual([
      "a-",
      { kind: "header", name: "x-kind", isWhole: false },
    ]);
    expect(await parts("${integration.response.multivalueheader.Via}")).toEqual([
      { kind: "header", name: "via", isWhole: true },
    ]);
    expect(await parts("${integration.response.body.a[0].b}")).toMatchObject([{ kind: "body" }]);
    expect(await parts("${request.body.kind}")).toEqual([
      { kind: "message", path: [{ kind: "member", name: "kind" }] },
    ]);
    expect(await parts("\\$default")).toEqual(["$default"]);
  });
});

describe("the domain", () => {
  const route = "routes: { join: { lambda: join } }";
  mistakes([
    ["no name", "bad-domain", `domain: «live»\n${route}`],
    ["a map without a name", "missing-key", `«domain»: { paths: { v1: dev } }\n${route}`],
    [
      "mutual TLS",
      "unknown-key",
      `domain: { name: live.example.com, tls: { certificate: a, key: b, «clientCa»: c } }\n${route}`,
    ],
    [
      "a certificate elsewhere",
      "bad-certificate-arn",
      `domain: { name: live.example.com, aws: { certificateArn: «"arn:aws:s3:::x"» } }\n${route}`,
    ],
    ["a stage that is none", "unknown-stage", `domain: { name: live.example.com, paths: { v1: «prod» } }\n${route}`],
  ]);

  test("it is no domain of the other API, and where endpoints are closed it is the only way", async () => {
    const shared = whole(
      `${ws(`domain: Live.example.com\n${route}`)}\ndomains: { live.example.com: { paths: { "": dev } } }\nstages: { dev: }`,
    );
    expect((await diagnose(shared, "aws")).filter(({ severity }) => severity === "error")).toMatchObject([
      { code: "websocket-domain-shared", notes: [{ message: "the other API has it here" }] },
    ]);
    const closed = whole(`${ws(route)}\ndisableExecuteApiEndpoint: true`);
    expect((await diagnose(closed, "aws")).map(({ code }) => code)).toContain("websocket-without-endpoint");
  });

  test("by default the first stage is at the root, others are below their names", async () => {
    const text = `${ws(`domain: Live.example.com\n${route}`)}\nstages: { prod: , next: }`;
    expect((await socketsOf(text)).domain).toEqual({
      name: "live.example.com",
      tls: undefined,
      securityPolicy: "TLS_1_2",
      aws: { certificateArn: undefined, truststoreUri: undefined },
      cdn: false,
      paths: [
        { basePath: "", stage: "prod" },
        { basePath: "next", stage: "next" },
      ],
    });
  });
});

describe("WebSocket routes", () => {
  test("a route called connect whose messages are declared is one of its own", async () => {
    const snippet = `routes: { connect: { body: "{ action: 'connect' }", lambda: join } }`;
    expect(await diagnose(whole(ws(snippet)), "node")).toEqual([]);
  });

  mistakes([
    ["own key without its dollar", "websocket-key-without-dollar", "routes: { «connect»: { lambda: join } }"],
    ["own key with a dollar", "websocket-route-key", "routes: { «$conect»: { lambda: join } }"],
    ["a message at $connect", "websocket-no-message", "routes: { $connect: { lambda: a, body: «'{ a: string }'» } }"],
    ["a reply at $disconnect", "websocket-no-message", "routes: { $disconnect: { lambda: a, reply: «string» } }"],
    [
      "type with another key",
      "websocket-type-without-key",
      "routes:\n  join: { lambda: join, body: «\"{ action: 'quit'; room: string }\"» }",
    ],
    [
      "type without the member",
      "websocket-type-without-key",
      "routes: { join: { lambda: join, body: «'{ room: string }'» } }",
    ],
    [
      "header of a message",
      "websocket-request-parameter",
      "routes:\n  join: { mock: { to: «$request.header.X» }, reply: '{ to: string }' }",
    ],
    [
      "header of a reply",
      "websocket-reply-header",
      "routes:\n  join: { http: 'https://x.example', reply: string, responses: { 200: { map: { a: 1 }, headers: { «X-A»: b } } } }",
    ],
    [
      "type of a response",
      "websocket-reply-words",
      "routes:\n  join: { http: 'https://x.example', reply: string, responses: { 200: { map: { a: 1 }, body: «string» } } }",
    ],
    [
      "words about a response",
      "websocket-reply-words",
      "routes:\n  join: { http: 'https://x.example', reply: string, responses: { 200: { map: { a: 1 }, description: «Said.» } } }",
    ],
    ["TOKEN authorizer", "websocket-auth", "auth: «old»\nroutes: { $connect: { lambda: join } }"],
    ["authorizer without $connect", "websocket-without-connect", "auth: «iam»\nroutes: { join: { lambda: join } }"],
    [
      "one name twice",
      "duplicate-operation",
      "routes:\n  join: { lambda: a }\n  «other»: { lambda: b, operation: a }"
        .replace("«other»", "other")
        .replace("operation: a", "operation: «a»"),
    ],
    ["no identifier", "bad-operation", "routes: { join: { lambda: join, operation: «a-b» } }"],
    ["name of an event", "bad-event-name", "routes: { join: { lambda: join } }\nevents: { «Order-Moved»: string }"],
  ]);

  test.each([
    ["a ttl that only handshakes would have", "", ["websocket-authorizer-ttl"]],
    ["one that a route has", "  GET /me: { lambda: me, auth: kept }\n", []],
  ])("%s", async (_, route, codes) => {
    const text = `gateway: t\nauthorizers:\n  kept: { lambda: a, type: request, identity: [$request.querystring.t], ttl: «5m» }\nroutes:\n  GET /health: { mock: }\n${route}websocket: { auth: kept, routes: { $connect: { mock: } } }\n`;
    const { text: plain, span } = marked(text);
    const found = await diagnose(plain, "node");
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const diagnostic of found) expect(diagnostic.span).toEqual(span);
  });

  test("simple responses are those of HTTP APIs", async () => {
    const { text, span } = marked(
      "gateway: t\nkind: http\nauthorizers:\n  simple: { lambda: a, type: request, identity: [$request.header.X], simpleResponses: true }\nroutes: { GET /me: { lambda: me, auth: simple } }\nwebsocket: { auth: «simple», routes: { $connect: { mock: } } }\n",
    );
    expect(await diagnose(text, "node")).toMatchObject([{ code: "websocket-auth", span }]);
  });

  test("limits that AWS does not have are told when the file is for AWS", async () => {
    const text = whole(ws("compression: true\nlimits: { idle: 30m }\nroutes: { join: { lambda: join } }"));
    const codes = async (target: "aws" | "node") => (await diagnose(text, target)).map(({ code }) => code);
    expect((await codes("aws")).filter((code) => code === "websocket-beyond-aws")).toHaveLength(2);
    expect(await codes("node")).toEqual([]);
    const chosen = (by: string) =>
      whole(
        ws(
          `routes:\n  join: { http: 'https://x.example', reply: string, responses: { 200: { templateSelection: ${by}, template: x } } }`,
        ),
      );
    const beyond = async (by: string) =>
      (await diagnose(chosen(by), "aws")).filter(({ code }) => code === "websocket-beyond-aws");
    expect(await beyond("$integration.response.body.kind")).toHaveLength(1);
    expect(await beyond("$request.body.kind")).toEqual([]);
  });

  test("routes have names, defaults and limits", async () => {
    const websocket = await socketsOf(
      ws(
        "auth: partners\nroutes:\n  $connect: { lambda: open }\n  a/b c: { lambda: same }\n  d: { lambda: same, reply: string }",
      ),
    );
    expect(websocket.routes.map(({ key, operation }) => [key, operation])).toEqual([
      ["$connect", "open"],
      ["a/b c", "aBC"],
      ["d", "d"],
    ]);
    expect(websocket.authorization).toEqual({ kind: "authorizer", name: "partners", scopes: [] });
    expect(websocket.limits).toEqual({
      idleMs: 600_000,
      lifeMs: 7_200_000,
      messageBytes: 131_072,
      frameBytes: 32_768,
    });
  });
});
