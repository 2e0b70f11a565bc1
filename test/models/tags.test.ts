import { describe, expect, test } from "vitest";
import { codes, express, marked, parse, parseClean } from "./support.js";

describe("constraint tags", () => {
  test("every tag, on the kind it is for", async () => {
    const { type } = await parseClean(`
      interface A {
        /** @minimum 1 @maximum 10 @multipleOf 0.5 */ n: number;
        /**
         * @minLength 2
         * @maxLength 8
         * @pattern ^[a-z]+$
         * @format hostname
         */
        s: string;
        /** @minItems 1 @maxItems 3 @uniqueItems */ a: string[];
        /** @minProperties 1 @maxProperties 3 @additionalProperties false */ o: { x?: string };
        /** @exclusiveMinimum 0 @maximum 5 @exclusiveMaximum */ e: number;
      }
    `);
    expect(type("A")).toMatchObject({
      properties: [
        { type: { constraints: { minimum: 1, maximum: 10, multipleOf: 0.5 } } },
        { type: { format: "hostname", constraints: { minLength: 2, maxLength: 8, pattern: "^[a-z]+$" } } },
        { type: { constraints: { minItems: 1, maxItems: 3, uniqueItems: true } } },
        { type: { additional: false, constraints: { minProperties: 1, maxProperties: 3 } } },
        { type: { constraints: { minimum: 0, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: true } } },
      ],
    });
  });

  test("on a declaration, an alias and through a name", async () => {
    const { type } = await parseClean(`
      /** @minimum 1 */ type Count = integer
      interface A { /** @maximum 5 */ n: Count; /** @minLength 1 */ s: string | null; /** @maxLength 3 */ t: Name | null }
      type Name = string
    `);
    expect(type("Count")).toMatchObject({ constraints: { minimum: 1 } });
    expect(type("A")).toMatchObject({
      properties: [
        { type: { kind: "reference", model: "Count", constraints: { maximum: 5 } } },
        { type: { members: [{ constraints: { minLength: 1 } }, { name: "null", constraints: {} }] } },
        { type: { members: [{ model: "Name", constraints: { maxLength: 3 } }, { name: "null" }] } },
      ],
    });
  });

  test("before a whole expression", async () => {
    const { type, diagnostics } = await express("/** @minimum 1 @maximum 100 */ integer");
    expect(codes(diagnostics)).toEqual([]);
    expect(type).toMatchObject({ name: "integer", constraints: { minimum: 1, maximum: 100 } });
  });
});

describe("documentation tags", () => {
  test("description, title, default, examples, deprecated, readOnly", async () => {
    const { type, model } = await parseClean(`
      /**
       * One order.
       * Mail to me @home.
       *
       * @title Order
       * @see https://example.com
       */
      interface A {
        /** The state. @default pending @example "paid" */ status: S;
        /**
         * @deprecated use sku
         * @readOnly
         * @example 12345
         * @example 67890
         */
        code?: string;
        /** @default {"x": [1, 2]} */ o?: { x: integer[] };
      }
      type S = "pending" | "paid"
    `);
    expect(model("A").docs).toMatchObject({ description: "One order.\nMail to me @home.", title: "Order" });
    expect(type("A")).toMatchObject({
      properties: [
        { docs: { description: "The state.", default: "pending", examples: ["paid"] } },
        {
          readOnly: true,
          docs: { description: "Deprecated: use sku", deprecated: true, examples: ["12345", "67890"] },
        },
        { docs: { default: { x: [1, 2] } } },
      ],
    });
  });

  test("a comment at the end of a line belongs to nothing below it", async () => {
    const { type } = await parse(
      "interface A {\n  x: string; /** of x */\n  y: string;\n  /** of z */\n  z: string\n}",
    );
    expect(type("A")).toMatchObject({
      properties: [{}, { docs: { description: undefined } }, { docs: { description: "of z" } }],
    });
  });
});

const table: readonly (readonly [code: string, text: string])[] = [
  ["tag-value", "interface A { /** @minimum «low» */ n: number }"],
  ["tag-value", "interface A { /** «@minimum» */ n: number }"],
  ["tag-value", "interface A { /** @minLength «-1» */ s: string }"],
  ["tag-value", "interface A { /** @maxItems «1.5» */ s: string[] }"],
  ["tag-value", "interface A { /** @multipleOf «0» */ n: number }"],
  ["tag-value", "interface A { /** @uniqueItems «maybe» */ s: string[] }"],
  ["tag-value", "interface A { /** «@pattern» */ s: string }"],
  ["tag-value", "interface A { /** @format «date time» */ s: string }"],
  ["tag-misplaced", "interface A { /** «@minimum» 1 */ s: string }"],
  ["tag-misplaced", "interface A { /** «@minLength» 1 */ s: integer[] }"],
  ["tag-misplaced", "interface A { /** «@maxLength» 1 */ s: S } type S = 'a' | 'b'"],
  ["tag-misplaced", "interface A { /** «@minItems» 1 */ s: B } interface B { x: string }"],
  ["tag-misplaced", "/** «@additionalProperties» false */ type A = string"],
  ["tag-duplicate", "interface A { /** @minimum 1 «@minimum» 2 */ n: number }"],
  ["tag-conflict", "interface A { /** @minimum 5 @maximum «2» */ n: number }"],
  ["tag-conflict", "interface A { /** @minLength 5 @maxLength «2» */ s: string }"],
  ["tag-unknown", "interface A { /** «@minimun» 1 */ n: number }"],
  ["tag-unknown", "interface A { /** @minimum 1 «@maxmum» 2 */ n: number }"],
  ["tag-unattached", "interface A { x: «/** @minimum 1 */» integer[] }"],
  ["tag-unattached", "interface A { x: integer «/** @minimum 1 */»\n y: integer }"],
  ["tag-unattached", "interface A { x: integer; «/** @minimum 1 */» }"],
  ["default-mismatch", "interface A { /** @default «ten» */ n: integer }"],
  ["default-mismatch", "interface A { /** @default «open» */ s: S } type S = 'paid' | 'shipped'"],
  ["default-mismatch", "interface A { /** @minimum 5 @default «2» */ n: integer }"],
  ["example-mismatch", 'interface A { /** @example «{"x": 1}» */ b: B } interface B { x: string }'],
  ["format-unknown", "interface A { /** @format «date-tme» */ s: string }"],
  ["pattern-invalid", "interface A { /** @pattern «(» */ s: string }"],
  ["pattern-catastrophic", "interface A { /** @pattern «^(a+)+$» */ s: string }"],
  ["pattern-slow", "interface A { /** @pattern «^\\S+@\\S+$» */ s: string }"],
];

describe("mistakes in tags", () => {
  for (const [code, snippet] of table) {
    test(`${code}: ${snippet.replace(/\n/g, " ")}`, async () => {
      const { text, span } = marked(snippet);
      const { diagnostics } = await parse(text);
      expect(diagnostics.filter(({ severity }) => severity !== "info")).toMatchObject([{ code, span }]);
    });
  }

  test("the attack is in the message", async () => {
    const { diagnostics } = await parse("interface A { /** @pattern ^(a|a)*$ */ s: string }");
    expect(diagnostics[0]?.message).toContain("'a'.repeat(");
  });

  test("a bounded text may have a polynomial pattern", async () => {
    const { diagnostics } = await parse("interface A { /** @maxLength 254 @pattern ^\\S+@\\S+$ */ s: string }");
    expect(codes(diagnostics)).toEqual([]);
  });

  test("tags of JSDoc that mean nothing here are left alone", async () => {
    const { diagnostics } = await parse(
      "/**\n * @since 1.0\n * @author me@example.com\n * @remarks x\n * @see y\n */\ninterface A { x: string }",
    );
    expect(codes(diagnostics)).toEqual([]);
  });
});

describe("notes for AWS", () => {
  const notes: readonly (readonly [code: string, text: string])[] = [
    ["aws-tuple", "interface A { x: «[string, integer]» }"],
    ["aws-null", "interface A { x: «string | null» }"],
    ["aws-exclusive-bound", "interface A { /** «@exclusiveMinimum» 0 */ x: number }"],
    [
      "aws-closed-intersection",
      "/** @additionalProperties false */ interface B { x: string } type A = «B & { y: string }»",
    ],
    ["aws-unchecked-format", "interface A { /** @format «duration» */ x: string }"],
    ["aws-model-name", "interface «Order_Item» { x: string }"],
  ];
  for (const [code, snippet] of notes) {
    test(code, async () => {
      const { text, span } = marked(snippet);
      const { diagnostics } = await parse(text);
      expect(diagnostics).toMatchObject([{ code, span, severity: "info" }]);
    });
  }
});
