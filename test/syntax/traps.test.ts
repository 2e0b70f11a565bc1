import { describe, expect, test } from "vitest";
import { applyFixes, marked, parse, withRoute } from "./support.js";

/** Each trap as people write it: where it is shown, under which code; its fix makes the file right. */
const traps: readonly (readonly [name: string, code: string, text: string])[] = [
  ["array type in a flow map", "yaml-bracket", withRoute("lambda: x\nresponses: { 200: «Order[]» }")],
  [
    "array type among others",
    "yaml-bracket",
    withRoute("lambda: x\nresponses: { 404: Problem, 200: «Order[]», 500: P }"),
  ],
  ["array of a generic", "yaml-bracket", withRoute("lambda: x\nresponses: { 200: «Page<Order>[]» }")],
  ["generic with a comma", "yaml-bracket", withRoute("lambda: x\nresponses: { 200: «Record<string, Order>», 404: P }")],
  ["path parameter in a flow URL", "yaml-bracket", "gateway: a\nroutes: { GET /x: { http: «http://x/{id}» } }\n"],
  [
    "path parameter inside a flow URL",
    "yaml-bracket",
    "gateway: a\nroutes: { GET /x: { http: «http://x/{id}/y», auth: iam } }\n",
  ],
  ["route key in a flow map", "yaml-bracket", "gateway: a\nroutes: { «GET /x/{id}»: { lambda: x } }\n"],
  ["greedy route key in a flow map", "yaml-bracket", "gateway: a\nroutes: { «ANY /x/{path+}»: { lambda: x } }\n"],
  [
    "interpolation in a flow map",
    "yaml-bracket",
    "gateway: a\nroutes: { GET /x: { lambda: x } }\nkeys: { k: { value: «${env.X}» } }\n",
  ],
  [
    "interpolation inside a word",
    "yaml-bracket",
    "gateway: a\nroutes: { GET /x: { http: «http://${stageVariables.h}/p» } }\n",
  ],
  [
    "interpolation in a flow list",
    "yaml-bracket",
    "gateway: a\nroutes: { GET /x: { lambda: x } }\ncors: { origins: [«${env.ORIGIN}»] }\n",
  ],
  [
    "regular expression in a flow map",
    "yaml-bracket",
    withRoute("http: http://x\nresponses: { 503: { from: «5\\d{2}» } }"),
  ],
  ["union of texts in a flow map", "yaml-pipe", withRoute('lambda: x\nquery: { a: «"x" | "y"» }')],
  ["union of texts in a block", "yaml-pipe", withRoute('lambda: x\nquery:\n  a: «"x" | "y"»')],
  ["union that begins with a bar", "yaml-pipe", withRoute("lambda: x\nbody: «| string»\nauth: none")],
  [
    "object type in a flow map",
    "yaml-type-map",
    withRoute("lambda: x\nresponses: { 200: «{ a: Order[]; b?: string }» }"),
  ],
  ["object type without arrays", "yaml-type-map", withRoute("lambda: x\nbody: «{ a: Order; b?: string }»")],
  ["object type of a parameter", "type-needs-quotes", withRoute("lambda: x\nquery:\n  a: «{ id: uuid }»")],
  ["object type as a body", "type-needs-quotes", withRoute("lambda: x\nbody: «{ id: uuid, n: integer }»")],
  ["object type as a response", "type-needs-quotes", withRoute("lambda: x\nresponses:\n  200: «{ id: uuid }»")],
  ["tuple type as a response", "type-needs-quotes", withRoute("lambda: x\nresponses:\n  200: «[string, number]»")],
  [
    "object type over several lines",
    "yaml-type-map",
    withRoute("lambda: x\nresponses:\n  200: «{\n    id: string;\n    name: string\n  }»"),
  ],
  [
    "object type with an array in it",
    "type-needs-quotes",
    withRoute("lambda: x\nbody: «{items: Item[], note?: string}»"),
  ],
  [
    "regular expression that begins with a bracket",
    "yaml-reserved",
    withRoute("http: x\nresponses: { 503: { from: «[45]\\d\\d» } }"),
  ],
  [
    "regular expression that begins with a bracket, in a block",
    "yaml-reserved",
    withRoute("http: x\nresponses:\n  503:\n    from: «[45]\\d{2}»"),
  ],
  ["text with a quoted beginning", "yaml-after-quote", withRoute('lambda: x\nsummary: «"a" and b»')],
  ["apostrophe in single quotes", "yaml-after-quote", withRoute("lambda: x\nsummary: «'it's fine'»")],
  ["no colon after a key", "yaml-missing-colon", "gateway: a\nroutes:\n  «GET /x»\n    lambda: a\n"],
  ["colon in a text", "yaml-colon", "gateway: a\ndescription: «Note: it works»\nroutes: { GET /x: { lambda: x } }\n"],
  [
    "colon in a text before a comment",
    "yaml-colon",
    "gateway: a\ndescription: «Note: it works» # yes\nroutes: { GET /x: { lambda: x } }\n",
  ],
  [
    "hash in a text",
    "text-cut-by-comment",
    "gateway: a\ndescription: Order «#5 of the day»\nroutes: { GET /x: { lambda: x } }\n",
  ],
  ["star as a value", "yaml-star", "gateway: a\ncors:\n  origins: «*»\nroutes: { GET /x: { lambda: x } }\n"],
  ["star in a flow list", "yaml-star", "gateway: a\ncors: { origins: [«*»] }\nroutes: { GET /x: { lambda: x } }\n"],
  ["every media type", "yaml-star", "gateway: a\nbinaryMediaTypes: [«*/*»]\nroutes: { GET /x: { lambda: x } }\n"],
  [
    "subdomain wildcard",
    "yaml-star",
    "gateway: a\ncors: { origins: [«*.example.com»] }\nroutes: { GET /x: { lambda: x } }\n",
  ],
  ["at sign", "yaml-reserved", "gateway: «@acme/shop»\nroutes: { GET /x: { lambda: x } }\n"],
  ["back quote", "yaml-reserved", "gateway: a\ndescription: «`code`»\nroutes: { GET /x: { lambda: x } }\n"],
  ["no space after a colon", "yaml-space-after-colon", withRoute("«lambda:hello»\nauth: none")],
  [
    "no space after a colon in a flow map",
    "yaml-space-after-colon",
    "gateway: a\nroutes: { GET /x: { «lambda:hello» } }\n",
  ],
  ["yes for true", "boolean-word", withRoute("lambda: x\napiKey: «yes»")],
  ["off for false", "boolean-word", withRoute("lambda: x\ncors: «off»")],
  ["True in quotes", "boolean-word", withRoute('lambda: x\napiKey: «"true"»')],
  ["number with a separator", "number-text", withRoute("lambda: x\nthrottle: { rate: «1_000», burst: 5 }")],
  ["number in quotes", "number-text", withRoute('lambda: x\nthrottle: { rate: 5, burst: «"10"» }')],
  ["number with a leading zero", "number-leading-zero", withRoute("lambda: x\nthrottle: { rate: «010», burst: 5 }")],
  ["tab", "yaml-tab", "gateway: a\nroutes:\n  GET /x:\n«\t»lambda: x\n"],
];

describe("traps of YAML", () => {
  for (const [name, code, source] of traps) {
    const { text, span } = marked(source);
    test(name, () => {
      const { diagnostics } = parse(text);
      expect(diagnostics.map((found) => ({ code: found.code, span: found.span }))).toEqual([{ code, span }]);
      if (code !== "yaml-tab") expect(parse(applyFixes(text, diagnostics)).diagnostics).toEqual([]);
    });
  }
});

describe("what is no trap", () => {
  const fine: readonly (readonly [name: string, text: string])[] = [
    ["brackets outside flow collections", withRoute("lambda: x\nresponses:\n  200: Order[]")],
    ["a route with a parameter as a key", "gateway: a\nroutes:\n  GET /x/{id}: { lambda: x }\n"],
    ["an interpolation outside flow collections", withRoute("http: http://${stageVariables.host}/x")],
    ["a union in a flow map", withRoute("lambda: x\nquery: { a?: string | number }")],
    ["a WebSocket route key", "gateway: a\nwebsocket: { routes: { $connect: { lambda: x } } }\n"],
    [
      "a semicolon and an angle bracket in quotes",
      withRoute("lambda: x\nresponses: { 200: '{ a: string; b: Map<string, x> }' }"),
    ],
    ["a comment after a text", "gateway: a\ndescription: text # comment\nroutes: { GET /x: { lambda: x } }\n"],
    ["a URL with a port", withRoute("http: http://127.0.0.1:8080/x")],
    ["a time", "gateway: a\nroutes: { GET /x: { lambda: x } }\nstages: { dev: { variables: { at: 12:30 } } }\n"],
    ["a text over several lines", "gateway: a\ndescription: this goes\n  on here\nroutes: { GET /x: { lambda: x } }\n"],
  ];
  for (const [name, text] of fine) {
    test(name, () => {
      expect(parse(text).diagnostics).toEqual([]);
    });
  }

  test("traps are mended in passing: what follows them is checked too", () => {
    const { diagnostics, at } = parse(
      withRoute('lambda: x\nresponses: { 200: Order[], 404: Order[] }\nquery: { a: "x" | "y" }\nauht: iam'),
    );
    expect(diagnostics.map(({ code, span }) => [code, at(span)])).toEqual([
      ["yaml-bracket", "Order[]"],
      ["yaml-bracket", "Order[]"],
      ["yaml-pipe", '"x" | "y"'],
      ["unknown-key", "auht"],
    ]);
  });

  test("a version is read as it is written", () => {
    const { syntax } = parse("gateway: a\nversion: 1.10\nroutes: { GET /x: { lambda: x } }\n");
    expect(syntax?.version?.text).toBe("1.10");
  });

  test("stage variables and account numbers are read as they are written", () => {
    const { syntax, diagnostics } = parse(
      "gateway: a\naws: { account: 012345678901 }\nroutes: { GET /x: { lambda: x } }\nstages: { dev: { variables: { a: 0123, b: on, c: 1.0 } } }\n",
    );
    expect(diagnostics).toEqual([]);
    expect(syntax?.aws?.account?.text).toBe("012345678901");
    expect(syntax?.stages[0]?.variables.map(({ value }) => value.text)).toEqual(["0123", "on", "1.0"]);
  });
});
