import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, sharedFolder } from "../support/paths.js";
import { applyFixes, marked, parse, parseClean, withRoute } from "./support.js";

const end = "routes: { GET /x: { lambda: x } }\n";

/** Marked text → its one diagnostic, and a part of what it says. */
const mistakes: readonly (readonly [name: string, code: string, text: string, says: RegExp])[] = [
  ["unknown key at the top", "unknown-key", `gateway: a\n«route»: 1\n${end}`, /did you mean "routes"/],
  ["unknown key of a route", "unknown-key", withRoute("lambda: x\n«auht»: iam"), /a route has no key "auht".*"auth"/],
  [
    "a key that is said in another way here",
    "unknown-key",
    `gateway: a\nroutes:\n  GET /x: { mock: {}, query: { limit: { type: integer, «required»: false } } }\n`,
    /ends in a question mark/,
  ],
  ["a key known from elsewhere", "unknown-key", `gateway: a\n«gatewayResponses»: {}\n${end}`, /did you mean "errors"/],
  [
    "AWS's own name of a key",
    "unknown-key",
    withRoute("http: x\nresponses: { 200: { «selectionPattern»: x } }"),
    /"from"/,
  ],
  [
    "unknown key far from all others",
    "unknown-key",
    `gateway: a\nstages: { dev: { «zzzzzzzz»: 1 } }\n${end}`,
    /its keys are description, variables/,
  ],
  [
    "a route that is not moved in",
    "unknown-key",
    "gateway: a\nroutes:\n«GET /x»:\n  lambda: x\n",
    /below `routes:`, moved in by two spaces/,
  ],
  [
    "a route that is moved in too far",
    "unknown-key",
    "gateway: a\nroutes:\n  GET /x:\n    lambda: x\n    «GET /y»: { lambda: y }\n",
    /where the others begin/,
  ],
  [
    "a blank that is no space",
    "unknown-key",
    withRoute("lambda: x\n«\u00a0auth»: iam"),
    /no ordinary space \(U\+00A0\)/,
  ],
  ["a document of OpenAPI", "unknown-key", `gateway: a\n«openapi»: 3.0.0\n${end}`, /`gateway import FILE` makes/],
  [
    "a missing name",
    "missing-key",
    `«routes»: { GET /x: { lambda: x } }\n`,
    /a gateway needs "gateway".*gateway: shop/,
  ],
  [
    "no routes",
    "missing-one-of",
    "«gateway»: a\n",
    /"routes" and "websocket".*for example routes: \{ GET \/hello: \{ lambda: hello \} \}/,
  ],
  [
    "a route without integration",
    "missing-one-of",
    "gateway: a\nroutes:\n  «GET /x»: { auth: none }\n",
    /"lambda", "http", "aws" and "mock".*for example lambda: getOrder/,
  ],
  ["an empty route", "wrong-type", "gateway: a\nroutes:\n  «GET /x»:\n", /expected a route \(a map\), found nothing/],
  ["two integrations", "conflicting-keys", withRoute("lambda: x\n«http»: http://x"), /both "lambda" and "http"/],
  [
    "a rule and a template",
    "conflicting-keys",
    withRoute("http: x\nrequest: { map: 1, «template»: x }"),
    /exclude each other/,
  ],
  ["a key of another integration", "key-without", withRoute("lambda: x\n«with»: { a: b }"), /only beside "aws"/],
  [
    "an authorizer's key of another kind",
    "key-without",
    `gateway: a\nauthorizers: { p: { jwt: x, «ttl»: 5 } }\n${end}`,
    /"cognito" and "lambda"/,
  ],
  [
    "a text for a number",
    "wrong-type",
    withRoute("lambda: x\nthrottle: { rate: «fast» }"),
    /expected a number, found the text "fast"/,
  ],
  [
    "a text for a map",
    "wrong-type",
    `gateway: a\ncors: «"*"»\n${end}`,
    /found the text "\*" for example cors: \{ origins: \["https:\/\/shop.example.com"\] \}/,
  ],
  [
    "a text for a route",
    "wrong-type",
    "gateway: a\nroutes:\n  GET /x: «hello»\n",
    /for example GET \/x: \{ lambda: hello \}/,
  ],
  ["a text for a time", "wrong-type", withRoute("lambda: x\ntimeout: «soon»"), /for example timeout: 5s/],
  ["a number for a text", "wrong-type", withRoute("lambda: «12»"), /found the number 12.*"12" in quotes/],
  [
    "a list for a map",
    "wrong-type",
    `gateway: a\nplans: «[gold]»\n${end}`,
    /expected a map of usage plans, found a list/,
  ],
  [
    "a map for a text",
    "wrong-type",
    withRoute("lambda: «{ name: x }»"),
    /expected the name of a function, found a map/,
  ],
  ["a map for a list", "wrong-type", withRoute("lambda: x\ntags: «{ a: b }»"), /a list, found a map/],
  [
    "a map on the line of its key",
    "wrong-type",
    withRoute("lambda: x\nresponses: «200: Order»"),
    /a map of responses.*on the lines below/,
  ],
  ["a list of routes", "wrong-type", "gateway: a\nroutes:\n  «- GET /x: { lambda: a }»\n", /without a dash/],
  ["a whole file that is a list", "wrong-type", "«- a\n- b»\n", /expected a gateway \(a map\), found a list/],
  ["a misspelt word", "wrong-word", `gateway: a\nkind: «rset»\n${end}`, /did you mean "rest"/],
  ["a word in mixed case", "wrong-word", `gateway: a\nendpoint: «Regional»\n${end}`, /did you mean "regional"/],
  ["a negative number", "wrong-number", withRoute("lambda: x\nthrottle: { rate: «-1» }"), /of at least 0/],
  ["a fraction for a whole number", "wrong-number", withRoute("lambda: x\nthrottle: { burst: «1.5» }"), /whole number/],
  ["a number that is none", "wrong-number", withRoute("lambda: x\nthrottle: { rate: «.inf» }"), /not a number/],
  [
    "a number out of range",
    "wrong-number",
    `gateway: a\nstages: { dev: { canary: { percent: «101» } } }\n${end}`,
    /from 0 to 100/,
  ],
  ["a status that is none", "wrong-key", withRoute("lambda: x\nresponses: { «2XX»: Order }"), /status from 100 to 599/],
  ["an empty name", "empty-text", `gateway: «""»\n${end}`, /found an empty text/],
  ["a service without action", "wrong-text", withRoute("aws: «sqs»"), /a service and its action/],
  ["an account number that is short", "wrong-text", `gateway: a\naws: { account: «1234» }\n${end}`, /twelve digits/],
  [
    "a parameter without a type",
    "wrong-type",
    withRoute("lambda: x\nquery: { «a»: }"),
    /expected a type, found nothing/,
  ],
  [
    "a quota without period",
    "missing-key",
    `gateway: a\nplans: { free: { «quota»: { limit: 5 } } }\n${end}`,
    /a quota needs "period"/,
  ],
];

describe("mistakes of shape", () => {
  for (const [name, code, source, says] of mistakes) {
    const { text, span } = marked(source);
    test(name, () => {
      const { diagnostics } = parse(text);
      expect(diagnostics.map((found) => ({ code: found.code, span: found.span }))).toEqual([{ code, span }]);
      expect(`${diagnostics[0]?.message} ${diagnostics[0]?.help ?? ""}`).toMatch(says);
    });
  }

  test("all at once, in the order of the file", () => {
    const { diagnostics, syntax } = parse(
      "gateway: 5\nkind: rset\nroutes:\n  GET /x: { lambda: x, auht: y }\n  GET /y: { timeout: soon, lambda: y }\nstages: [dev]\n",
    );
    expect(diagnostics.map(({ code }) => code)).toEqual([
      "wrong-type",
      "wrong-word",
      "unknown-key",
      "wrong-type",
      "wrong-type",
    ]);
    expect(syntax?.routes.map(({ key, integration }) => [key.text, integration?.kind])).toEqual([
      ["GET /x", "lambda"],
      ["GET /y", "lambda"],
    ]);
  });

  test("at most a thousand", () => {
    const { diagnostics } = parse(
      `gateway: a\n${end}${Array.from({ length: 2000 }, (_, index) => `k${index}: 1\n`).join("")}`,
    );
    expect(diagnostics).toHaveLength(1001);
    expect(diagnostics.at(-1)?.code).toBe("too-many-mistakes");
  });

  test("the fix of a misspelt key or word makes the file right", () => {
    const text = "gateway: a\nendpoint: Regional\nroutse:\n  GET /x: { lamdba: x }\n";
    const once = applyFixes(text, parse(text).diagnostics);
    const twice = applyFixes(once, parse(once).diagnostics);
    expect(parse(twice).diagnostics).toEqual([]);
    expect(twice).toBe("gateway: a\nendpoint: regional\nroutes:\n  GET /x: { lambda: x }\n");
  });

  test("what is broken keeps its name, so that nothing else is said to be unknown", () => {
    const { syntax } = parse(
      `gateway: a\nauthorizers: { p: 5, q: { lamda: x } }\nfunctions: { f: [] }\nplans: { g: 1 }\nstages: { dev: 1 }\n${end}`,
    );
    expect(syntax?.authorizers.map(({ name, kind }) => [name.text, kind])).toEqual([
      ["p", "broken"],
      ["q", "broken"],
    ]);
    expect(syntax?.functions[0]?.name.text).toBe("f");
    expect(syntax?.plans[0]?.name.text).toBe("g");
    expect(syntax?.stages[0]?.name.text).toBe("dev");
  });
});

describe("what is read", () => {
  test("hello", () => {
    const syntax = parseClean("gateway: hello\nroutes:\n  GET /hello:\n    lambda: hello\n");
    expect(syntax.gateway?.text).toBe("hello");
    expect(syntax.routes).toMatchObject([
      { key: { text: "GET /hello" }, integration: { kind: "lambda", function: { text: "hello" } } },
    ]);
    expect(syntax.stages).toEqual([]);
    expect(syntax.version).toBeUndefined();
  });

  test("short forms become the long ones", () => {
    const { routes, authorizers, functions, keys, cors } = parseClean(
      [
        "gateway: a",
        "cors: true",
        "functions: { f: handlers/f.ts }",
        "authorizers: { p: { cognito: arn:x } }",
        "keys: { k: { plan: gold } }",
        "routes:",
        "  GET /x: { lambda: f, auth: p, body: Order, cache: 5m, validate: false, timeout: 5s, responses: { 200: Order, 204: } }",
      ].join("\n"),
    );
    const [route] = routes;
    expect(cors).toMatchObject({ enabled: { value: true }, origins: undefined });
    expect(functions).toMatchObject([{ name: { text: "f" }, file: { text: "handlers/f.ts" } }]);
    expect(authorizers).toMatchObject([{ kind: "cognito", cognito: [{ text: "arn:x" }] }]);
    expect(keys).toMatchObject([{ plans: [{ text: "gold" }] }]);
    expect(route).toMatchObject({
      auth: { name: { text: "p" }, scopes: [] },
      body: { type: { text: "Order" } },
      cache: { ttl: { value: 300 } },
      validate: { value: "none" },
      timeout: { value: 5000 },
      responses: [
        { status: { value: 200 }, body: { type: { text: "Order" } } },
        { status: { value: 204 }, body: undefined },
      ],
    });
  });

  test("words as AWS writes them", () => {
    const syntax = parseClean(
      `gateway: a\nendpoint: REGIONAL\napiKeySource: header\nplans: { g: { quota: { limit: 1, period: DAY } } }\nroutes: { GET /x: { http: y, request: { passthrough: when_no_match } } }\n`,
    );
    expect(syntax.endpoint?.value).toBe("regional");
    expect(syntax.apiKeySource?.value).toBe("HEADER");
    expect(syntax.plans[0]?.quota?.period?.value).toBe("day");
    expect(syntax.routes[0]?.request?.passthrough?.value).toBe("WHEN_NO_MATCH");
  });

  test("a policy document and the shorthands", () => {
    const document = parseClean(`gateway: a\npolicy: { Version: "2012-10-17", Statement: [] }\n${end}`);
    expect(document.policy?.kind).toBe("document");
    const rules = parseClean(`gateway: a\npolicy: { deny: { ips: 203.0.113.7 } }\n${end}`);
    expect(rules.policy).toMatchObject({ kind: "rules", allow: undefined, deny: { ips: [{ text: "203.0.113.7" }] } });
  });

  test("models as JSON Schema", () => {
    const { models } = parseClean(`gateway: a\nmodels: { Order: { type: object } }\n${end}`);
    expect(models).toMatchObject({ kind: "schemas", schemas: [{ name: { text: "Order" } }] });
  });

  test("the file of the design, whole", () => {
    const shared = sharedFolder();
    if (!shared) return console.warn("skipped: the shared folder is absent");
    const design = readFileSync(join(shared, "design.md"), "utf8");
    const start = design.indexOf("```yaml\n# yaml-language-server") + "```yaml\n".length;
    const text = design.slice(start, design.indexOf("```", start)).replaceAll(", … }", " }");
    const syntax = parseClean(text);
    expect(syntax.routes).toHaveLength(6);
    expect(syntax.websocket?.routes.map(({ key }) => key.text)).toContain("$disconnect");
    expect(syntax.domains[0]?.paths.map(({ name, value }) => [name.text, value.text])).toEqual([
      ["v1", "prod"],
      ["v2", "next"],
    ]);
  });

  test("a file with each key of the language", () => {
    const syntax = parseClean(readFileSync(join(root, "test/syntax/everything.yaml"), "utf8"));
    expect(syntax.version?.text).toBe("1.10");
    expect(syntax.authorizers.map(({ kind }) => kind)).toEqual([
      "cognito",
      "cognito",
      "lambda",
      "lambda",
      "lambda",
      "jwt",
    ]);
    expect(syntax.routes[0]?.request?.map).toBeDefined();
  });
});

describe("numbers that nobody can keep", () => {
  const codes = (value: string) =>
    parse(`gateway: a\nroutes:\n  GET /a: { mock: { list: [1, ${value}] } }\n`).diagnostics.map(
      ({ code, message }) => `${code}: ${message}`,
    );

  test.each([
    ["9007199254740993", '"9007199254740993" would be read as 9007199254740992'],
    ["-12345678901234567890", '"-12345678901234567890" would be read as -12345678901234567000'],
    ["1e400", '"1e400" would be read as Infinity'],
  ])("%s is refused", (written, told) => expect(codes(written)).toEqual([`inexact-number: ${told}`]));

  test.each(["9007199254740992", "-9007199254740991", "0.1", "1e21", '"9007199254740993"'])("%s is kept", (written) =>
    expect(codes(written)).toEqual([]),
  );
});
