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
});
