import { describe, expect, test } from "vitest";
import { diagnose, marked, modelOf, routeOf, testMistakes, whole } from "../support/diagnose.js";

describe("route keys", () => {
  testMistakes([
    ["no blank", "bad-route-key", "routes:\n  «GET/orders»: { lambda: x }"],
    ["misspelt", "unknown-method", "routes:\n  «GTE» /orders: { lambda: x }"],
    ["lower case", "unknown-method", "routes:\n  «get» /orders: { lambda: x }"],
    ["TRACE", "unknown-method", "routes:\n  «TRACE» /orders: { lambda: x }"],
    ["path", "path-without-slash", "routes:\n  GET «orders»: { lambda: x }"],
    ["trailing slash", "trailing-slash", "routes:\n  GET /orders«/»: { lambda: x }"],
    ["double slash", "empty-segment", "routes:\n  GET /orders/«/»x: { lambda: x }"],
    ["umlaut on REST", "bad-segment", "routes:\n  GET /«größe»: { lambda: x }"],
    ["umlaut on HTTP", "bad-segment", "kind: http\nroutes:\n  GET /«größe»: { lambda: x }"],
    ["tilde on REST", "bad-segment", "routes:\n  GET /«~joe»: { lambda: x }"],
    ["suffix", "partial-parameter", "routes:\n  'GET /«{id}.json»': { lambda: x }"],
    ["written as in Express", "express-parameter", "routes:\n  GET /a/«:id»/b: { lambda: x }"],
    ["optional, as in Express", "express-parameter", "kind: http\nroutes:\n  GET /a/«:id»: { lambda: x }"],
    ["a name with an umlaut", "bad-parameter-name", "routes:\n  GET /«{größe}»: { lambda: x }"],
    ["blank in a name", "bad-route-key", "routes:\n  «'GET /a b c'»: { lambda: x }"],
    ["greedy in the middle", "greedy-not-last", "routes:\n  GET /{path+}/«tail»: { lambda: x }"],
    ["default on REST", "not-on-rest-apis", "routes:\n  «$default»: { lambda: x }"],
    ["reserved", "reserved-path", "routes:\n  «GET /ping»: { lambda: x }"],
    ["reserved, too", "reserved-path", "routes:\n  «GET /sping»: { lambda: x }"],
  ]);

  test("a parameter as in Express is mended by its fix; a verb behind a colon is none", async () => {
    const [found] = await diagnose(whole("routes:\n  GET /a/:id: { lambda: x }"));
    expect(found?.fix?.text).toBe("{id}");
    expect(await diagnose(whole("routes:\n  POST /jobs:cancel: { lambda: x }"), ["node"])).toEqual([]);
  });

  test("what AWS takes is taken", async () => {
    const { routes } = await modelOf(
      "routes:\n  GET /a-b_c.d:e,$f/{x.y-z}/{rest+}: { lambda: one }\n  DELETE /: { lambda: two }\n  ANY /ping/x: { lambda: three }",
    );
    expect(routes.map((route) => route.path.segments.length)).toEqual([3, 0, 2]);
    expect(routes[0]?.path.segments[2]).toEqual({ kind: "greedy", name: "rest" });
  });

  test("an HTTP API has percent-encoded segments and $default", async () => {
    const { routes } = await modelOf(
      "kind: http\nroutes:\n  GET /~joe/%C3%A9: { lambda: one }\n  $default: { lambda: two }",
    );
    expect(routes[1]).toMatchObject({ key: "$default", method: "ANY", path: { text: "$default", segments: [] } });
  });
});

describe("the tree of resources", () => {
  testMistakes([
    [
      "two names in one place",
      "sibling-path-parameter",
      "routes:\n  GET /orders/{id}: { lambda: a }\n  GET /orders/«{order}»/lines: { lambda: b }",
    ],
    [
      "greedy beside a name",
      "sibling-path-parameter",
      "routes:\n  GET /{id}: { lambda: a }\n  ANY /«{proxy+}»: { lambda: b }",
    ],
    [
      "same route after the blanks",
      "duplicate-route",
      "routes:\n  GET /orders: { lambda: a }\n  «GET  /orders»: { lambda: b }",
    ],
    [
      "same shape on HTTP",
      "duplicate-route",
      "kind: http\nroutes:\n  GET /orders/{id}: { lambda: a }\n  «GET /orders/{order}»: { lambda: b }",
    ],
    [
      "$default beside what catches all",
      "unreachable-route",
      "kind: http\nroutes:\n  ANY /: { lambda: a }\n  ANY /{proxy+}: { lambda: b }\n  «$default»: { lambda: c }",
    ],
    [
      "ANY beside all seven",
      "unreachable-route",
      `routes:\n  «ANY /x»: { lambda: a }\n${["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
        .map((method) => `  ${method} /x: { lambda: ${method.toLowerCase()} }\n`)
        .join("")}`,
    ],
  ]);

  test("the note leads to the other route", async () => {
    const { text, span } = marked(
      whole("routes:\n  GET /orders/«{id}»: { lambda: a }\n  GET /orders/{order}: { lambda: b }"),
    );
    expect((await diagnose(text))[0]?.notes).toMatchObject([{ span }]);
  });

  test("methods, static siblings and greedy siblings of HTTP APIs live together", async () => {
    await modelOf("routes:\n  GET /a/{id}: { lambda: a }\n  POST /a/{id}: { lambda: b }\n  GET /a/b: { lambda: c }");
    await modelOf("kind: http\nroutes:\n  GET /a/{id}: { lambda: a }\n  ANY /a/{path+}: { lambda: b }");
  });

  test("5,000 routes are a matter of seconds at most: nothing looks at all routes for each route", async () => {
    const routes = Array.from(
      { length: 5000 },
      (_, i) => `  GET /r${i}/{id}/x: { lambda: f${i}, query: { a?: string } }\n`,
    );
    const text = `gateway: a\nroutes:\n${routes.join("")}`;
    const found = await diagnose(text);
    expect(found.map(({ code }) => code)).toEqual(["over-quota"]);
  });
});

describe("operations", () => {
  testMistakes([
    ["a blank", "bad-operation", "routes:\n  GET /x: { lambda: x, operation: «get x» }"],
    ["a word of JavaScript", "bad-operation", "routes:\n  GET /x: { lambda: x, operation: «delete» }"],
    ["not ASCII", "bad-operation", "routes:\n  GET /x: { lambda: x, operation: «größe» }"],
    [
      "the same twice",
      "duplicate-operation",
      "routes:\n  GET /x: { lambda: x, operation: read }\n  GET /y: { lambda: y, operation: «read» }",
    ],
    [
      "paths that differ in punctuation",
      "duplicate-operation",
      "routes:\n  GET /a-b: { lambda: x }\n  «GET /a.b»: { lambda: x }",
    ],
  ]);

  test("the function's name where it is unique, else method and path", async () => {
    const { routes } = await modelOf(
      [
        "routes:",
        "  GET /orders/{id}: { lambda: getOrder }",
        "  GET /orders: { lambda: orders }",
        "  POST /orders: { lambda: orders }",
        "  GET /orders/{id}/line-items: { http: https://x.example/ }",
        "  ANY /files/{path+}: { http: https://x.example/ }",
        "  GET /: { mock: {} }",
        "  PUT /x: { lambda: delete }",
        "  PATCH /y: { lambda: read-it_all }",
      ].join("\n"),
    );
    expect(routes.map((route) => route.operation)).toEqual([
      "getOrder",
      "getOrders",
      "postOrders",
      "getOrdersByIdLineItems",
      "anyFilesByPath",
      "getRoot",
      "putX",
      "readItAll",
    ]);
  });

  test("a written name wins over a function of that name", async () => {
    const { routes } = await modelOf(
      "routes:\n  GET /x: { lambda: read }\n  GET /y: { lambda: other, operation: read }",
    );
    expect(routes.map((route) => route.operation)).toEqual(["getX", "read"]);
  });
});

describe("parameters", () => {
  testMistakes([
    ["misspelt", "unknown-path-parameter", "routes:\n  GET /o/{id}: { lambda: x, params: { «idd»: string } }"],
    ["optional", "optional-path-parameter", "routes:\n  GET /o/{id}: { lambda: x, params: { «id»?: string } }"],
    ["twice in the path", "repeated-parameter", "routes:\n  GET /{id}/x/«{id}»: { lambda: x }"],
    [
      "headers that differ in case",
      "repeated-parameter",
      "routes:\n  GET /o: { lambda: x, headers: { X-A: string, «x-a»: string } }",
    ],
    ["brackets", "bad-query-name", "routes:\n  GET /o: { lambda: x, query: { '«filter[x]»?': string } }"],
    ["a blank", "bad-token", "routes:\n  GET /o: { lambda: x, headers: { «X A»: string } }"],
    ["dropped", "header-never-arrives", "routes:\n  GET /o: { lambda: x, headers: { «TE»: string } }"],
    ["an object", "parameter-not-text", 'routes:\n  GET /o: { lambda: x, query: { a: «"{ b: string }"» } }'],
    ["unknown type", "unknown-type", "routes:\n  GET /o: { lambda: x, query: { a: «Statis» } }"],
  ]);

  test("path first, then query and headers; strings where nothing is said", async () => {
    const { parameters } = await routeOf(
      "routes:\n  GET /{b}/{a}:\n    { lambda: x, headers: { X-H?: integer }, query: { q: boolean }, params: { a: uuid } }",
    );
    expect(parameters.map((p) => [p.in, p.name, p.required, "name" in p.type && p.type.name])).toEqual([
      ["path", "b", true, "string"],
      ["path", "a", true, "string"],
      ["query", "q", true, "boolean"],
      ["header", "X-H", false, "integer"],
    ]);
    expect(parameters[1]?.type).toMatchObject({ format: "uuid" });
  });

  test("HTTP APIs take any name of a query parameter", async () => {
    await modelOf("kind: http\nroutes:\n  GET /o: { lambda: x, query: { 'filter[x]?': string } }");
  });
});

describe("bodies and responses", () => {
  testMistakes([
    ["204", "response-without-body", "routes:\n  GET /o: { lambda: x, responses: { 204: «string» } }"],
    ["media type", "bad-media-type", "routes:\n  POST /o: { lambda: x, body: { type: string, mediaTypes: [«json»] } }"],
    ["bytes", "binary-not-declared", "routes:\n  POST /o: { lambda: x, body: «binary» }"],
    [
      "name of a header",
      "bad-token",
      "routes:\n  GET /o: { lambda: x, responses: { 200: { headers: { «a b»: string } } } }",
    ],
  ]);

  test("defaults", async () => {
    const route = await routeOf(
      "binaryMediaTypes: [application/*]\nroutes:\n  POST /o: { lambda: x, body: binary, responses: { 200: { headers: { ETag: string } }, 204: } }",
    );
    expect(route.body).toMatchObject({ mediaTypes: ["application/octet-stream"], required: true });
    expect(route.responses).toMatchObject([
      { status: 200, body: undefined, headers: [{ name: "ETag", type: { name: "string" } }] },
      { status: 204, body: undefined, headers: [] },
    ]);
    expect(route.validation).toEqual({ parameters: true, body: true, strict: false });
  });
});

describe("inheritance", () => {
  const file = [
    "timeout: 5s",
    "throttle: { rate: 10.5 }",
    "apiKey: true",
    "cors: { origins: [https://a.example] }",
    "plans: { all: {} }",
    "stages: { dev: {} }",
    "routes:",
    "  GET /top: { lambda: a }",
    "  GET /own: { lambda: b, timeout: 1s, throttle: { rate: 1, burst: 2 }, apiKey: false, cors: false, auth: none }",
    "  GET /same: { lambda: c, cors: true }",
  ].join("\n");

  test("a route has what the top says, unless it says something itself", async () => {
    const [top, own, same] = (await modelOf(file)).routes;
    expect(top).toMatchObject({
      apiKeyRequired: true,
      throttle: { rate: 10.5, burst: 11 },
      cors: { origins: ["https://a.example"] },
      integration: { timeoutMs: 5000 },
    });
    expect(own).toMatchObject({
      apiKeyRequired: false,
      throttle: { rate: 1, burst: 2 },
      integration: { timeoutMs: 1000 },
    });
    expect(own?.cors).toBeUndefined();
    expect(same?.cors).toEqual(top?.cors);
  });
});

describe("content types of an answer", () => {
  testMistakes([
    [
      "the body's own type",
      "media-type-twice",
      "routes:\n  GET /a: { lambda: a, responses: { 200: { body: string, alternatives: { «application/json»: string } } } }",
    ],
    [
      "no media type",
      "bad-media-type",
      "routes:\n  GET /a: { lambda: a, responses: { 200: { body: string, alternatives: { «csv»: string } } } }",
    ],
    [
      "without a body",
      "key-without",
      "routes:\n  GET /a: { lambda: a, responses: { 200: { «alternatives»: { text/csv: string } } } }",
    ],
  ]);
});
