import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { TypeKeys } from "../../src/model/type-keys.js";
import { codes, express, parse, sameSpans } from "./support.js";

const models = `
  interface Order { id: uuid; status: Status } type Status = "pending" | "paid"
  interface Problem { message: string } enum Color { Red = "red" }
`;

describe("type expressions", () => {
  test("what responses of a gateway look like", async () => {
    const { type, diagnostics } = await express("{ orders: Order[]; cursor?: string }", models);
    expect(codes(diagnostics)).toEqual([]);
    expect(type).toMatchObject({
      kind: "object",
      properties: [
        { name: "orders", optional: false, type: { kind: "array", items: { kind: "reference", model: "Order" } } },
        { name: "cursor", optional: true, type: { kind: "primitive", name: "string" } },
      ],
    });
  });

  test("trailing semicolons, comments and line breaks are TypeScript's", async () => {
    const { type, diagnostics } = await express("\n  // a list\n  Order[]; \n", models);
    expect(codes(diagnostics)).toEqual([]);
    expect(type).toMatchObject({ kind: "array" });
  });

  test("the same text yields the same type", async () => {
    const { scope } = await express("string", models);
    const list = new DiagnosticList();
    const types = [1, 2].map(() => scope.resolveType("{ a: Order & { b: string } }", sameSpans, list.report));
    expect(types[0]).toBe(types[1]);
  });

  test("the quick reader and the compiler's parser agree", async () => {
    const { scope } = await parse(models);
    const leaf = fc.constantFrom(
      "string",
      "integer",
      "uuid",
      "datetime",
      "Order",
      "Status",
      '"a"',
      "'b'",
      "1",
      "-2.5",
      "true",
      "unknown",
      "null",
      "Color",
    );
    const name = fc.constantFrom("a", "b", "constructor", "__proto__", '"x-y"', "$c");
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3, depthSize: "small" },
        leaf,
        tie("expression").map((inner) => `(${inner})[]`),
        fc
          .array(tie("expression"), { minLength: 2, maxLength: 3 })
          .map((parts) => parts.map((part) => `(${part})`).join(" | ")),
        fc
          .uniqueArray(fc.tuple(name, fc.boolean(), tie("expression")), { maxLength: 3, selector: ([key]) => key })
          .map(
            (members) =>
              `{ ${members.map(([key, optional, inner]) => `${key}${optional ? "?" : ""}: ${inner}`).join("; ")} }`,
          ),
      ),
    }));
    const keys = new TypeKeys();
    fc.assert(
      fc.property(expression, (text) => {
        const list = new DiagnosticList();
        const quick = scope.resolveType(text, sameSpans, list.report);
        // A comment keeps the quick reader away.
        const full = scope.resolveType(`${text} /* full */`, sameSpans, list.report);
        expect(list.hasErrors).toBe(false);
        expect(quick && full && keys.same(quick, full)).toBe(true);
        expect(stripped(quick)).toEqual(stripped(full));
      }),
      { numRuns: 300 },
    );
  });
});

/** Discriminators aside, which only the compiler's parser looks for in inline unions. */
function stripped(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === "discriminator" ? undefined : member)));
}
