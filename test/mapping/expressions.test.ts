import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Diagnostic, DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import {
  type ExpressionText,
  type Place,
  parseExpression,
  parseText,
  parseValue,
  places,
} from "../../src/mapping/expressions/index.js";
import type { PathStep, Reference, Text, Value } from "../../src/model/expressions.js";
import { constantText } from "../../src/model/expressions.js";
import { SourceFile } from "../../src/source.js";
import type { Node } from "../../src/syntax/tree.js";
import { readYaml } from "../../src/syntax/yaml/read-yaml.js";
import { marked } from "../support/diagnose.js";

/** A place that can read everything. */
const anywhere: Place = {
  where: "a test",
  reads: [...places.requestMapping.reads, "responseHeader", "responseBody", "responseStatus", "env"],
  context: "mapping",
};

function textOf(text: string): ExpressionText {
  return { text, span: { start: 0, end: text.length }, spanMap: { toFile: (span) => span } };
}

function reference(text: string): Reference | undefined {
  return parseExpression(textOf(text), { place: anywhere, report: () => undefined });
}

function read(text: string, place: Place = anywhere): { text: Text | undefined; found: readonly Diagnostic[] } {
  const list = new DiagnosticList();
  const parsed = parseText(textOf(text), { place, report: list.report }, { braces: place === places.endpoint });
  return { text: parsed, found: list.sorted() };
}

describe("references", () => {
  const cases: readonly (readonly [string, Reference])[] = [
    ["$request.path.id", { kind: "path", name: "id" }],
    ["$request.querystring.filter.x", { kind: "querystring", name: "filter.x" }],
    ['$request.querystring["filter[x]"]', { kind: "querystring", name: "filter[x]" }],
    ["$request.header.X-Partner", { kind: "header", name: "X-Partner" }],
    ["$request.body", { kind: "body", path: [] }],
    [
      '$request.body.a.b[0]["c d"][*]',
      {
        kind: "body",
        path: [
          { kind: "member", name: "a" },
          { kind: "member", name: "b" },
          { kind: "index", index: 0 },
          { kind: "member", name: "c d" },
          { kind: "items" },
        ],
      },
    ],
    ["$request.body.größe", { kind: "body", path: [{ kind: "member", name: "größe" }] }],
    ["$request.body['it\\'s']", { kind: "body", path: [{ kind: "member", name: "it's" }] }],
    ["$response.header.ETag", { kind: "responseHeader", name: "ETag" }],
    ["$response.body.x", { kind: "responseBody", path: [{ kind: "member", name: "x" }] }],
    ["$response.status", { kind: "responseStatus" }],
    ["$context.identity.sourceIp", { kind: "context", path: ["identity", "sourceIp"] }],
    ["$context.authorizer.claims['custom:role']", { kind: "context", path: ["authorizer", "claims", "custom:role"] }],
    ["$stageVariables.host", { kind: "stageVariable", name: "host" }],
    ["${stageVariables.host}", { kind: "stageVariable", name: "host" }],
    ["$env.KEY", { kind: "env", name: "KEY" }],
  ];
  for (const [text, wanted] of cases) test(text, () => expect(reference(text)).toEqual(wanted));
});

describe("mistakes point at the part that is wrong", () => {
  const cases: readonly (readonly [text: string, code: string, help?: string])[] = [
    ["«$reqest».header.x", "unknown-expression-root", 'did you mean "$request"?'],
    ["«$stageVariable».x", "unknown-expression-root", 'did you mean "$stageVariables"?'],
    ["«$money»", "unknown-expression-root"],
    ["$request.«query».x", "expression-syntax", 'did you mean "querystring"?'],
    ["$request.«headers».x", "expression-syntax", 'did you mean "header"?'],
    ["$request.body.a«..»b", "expression-syntax"],
    ["$request.body.a«[?»(@.b)]", "expression-syntax"],
    ["$request.body.a«[-1»]", "expression-syntax"],
    ["$request.body.a«[»b]", "expression-syntax"],
    ["$request.header.x« and more»", "expression-syntax"],
    ["$stageVariables.a«.b»", "expression-syntax"],
    ["a ${request.header.x« y»}", "expression-syntax"],
    ["a «${stageVariables.x»", "expression-syntax"],
    ["a «${}»", "expression-syntax"],
    ["$context.«requestID»", "unknown-context-variable", 'did you mean "requestId"?'],
    ["$context.identity.«sourceIP»", "unknown-context-variable", 'did you mean "sourceIp"?'],
    ["$context.«status»", "context-variable-elsewhere"],
    ["Bearer «$request.header.token»", "expression-in-text"],
  ];
  for (const [snippet, code, help] of cases) {
    test(snippet, () => {
      const { text, span } = marked(snippet);
      const { found } = read(text);
      expect(found.map((d) => ({ code: d.code, text: text.slice(d.span.start, d.span.end) }))).toEqual([
        { code, text: text.slice(span.start, span.end) },
      ]);
      if (help !== undefined) expect(found[0]?.help).toBe(help);
    });
  }

  test("an expression without its braces can be mended", () => {
    expect(read("Bearer $request.header.token").found[0]?.fix?.text).toBe("${request.header.token}");
  });

  test("what a place cannot read is refused with what it can", () => {
    const [found] = read("${request.header.x}", places.stageVariable).found;
    expect(found).toMatchObject({ code: "expression-not-here", span: { start: 0, end: 19 } });
    expect(found?.help).toContain("${env.X}");
  });
});

describe("texts", () => {
  const cases: readonly (readonly [string, Text["parts"]])[] = [
    ["", []],
    ["plain", ["plain"]],
    ["costs $5, or 5$", ["costs $5, or 5$"]],
    ["$$", ["$"]],
    ["$$request.header.x", ["$request.header.x"]],
    ["$${env.X}", ["${env.X}"]],
    ["a${env.X}b${stageVariables.y}", ["a", { kind: "env", name: "X" }, "b", { kind: "stageVariable", name: "y" }]],
    ["{id}", ["{id}"]],
    ['<${request.body["a}b"]}>', ["<", { kind: "body", path: [{ kind: "member", name: "a}b" }] }, ">"]],
  ];
  for (const [text, parts] of cases)
    test(`"${text}"`, () => expect(read(text)).toEqual({ text: { parts }, found: [] }));

  test("in an endpoint braces are path parameters", () => {
    expect(read("http://x/{id}?a={b-c}", places.endpoint).text?.parts).toEqual([
      "http://x/",
      { kind: "path", name: "id" },
      "?a=",
      { kind: "path", name: "b-c" },
    ]);
  });

  test("any text without a dollar sign is itself", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("$")),
        (text) => {
          const parsed = read(text);
          expect(parsed.found).toEqual([]);
          expect(parsed.text && constantText(parsed.text)).toBe(text);
        },
      ),
    );
  });

  test("any text with its dollar signs doubled is itself", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = read(text.replaceAll("$", "$$$$"));
        expect(parsed.found).toEqual([]);
        expect(parsed.text && constantText(parsed.text)).toBe(text);
      }),
    );
  });

  test("nothing makes the parser throw or hang, and spans stay inside the text", () => {
    const piece = fc.constantFrom(
      "$",
      "{",
      "}",
      "[",
      "]",
      '"',
      "'",
      ".",
      "\\",
      "request",
      "body",
      "context",
      "a",
      "0",
      "*",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        for (const { span } of read(text).found) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
    expect(read(`$request.body${"[0]".repeat(100_000)}`).found).toHaveLength(1);
    expect(read("${".repeat(100_000)).found.length).toBeGreaterThan(0);
  });

  test("a path into a body is read back as it was written", () => {
    const step: fc.Arbitrary<PathStep> = fc.oneof(
      fc.record({ kind: fc.constant("member" as const), name: fc.string({ minLength: 1 }) }),
      fc.record({ kind: fc.constant("index" as const), index: fc.nat(99) }),
      fc.constant({ kind: "items" } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (path) => {
        const written = path.map((part) =>
          part.kind === "member"
            ? `["${part.name.replace(/[\\"]/g, "\\$&")}"]`
            : part.kind === "index"
              ? `[${part.index}]`
              : "[*]",
        );
        expect(reference(`$request.body${written.join("")}`)).toEqual({ kind: "body", path });
      }),
    );
  });
});

describe("values", () => {
  function readValue(yaml: string): Value | undefined {
    const tree = readYaml(new SourceFile("x", `v: ${yaml}\n`), () => undefined);
    const node = (tree?.kind === "map" ? tree.entries[0]?.value : undefined) as Node;
    return parseValue(node, { place: anywhere, report: () => undefined });
  }

  test("constants, expressions, texts and JSON made of them", () => {
    expect(readValue("5")).toEqual({ kind: "constant", value: 5 });
    expect(readValue('"5"')).toEqual({ kind: "constant", value: "5" });
    expect(readValue('"$$5"')).toEqual({ kind: "constant", value: "$5" });
    expect(readValue("$context.requestId")).toEqual({
      kind: "reference",
      reference: { kind: "context", path: ["requestId"] },
    });
    expect(readValue('{ a: [true, null], __proto__: "x ${context.stage}" }')).toEqual({
      kind: "object",
      members: [
        {
          name: "a",
          value: {
            kind: "list",
            items: [
              { kind: "constant", value: true },
              { kind: "constant", value: null },
            ],
          },
        },
        {
          name: "__proto__",
          value: { kind: "text", text: { parts: ["x ", { kind: "context", path: ["stage"] }] } },
        },
      ],
    });
  });

  const q: Reference = { kind: "querystring", name: "q" };
  const defaults: readonly (readonly [string, Value])[] = [
    ["$request.querystring.q ?? 10", { kind: "constant", value: 10 }],
    ["$request.querystring.q ?? null", { kind: "constant", value: null }],
    ["$request.querystring.q??'it\\'s'", { kind: "constant", value: "it's" }],
    ['$request.querystring.q ?? "a $ b"', { kind: "constant", value: "a $ b" }],
    ["$request.querystring.q ?? []", { kind: "list", items: [] }],
    [
      "$request.querystring.q ?? $context.stage",
      { kind: "reference", reference: { kind: "context", path: ["stage"] } },
    ],
  ];
  test.each(defaults)("%s has a default", (text, otherwise) => {
    expect(readValue(JSON.stringify(text))).toEqual({ kind: "default", reference: q, otherwise });
  });

  test("defaults may follow each other, and a name may hold question marks", () => {
    expect(readValue("$request.querystring.q ?? $request.header.h ?? 1")).toMatchObject({
      otherwise: { kind: "default", otherwise: { kind: "constant", value: 1 } },
    });
    expect(readValue("'$request.body[\"a ?? b\"]'")).toMatchObject({ kind: "reference" });
  });

  const broken: readonly (readonly [string, Place, string])[] = [
    ["$request.querystring.q ?? ten", anywhere, "stands a number"],
    ["$request.querystring.q ?? ", anywhere, "stands a number"],
    ["$request.querystring.q ?? $context.stage x", anywhere, "follows it"],
    ["$context.error.message ?? 1", places.gatewayResponse, "a default cannot stand in a gateway response"],
  ];
  test.each(broken)("%s is no default", (text, place, problem) => {
    const list = new DiagnosticList();
    const tree = readYaml(new SourceFile("x", `v: ${JSON.stringify(text)}\n`), () => undefined);
    const node = (tree?.kind === "map" ? tree.entries[0]?.value : undefined) as Node;
    expect(parseValue(node, { place, report: list.report })).toBeUndefined();
    expect(list.sorted()).toMatchObject([{ code: "expression-syntax", message: expect.stringContaining(problem) }]);
  });
});
