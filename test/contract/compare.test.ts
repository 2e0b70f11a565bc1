import { describe, expect, test } from "vitest";
import { compareContracts } from "../../src/contract/compare-contracts.js";
import { contractOf } from "../../src/model/contract.js";
import { modelOf } from "../support/diagnose.js";

/** `kind code where, path` of each change from one file to another. */
async function changes(older: string, newer: string): Promise<readonly string[]> {
  const [before, now] = [contractOf(await modelOf(older)), contractOf(await modelOf(newer))];
  return compareContracts(before, now).map(
    ({ kind, code, where, path }) => `${kind} ${code} ${where}${path && `, ${path}`}`,
  );
}

const api = (route: string, models = "") => `${models && `models: |\n  ${models}\n`}routes:\n  ${route}\n`;
const body = (type: string) => api(`POST /a: { lambda: f, body: "${type}" }`);
const answer = (type: string) => api(`GET /a: { lambda: f, responses: { 200: "${type}" } }`);

describe("what breaks clients, and what does not", () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      "an error of other statuses that lost a member",
      api("GET /a: { lambda: f, otherwise: '{ a: string; b: string }' }"),
      api("GET /a: { lambda: f, otherwise: '{ a: string }' }"),
      ["breaking property-removed GET /a, otherwise body.b"],
    ],
    [
      "an error of other statuses, now told",
      api("GET /a: { lambda: f }"),
      api("GET /a: { lambda: f, otherwise: '{ a: string }' }"),
      ["compatible response-body-added GET /a, otherwise"],
    ],
    [
      "content types of an answer",
      api(
        "GET /a: { lambda: f, responses: { 200: { body: string, alternatives: { text/a: string, text/b: string } } } }",
      ),
      api(
        "GET /a: { lambda: f, responses: { 200: { body: string, alternatives: { text/b: number, text/c: string } } } }",
      ),
      [
        "breaking media-type-removed GET /a, 200",
        "breaking type-changed GET /a, 200 body (text/b)",
        "compatible media-type-added GET /a, 200",
      ],
    ],
    ["nothing", body("{ a: string }"), body("{ a: string }"), []],
    [
      "a new route",
      api("GET /a: { lambda: f }"),
      api("GET /a: { lambda: f }\n  GET /b: { lambda: g }"),
      ["compatible route-added GET /b"],
    ],
    [
      "a lost route",
      api("GET /a: { lambda: f }\n  GET /b: { lambda: g }"),
      api("GET /a: { lambda: f }"),
      ["breaking route-removed GET /b"],
    ],
    [
      "ANY in place of GET",
      api("GET /a: { lambda: f, operation: x }"),
      api("ANY /a: { lambda: f, operation: x }"),
      ["compatible route-added ANY /a"],
    ],
    [
      "another name",
      api("GET /a: { lambda: f, operation: x }"),
      api("GET /a: { lambda: f, operation: y }"),
      ["breaking operation-renamed GET /a"],
    ],
    [
      "a renamed path parameter",
      api("GET /a/{id}: { lambda: f }"),
      api("GET /a/{key}: { lambda: f }"),
      ["breaking parameter-renamed GET /a/{key}, path id"],
    ],
    [
      "a required parameter",
      api("GET /a: { lambda: f }"),
      api("GET /a: { lambda: f, query: { q: string } }"),
      ["breaking parameter-added GET /a, query q"],
    ],
    [
      "an optional parameter",
      api("GET /a: { lambda: f }"),
      api("GET /a: { lambda: f, query: { q?: string } }"),
      ["compatible parameter-added GET /a, query q"],
    ],
    [
      "a parameter that is gone",
      api("GET /a: { lambda: f, query: { q?: string } }"),
      api("GET /a: { lambda: f }"),
      ["breaking parameter-removed GET /a, query q"],
    ],
    [
      "a parameter that became required",
      api("GET /a: { lambda: f, headers: { X?: string } }"),
      api("GET /a: { lambda: f, headers: { x: string } }"),
      ["breaking parameter-required GET /a, header X"],
    ],
    [
      "a request may leave out more",
      body("{ a: string }"),
      body("{ a?: string }"),
      ["compatible property-optional POST /a, body.a"],
    ],
    [
      "a request must give more",
      body("{ a?: string }"),
      body("{ a: string; b: string }"),
      ["breaking property-required POST /a, body.a", "breaking property-added POST /a, body.b"],
    ],
    [
      "a request may be less",
      body("{ a: string }"),
      body("{ b?: string }"),
      ["breaking property-removed POST /a, body.a", "compatible property-added POST /a, body.b"],
    ],
    [
      "a request takes another type",
      body("{ a: string }"),
      body("{ a: number }"),
      ["breaking type-changed POST /a, body.a"],
    ],
    [
      "a request takes more types",
      body("{ a: string }"),
      body("{ a: string | number }"),
      ["compatible type-widened POST /a, body.a"],
    ],
    [
      "a request takes more words",
      body("{ a: 'x' }"),
      body("{ a: 'x' | 'y' }"),
      ["compatible value-added POST /a, body.a"],
    ],
    [
      "a request takes fewer words",
      body("{ a: 'x' | 'y' }"),
      body("{ a: 'x' }"),
      ["breaking value-removed POST /a, body.a"],
    ],
    [
      "an answer has more",
      answer("{ a: string }"),
      answer("{ a: string; b: string }"),
      ["compatible property-added GET /a, 200 body.b"],
    ],
    [
      "an answer has less",
      answer("{ a: string; b: string[] }"),
      answer("{ a?: string; b: number[] }"),
      ["breaking property-optional GET /a, 200 body.a", "breaking type-changed GET /a, 200 body.b[]"],
    ],
    ["an answer is a new word", answer("'x'"), answer("'x' | 'y'"), ["breaking value-added GET /a, 200 body"]],
    [
      "an answer may be null",
      answer("{ a: string }"),
      answer("{ a: string | null }"),
      ["breaking type-changed GET /a, 200 body.a"],
    ],
    [
      "inside of null",
      answer("{ a: { b: string } | null }"),
      answer("{ a: { b: number } | null }"),
      ["breaking type-changed GET /a, 200 body.a.b"],
    ],
    [
      "a lost success",
      api("GET /a: { lambda: f, responses: { 200: string, 202: } }"),
      api("GET /a: { lambda: f, responses: { 200: string } }"),
      ["breaking response-removed GET /a, 202"],
    ],
    [
      "a new error",
      api("GET /a: { lambda: f, responses: { 200: string } }"),
      api("GET /a: { lambda: f, responses: { 200: string, 404: } }"),
      ["compatible response-added GET /a, 404"],
    ],
    [
      "an API key",
      api("GET /a: { lambda: f }"),
      `plans: { all: { throttle: { rate: 1, burst: 1 } } }\nkeys: { one: { plan: all } }\n${api("GET /a: { lambda: f, apiKey: true }")}`,
      ["breaking api-key-changed GET /a", "compatible plan-added plan all", "compatible key-added API key one"],
    ],
    ["IAM", api("GET /a: { lambda: f }"), api("GET /a: { lambda: f, auth: iam }"), ["breaking auth-changed GET /a"]],
    [
      "open again",
      api("GET /a: { lambda: f, auth: iam }"),
      api("GET /a: { lambda: f }"),
      ["compatible auth-changed GET /a"],
    ],
    [
      "a lost stage",
      `${api("GET /a: { lambda: f }")}stages: { dev: {}, prod: {} }`,
      `${api("GET /a: { lambda: f }")}stages: { dev: {} }`,
      ["breaking stage-removed api, stage prod"],
    ],
  ])("%s", async (_, older, newer, expected) => {
    expect(await changes(older, newer)).toEqual(expected);
  });

  test("what a model brings about is told once, by its name", async () => {
    const routes =
      "GET /a: { lambda: f, responses: { 200: Order } }\n  GET /b: { lambda: f, responses: { 200: 'Order[]' } }";
    const order = (total: string) => api(routes, `interface Order { id: string; ${total}; parent?: Order }`);
    expect(await changes(order("total: number"), order("total: string"))).toEqual([
      "breaking type-changed model Order, total",
    ]);
  });

  test("constraints are looser for requests, tighter for answers", async () => {
    const models = (least: number) => `interface A { /** @minimum ${least} */ n: number }`;
    const request = (least: number) => api("POST /a: { lambda: f, body: A }", models(least));
    expect(await changes(request(1), request(2))).toEqual(["breaking constraint-changed model A, n"]);
    expect(await changes(request(2), request(1))).toEqual(["compatible constraint-changed model A, n"]);
    const response = (least: number) => api("GET /a: { lambda: f, responses: { 200: A } }", models(least));
    expect(await changes(response(1), response(2))).toEqual(["compatible constraint-changed model A, n"]);
  });

  test("messages of WebSocket APIs", async () => {
    const live = (join: string, events: string) =>
      `websocket:\n  select: $request.body.action\n  routes:\n    join: { lambda: f, body: "${join}" }\n  events: { ${events} }\n`;
    const found = await changes(
      live("{ action: 'join'; room: string }", 'Moved: "{ id: string }"'),
      live("{ action: 'join'; room: string; seat: number }", 'Gone: "{ id: string }"'),
    );
    expect(found).toEqual([
      "breaking property-added WebSocket join, seat",
      "breaking event-removed WebSocket event Moved",
      "compatible event-added WebSocket event Gone",
    ]);
  });

  describe("an authorizer under another name", () => {
    const guarded = (name: string, settings: string, route = name) =>
      `authorizers: { ${name}: { ${settings} } }\n${api(`GET /a: { lambda: f, auth: ${route} }`)}functions: { check: {}, other: {} }\n`;
    test.each<[string, string, string, readonly string[]]>([
      [
        "the same function decides",
        guarded("users", "lambda: check"),
        guarded("callers", "lambda: check"),
        ["compatible authorizer-renamed authorizer callers"],
      ],
      [
        "with settings that callers do not see",
        guarded("users", "lambda: check, ttl: 10"),
        guarded("callers", "lambda: check, ttl: 0"),
        ["compatible authorizer-renamed authorizer callers"],
      ],
      [
        "another function",
        guarded("users", "lambda: check"),
        guarded("callers", "lambda: other"),
        ["breaking auth-changed GET /a"],
      ],
      [
        "it takes other tokens",
        guarded("users", "lambda: check"),
        guarded("callers", "lambda: check, validation: '^x'"),
        ["breaking auth-changed GET /a"],
      ],
      [
        "it looks for them elsewhere",
        guarded("users", "lambda: check"),
        guarded("callers", "lambda: check, identity: $request.header.X-Token"),
        ["breaking credentials-changed GET /a", "compatible authorizer-renamed authorizer callers"],
      ],
      [
        "a user pool",
        guarded("users", "cognito: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc'"),
        guarded("callers", "cognito: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc'"),
        ["compatible authorizer-renamed authorizer callers"],
      ],
    ])("%s", async (_, older, newer, expected) => {
      expect(await changes(older, newer)).toEqual(expected);
    });

    test("of a WebSocket API", async () => {
      const live = (name: string) =>
        `authorizers: { ${name}: { lambda: check, type: request, identity: $request.header.X-Token } }\nwebsocket:\n  auth: ${name}\n  select: $request.body.action\n  routes:\n    $connect: { lambda: f }\n    join: { lambda: f }\n`;
      expect(await changes(live("users"), live("callers"))).toEqual([
        "compatible authorizer-renamed authorizer callers",
      ]);
    });

    test("a contract that does not say which function decides", async () => {
      const [older, newer] = [
        contractOf(await modelOf(guarded("users", "lambda: check"))),
        guarded("callers", "lambda: check"),
      ];
      const guards = older.guards && {
        ...older.guards,
        authorizers: older.guards.authorizers.map(({ function: _, ...rest }) => rest),
      };
      const found = compareContracts({ ...older, guards }, contractOf(await modelOf(newer)));
      expect(found.map(({ kind, code }) => `${kind} ${code}`)).toEqual(["breaking auth-changed"]);
    });
  });

  describe("members of unions without names", () => {
    test.each<[string, string, string, readonly string[]]>([
      [
        "one gets a member that no other has",
        "{ kind: 'a' } | { kind: 'b'; c?: string }",
        "{ kind: 'a'; n?: string } | { kind: 'b'; c?: string }",
        [],
      ],
      [
        "one gets what another has, and they are told apart",
        "{ kind: 'a' } | { kind: 'b'; c?: string }",
        "{ kind: 'a'; c?: integer } | { kind: 'b'; c?: string }",
        [],
      ],
      [
        "one gets what another has",
        "{ a?: string } | { c?: string }",
        "{ a?: string; c?: integer } | { c?: string }",
        ["breaking type-changed"],
      ],
    ])("%s", async (_, older, newer, expected) => {
      const found = await changes(body(older), body(newer));
      expect(found.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(expected);
    });

    test("a model gets what another member has", async () => {
      const api = (more: string, kinds: readonly [string, string]) =>
        `models: |\n  interface A { ${kinds[0]}a?: string${more} }\n  interface B { ${kinds[1]}c?: string }\nroutes:\n  POST /a: { lambda: f, body: "A | B" }\n`;
      const from = (kinds: readonly [string, string]) => changes(api("", kinds), api("; c?: integer", kinds));
      expect(await from(["", ""])).toEqual([
        "breaking type-changed POST /a, body",
        "compatible property-added model A, c",
      ]);
      // Told apart: no value of B is one of A.
      expect(await from(["kind: 'a'; ", "kind: 'b'; "])).toEqual(["compatible property-added model A, c"]);
    });

    test("sixty kinds of nodes that have each other as members are compared soon", async () => {
      // Which forms a value may have is remembered: looked at one by one, they are more than can be counted.
      const names = ["left", "right", "items", "body", "test"];
      const kinds = ["Node", "Node[]", "Node | null", "Half", "string"];
      const fields = (at: number) => names.map((name, of) => `${name}?: ${kinds[(at * (of + 1)) % kinds.length]}`);
      const tree = (more: string) => {
        const nodes = Array.from({ length: 60 }, (_, at) => `N${at}`);
        const records = nodes.map(
          (name, at) => `  interface ${name} { ${fields(at).join("; ")}${at === 7 ? more : ""} }\n`,
        );
        const half = nodes.filter((_, at) => at % 2 === 0);
        return `models: |\n${records.join("")}  type Node = ${nodes.join(" | ")}\n  type Half = ${half.join(" | ")}\nroutes:\n  POST /a: { lambda: f, body: Node, responses: { 200: Node } }\n`;
      };
      expect(await changes(tree(""), tree("; fresh?: integer"))).toEqual(["compatible property-added model N7, fresh"]);
    });

    test("one is opened, beside another that would take its values", async () => {
      const models = (tag: string) => `${tag}interface A { a?: string }\n  interface B { m?: string[] & MinItems<1> }`;
      const api = (tag: string) =>
        `models: |\n  ${models(tag)}\nroutes:\n  GET /a: { lambda: f, responses: { 200: "Record<string, A> | Record<string, B>" } }\n`;
      const found = await changes(api("/** @additionalProperties false */ "), api(""));
      expect(found).toContain("breaking type-changed GET /a, 200 body");
    });
  });
});
