import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { parseModels } from "../../src/syntax/models/index.js";
import { codes, express, parse, sameSpans } from "./support.js";

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("bounds", () => {
  const hostile: readonly (readonly [what: string, text: string, code: string])[] = [
    ["nested parentheses", `type A = ${"(".repeat(100_000)}`, "type-too-deep"],
    ["nested objects", `type A = ${"{ a: ".repeat(150)}string${"}".repeat(150)}`, "type-too-deep"],
    ["a chain of prefixes", `type A = ${"readonly ".repeat(50_000)}string[]`, "type-too-deep"],
    ["a chain of arrays", `type A = string${"[]".repeat(5000)}`, "type-too-deep"],
    [
      "a long line of inheritance",
      range(3000)
        .map((at) => `interface E${at} extends E${at + 1} {}`)
        .join("\n"),
      "type-too-deep",
    ],
    ["a generic that grows", "interface N<T> { x?: N<T[]> } type A = N<string>", "type-too-deep"],
    [
      "a generic that grows twofold",
      "interface N<T> { x?: N<T[]>; y?: N<{ a: T }> } type A = N<string>",
      "too-many-instantiations",
    ],
    [
      "a doubling generic",
      `type D<T> = { a: T; b: T }; type A = ${"D<".repeat(60)}string${">".repeat(60)}`,
      "type-too-large",
    ],
    [
      "depth that doubles",
      `type B0<T> = T[]; ${range(40)
        .map((at) => `type B${at + 1}<T> = B${at}<B${at}<T>>`)
        .join(";")}; type A = B40<string>`,
      "type-too-deep",
    ],
    [
      "types too large together",
      `type W<T> = { ${range(90)
        .map((at) => `p${at}: [T, T]`)
        .join("; ")} };` +
        range(150)
          .map(
            (at) =>
              `type T${at} = W<{ ${range(40)
                .map((p) => `q${p}: ${at}`)
                .join("; ")} }>;`,
          )
          .join("\n"),
      "types-too-large",
    ],
    [
      "many declarations",
      range(10_100)
        .map((at) => `type T${at}=1`)
        .join(";"),
      "too-many-models",
    ],
    ["a long text", `type A = string // ${"x".repeat(4_100_000)}`, "model-text-too-long"],
  ];
  for (const [what, text, code] of hostile) {
    test(`${what} end in ${code}`, async () => {
      const { diagnostics } = await parse(text);
      expect(codes(diagnostics)).toContain(code);
    });
  }

  test("large but sensible files pass", async () => {
    const text = [
      `type U = ${range(5000)
        .map((at) => `"v${at}"`)
        .join(" | ")}`,
      `interface Wide { ${range(2000)
        .map((at) => `p${at}: string`)
        .join("; ")} }`,
      ...range(60).map((at) => `interface E${at} extends E${at + 1} { e${at}: string }`),
      "interface E60 { x: string }",
      ...range(3000).map((at) => `type A${at} = A${at + 1}[]`),
      "type A3000 = string",
    ].join("\n");
    const { diagnostics } = await parse(text);
    expect(codes(diagnostics)).toEqual([]);
  });

  test("a long expression is refused", async () => {
    const { diagnostics, type } = await express(`{ a: ${'"x" | '.repeat(20_000)} string }`);
    expect(type).toBeUndefined();
    expect(codes(diagnostics)).toEqual(["model-text-too-long"]);
  });
});

describe("any text", () => {
  const words = [
    "interface ",
    "type ",
    "enum ",
    "A",
    "B",
    "<T>",
    "<A>",
    " extends ",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ";",
    ":",
    "?",
    "|",
    "&",
    "=",
    "string",
    "1",
    '"x"',
    "/** @minimum 1 */",
    "/**",
    "*/",
    "\n",
    "keyof ",
    "...",
    ".",
    "Partial<A>",
    "Omit<A, 'x'>",
    "null",
    "`",
    "${",
    "@",
    "readonly ",
    "infer ",
    "=>",
    "never",
    "__proto__",
    "constructor",
  ];

  test("is answered with models and diagnostics, never with a throw", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 40 }), async (parts) => {
        const text = parts.join("");
        const list = new DiagnosticList();
        const scope = await parseModels(text, sameSpans, list.report);
        scope.resolveType(text, sameSpans, list.report);
        for (const { span } of list.sorted()) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(Math.max(1, text.length + 1));
        }
      }),
      { numRuns: 1500 },
    );
  });
});
