import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { modelsText, modelText, typeText } from "../../generators/emit/type-text.js";
import { TypeKeys } from "../../src/model/type-keys.js";
import { arbitraryModels } from "./arbitrary-types.js";
import { express, parse, parseClean } from "./support.js";

/** Types of a text under `strict`, without any library but TypeScript's own. */
function typeErrors(text: string): readonly string[] {
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, options) =>
    name === "m.ts" ? ts.createSourceFile(name, text, options) : read(name, options);
  const program = ts.createProgram(["m.ts"], { strict: true, noEmit: true, types: [], lib: ["lib.es2022.d.ts"] }, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
}

describe("types as TypeScript text", () => {
  test("reads like what was written", async () => {
    const { scope } = await parseClean(`
      /** One line of an order. */
      interface Item { sku: string; /** @minimum 1 */ quantity: integer; price: number }
      type Status = "pending" | "paid"
      interface Order { id: uuid; items: Item[]; status: Status; /** Text of it. @default "none" */ note?: string | null; "x-y": [string, number?] }
    `);
    expect(modelsText(scope.models)).toBe(`/** One line of an order. */
export interface Item {
  sku: string;
  /** @minimum 1 */
  quantity: number;
  price: number;
}

export type Status = "pending" | "paid";

export interface Order {
  /** @format uuid */
  id: string;
  items: Item[];
  status: Status;
  /**
   * Text of it.
   * @default "none"
   */
  note?: string | null;
  "x-y": [string, number?];
}
`);
  });

  test("in the language of gateway.yaml", async () => {
    const { scope } = await parseClean(`
      /** @additionalProperties false */
      interface A { id: uuid; /** @minimum 1 @exclusiveMinimum */ n: integer | null; s: (string & MinLength<2>)[]; f: string & Format<"ipv4"> }
    `);
    expect(modelsText(scope.models, { scalars: "gateway" })).toBe(`/** @additionalProperties false */
export interface A {
  id: uuid;
  /**
   * @minimum 1
   * @exclusiveMinimum
   */
  n: integer | null;
  s: (string & MinLength<2>)[];
  /** @format ipv4 */
  f: string;
}
`);
  });

  test("expressions, nested and named anew", async () => {
    const { type } = await express(
      "{ orders: (Order | string)[]; by: Record<string, Order> }",
      "interface Order { id: string }",
    );
    expect(type && typeText(type, { nameOf: (model) => `models.${model}` })).toBe(
      "{\n  orders: (models.Order | string)[];\n  by: Record<string, models.Order>;\n}",
    );
  });

  test("a comment cannot be closed from inside", async () => {
    const { model } = await parseClean(
      'interface A { /** @pattern ^a*\\/b$ */ x: string; /** @default "*\\/" */ y: string }',
    );
    const text = modelText(model("A"));
    expect(text).toContain("@pattern ^a*\\/b$");
    expect(text.match(/\*\//g)).toHaveLength(2);
    expect(typeErrors(text)).toEqual([]);
  });

  test("any model reads back as the same type, and compiles under strict", async () => {
    const keys = new TypeKeys();
    const texts: string[] = [];
    await fc.assert(
      fc.asyncProperty(arbitraryModels(), async (source) => {
        const { scope, diagnostics } = await parse(source);
        fc.pre(!diagnostics.some(({ severity }) => severity === "error"));
        const again = await parse(modelsText(scope.models, { scalars: "gateway" }));
        expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        for (const [at, model] of scope.models.entries()) {
          const other = again.scope.models[at];
          expect(other?.name).toBe(model.name);
          expect(
            other && keys.same(model.type, other.type),
            `${source}\n---\n${modelText(model, { scalars: "gateway" })}`,
          ).toBe(true);
        }
        texts.push(modelsText(scope.models));
      }),
      { numRuns: 200 },
    );
    const program = texts.slice(0, 100).map((text, at) => `namespace N${at} {\n${text}}\n`);
    expect(typeErrors(program.join(""))).toEqual([]);
  });
});
