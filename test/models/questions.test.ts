import { describe, expect, test } from "vitest";
import { isAssignable } from "../../src/model/type-assignable.js";
import {
  elementOf,
  hasProperty,
  jsonKinds,
  memberOf,
  membersOf,
  reachableModels,
  referencesOf,
} from "../../src/model/type-questions.js";
import { valueMismatch } from "../../src/model/type-values.js";
import type { JsonValue, Type } from "../../src/model/types.js";
import { express, parseClean } from "./support.js";

const text = `
  interface Item { sku: string; price: number }
  interface Base { id: uuid }
  interface Order extends Base { items: Item[]; status: "open" | "paid"; note: string | null; pair: [integer, string] }
  type Alias = Order
  type Both = Order & { extra: boolean }
  interface Cat { kind: "cat"; lives: integer } interface Dog { kind: "dog"; name: string }
  type Animal = Cat | Dog | null
  interface Open { [name: string]: integer }
  interface Tree { value: string; next?: Tree }
  type Json = string | Json[]
`;

async function ask() {
  const { scope, type } = await parseClean(text);
  return { lookup: scope.lookup, type };
}

describe("questions about types", () => {
  test("members through references, intersections and unions", async () => {
    const { lookup, type } = await ask();
    expect([...(membersOf(type("Alias"), lookup)?.properties.keys() ?? [])]).toEqual([
      "id",
      "items",
      "status",
      "note",
      "pair",
    ]);
    expect(memberOf(type("Both"), "extra", lookup)).toMatchObject({ optional: false, type: { name: "boolean" } });
    expect(memberOf(type("Both"), "id", lookup)).toMatchObject({ type: { format: "uuid" } });
    expect(memberOf(type("Animal"), "kind", lookup)).toMatchObject({
      optional: false,
      type: { values: ["cat", "dog"] },
    });
    expect(memberOf(type("Animal"), "lives", lookup)).toMatchObject({ optional: true });
    expect(memberOf(type("Open"), "anything", lookup)).toMatchObject({ optional: true, type: { name: "integer" } });
    expect(memberOf(type("Order"), "missing", lookup)).toBeUndefined();
    expect(hasProperty(type("Order"), "constructor", lookup)).toBe(false);
    expect(memberOf(type("Json"), "length", lookup)).toBeUndefined();
  });

  test("elements", async () => {
    const { lookup, type } = await ask();
    const items = memberOf(type("Order"), "items", lookup)?.type as Type;
    const pair = memberOf(type("Order"), "pair", lookup)?.type as Type;
    expect(elementOf(items, 3, lookup)).toMatchObject({ model: "Item" });
    expect(elementOf(pair, 1, lookup)).toMatchObject({ name: "string" });
    expect(elementOf(pair, 2, lookup)).toBeUndefined();
    expect(elementOf(pair, undefined, lookup)).toMatchObject({ kind: "union" });
    expect(elementOf(type("Order"), 0, lookup)).toBeUndefined();
  });

  test("references and what they reach", async () => {
    const { lookup, type } = await ask();
    expect([...referencesOf(type("Order"))]).toEqual(["Item"]);
    expect([...reachableModels([type("Both")], lookup)].sort()).toEqual(["Item", "Order"]);
    expect([...reachableModels([type("Tree")], lookup)]).toEqual(["Tree"]);
  });

  test("kinds of JSON values", async () => {
    const { lookup, type } = await ask();
    expect([...jsonKinds(type("Animal"), lookup)]).toEqual(["object", "null"]);
    expect([...jsonKinds(type("Json"), lookup)]).toEqual(["string", "array"]);
    expect([...jsonKinds(type("Both"), lookup)]).toEqual(["object"]);
  });
});

describe("assignability", () => {
  const pairs: readonly (readonly [from: string, to: string, fits: boolean])[] = [
    ["integer", "number", true],
    ["number", "integer", false],
    ["'a'", "string", true],
    ["string", "'a'", false],
    ["'a' | 'b'", "'b' | 'a' | 'c'", true],
    ["boolean", "true | false", true],
    ["1", "integer", true],
    ["1.5", "integer", false],
    ["string | null", "string", false],
    ["string", "string | null", true],
    ["Cat", "Animal", true],
    ["Animal", "Cat", false],
    ["Order", "{ id: string }", true],
    ["{ id: string }", "Order", false],
    ["{ a?: string }", "{ a: string }", false],
    ["{ a: string }", "{ a?: string }", true],
    ["{ a: integer }", "Open", true],
    ["{ a: string }", "Open", false],
    ["[string, string]", "string[]", true],
    ["string[]", "[string]", false],
    ["[string, integer]", "[string, integer?]", true],
    ["[string]", "[string, integer]", false],
    ["Tree", "{ value: string; next?: { value: string } }", true],
    ["{ value: string; next?: Tree }", "Tree", true],
    ["Both", "Order", true],
    ["Order", "Both", false],
    ["unknown", "string", true],
    ["string[]", "Json", true],
    ["integer[]", "Json", false],
  ];
  for (const [from, to, fits] of pairs) {
    test(`${from} ${fits ? "fits" : "does not fit"} ${to}`, async () => {
      const { scope, type: a } = await express(from, text);
      const { type: b } = await express(to, text);
      if (!a || !b) throw new Error("bad expression");
      expect(isAssignable(a, b, scope.lookup)).toBe(fits);
    });
  }
});

describe("values", () => {
  const cases: readonly (readonly [type: string, value: JsonValue, why: string | undefined])[] = [
    ["Item", { sku: "a", price: 1 }, undefined],
    ["Item", { sku: "a" }, 'it lacks "price"'],
    ["Item[]", [{ sku: "a", price: "1" }], 'in "price", it must be a number'],
    ["integer & Minimum<1>", 0, "it must be at least 1"],
    ["string & MaxLength<2>", "\u{1f600}\u{1f600}", undefined],
    ["'a' | 'b'", "c", 'it must be one of "a", "b"'],
    ["Animal", { kind: "cow" }, "it fits no member of the union"],
    ["[integer, string?]", [1, "x", 2], "it must have at most 2 items"],
    ["Open", JSON.parse('{"__proto__": "x"}') as JsonValue, 'in "__proto__", it must be an integer'],
    ["null", 1, "it must be null"],
  ];
  for (const [expression, value, why] of cases) {
    test(`${JSON.stringify(value)} as ${expression}`, async () => {
      const { scope, type } = await express(expression, text);
      expect(type && valueMismatch(type, value, scope.lookup)).toBe(why);
    });
  }
});
