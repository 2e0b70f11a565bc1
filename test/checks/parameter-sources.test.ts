import { describe, expect, test } from "vitest";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importTexts } from "../import/support.js";
import { diagnose, modelOf, testMistakes, whole } from "../support/diagnose.js";
import { yamlGateway } from "../support/yaml-gateway.js";

const route = (request: string, kind = "rest") =>
  `kind: ${kind}\nroutes:\n  GET /a/{id}: { http: 'https://x.example/{id}', request: ${request} }`;

describe("all values of a parameter, on REST APIs", () => {
  const text = route(
    "{ headers: { X-All: $request.multivalueheader.X-Many }, query: { q: $request.multivaluequerystring.q } }",
  );

  test("come by API Gateway's own expressions, from parameters that the method has", async () => {
    const document = planAwsDocument(await modelOf(text));
    const operation = (document["paths"] as Record<string, Record<string, Record<string, unknown>>>)["/a/{id}"]?.[
      "get"
    ];
    expect(operation).toMatchObject({
      parameters: [{ name: "id" }, { name: "q", in: "query" }, { name: "X-Many", in: "header" }],
      "x-amazon-apigateway-integration": {
        requestParameters: {
          "integration.request.header.X-All": "method.request.multivalueheader.X-Many",
          "integration.request.querystring.q": "method.request.multivaluequerystring.q",
        },
      },
    });
    const { text: again = "" } = await importTexts({ "openapi.json": JSON.stringify(document) });
    expect(again).toContain("$request.multivalueheader.X-Many");
    expect(again).not.toContain("aws-options");
    expect(planAwsDocument(await modelOf(again))).toEqual(document);
  });

  testMistakes([
    ["in a text", "expression-not-here", route("{ headers: { X-All: «'a ${request.multivalueheader.X}'» } }")],
    [
      "with a default",
      "expression-not-here",
      route("{ headers: { X-All: «'$request.multivalueheader.X ?? \"a\"'» } }"),
    ],
    ["in a rule", "expression-not-here", route("{ map: { a: «$request.multivalueheader.X» } }")],
    ["of an HTTP API", "expression-not-here", route("{ headers: { x-all: «$request.multivalueheader.x» } }", "http")],
    ["the whole path", "expression-not-here", route("{ headers: { X-Path: «$request.path» } }")],
  ]);
});

test("the whole path of an HTTP API", async () => {
  expect(await diagnose(whole(route("{ headers: { x-path: $request.path } }", "http")))).toEqual([]);
  const document = planAwsDocument(
    await modelOf(route("{ headers: { x-path: $request.path }, path: '/v2${request.path}' }", "http")),
  );
  expect(JSON.stringify(document)).toContain(
    '"overwrite:header.x-path":"$request.path","overwrite:path":"/v2${request.path}"',
  );
  const { text = "" } = await importTexts({ "openapi.json": JSON.stringify(document) }, { kind: "http" });
  expect(planAwsDocument(await modelOf(text))).toEqual(document);
});

test("a call carries all values", async () => {
  const { createServer } = await import("node:http");
  const seen: string[] = [];
  const backend = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers["x-all"]}`);
    response.end("{}");
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const { port } = backend.address() as { readonly port: number };
  const gateway = await yamlGateway(
    `gateway: a\nroutes:\n  GET /a: { http: 'http://127.0.0.1:${port}/b', request: { map: { a: 1 }, method: POST, headers: { X-All: $request.multivalueheader.X-Many }, query: { q: $request.multivaluequerystring.q } } }\n`,
  );
  try {
    await gateway.inject({
      path: "/dev/a?q=1&q=2",
      headers: ["X-Many", "a", "X-Many", "b", "Content-Type", "application/json"],
    });
    expect(seen).toEqual(["/b?q=1&q=2 a,b"]);
  } finally {
    await gateway.close();
    backend.close();
  }
});

describe("all values of a backend's header, on REST APIs", () => {
  const answered = (headers: string, kind = "rest") =>
    `kind: ${kind}\nroutes:\n  GET /a: { http: 'https://x.example/', responses: { 200: { from: ${kind === "rest" ? "default" : "'200'"}, headers: ${headers} } } }`;
  const text = answered("{ X-All: $response.multivalueheader.X-Many, X-Last: $response.header.X-Many }");

  test("come by API Gateway's own expression", async () => {
    const document = planAwsDocument(await modelOf(text));
    expect(JSON.stringify(document)).toContain(
      '"method.response.header.X-All":"integration.response.multivalueheader.X-Many","method.response.header.X-Last":"integration.response.header.X-Many"',
    );
    const { text: again = "" } = await importTexts({ "openapi.json": JSON.stringify(document) });
    expect(again).toContain("$response.multivalueheader.X-Many");
    expect(planAwsDocument(await modelOf(again))).toEqual(document);
  });

  testMistakes([
    ["in a text", "expression-not-here", answered("{ X-All: «'a ${response.multivalueheader.X}'» }")],
    ["with a default", "expression-not-here", answered("{ X-All: «'$response.multivalueheader.X ?? \"a\"'» }")],
    ["of an HTTP API", "expression-not-here", answered("{ x-all: { value: «$response.multivalueheader.x» } }", "http")],
  ]);

  test("the client gets them joined", async () => {
    const { createServer } = await import("node:http");
    const backend = createServer((_, response) => void response.writeHead(200, { "X-Many": ["a", "b"] }).end("{}"));
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    const { port } = backend.address() as { readonly port: number };
    const gateway = await yamlGateway(`gateway: a\n${text.replace("https://x.example/", `http://127.0.0.1:${port}/`)}`);
    try {
      const { headers } = await gateway.ask("GET /dev/a");
      expect([headers["x-all"], headers["x-last"]]).toEqual(["a,b", "b"]);
    } finally {
      await gateway.close();
      gateway.remove();
      backend.close();
    }
  });
});
