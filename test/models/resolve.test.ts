import { describe, expect, test } from "vitest";
import { jsonSchemaOf } from "../../generators/emit/json-schema.js";
import { express, parseClean } from "./support.js";

/** Draft-04 schema of a model, which shows its type at a glance. */
async function schemaOf(text: string, name = "A"): Promise<unknown> {
  const parsed = await parseClean(text);
  return jsonSchemaOf(parsed.type(name), { ref: (model) => `#/${model}`, lookup: parsed.scope.lookup });
}

const table: readonly (readonly [title: string, text: string, schema: unknown])[] = [
  [
    "interface with optional and readonly properties",
    "interface A { id: uuid; readonly n?: integer; s: string | undefined }",
    {
      type: "object",
      properties: { id: { type: "string", format: "uuid" }, n: { type: "integer" }, s: { type: "string" } },
      required: ["id"],
    },
  ],
  [
    "extends several bases, own properties narrow",
    "interface B { x: string; n: number } interface C { y: boolean } interface A extends B, C { x: 'a' | 'b' }",
    {
      type: "object",
      properties: { x: { type: "string", enum: ["a", "b"] }, n: { type: "number" }, y: { type: "boolean" } },
      required: ["x", "n", "y"],
    },
  ],
  [
    "extends an alias, a generic and a utility",
    "type B = { a: string; b: string }; interface P<T> { items: T[] } interface A extends Omit<B, 'b'>, P<integer> {}",
    {
      type: "object",
      properties: { a: { type: "string" }, items: { type: "array", items: { type: "integer" } } },
      required: ["a", "items"],
    },
  ],
  ["literals of one kind are an enum", "type A = 'b' | 'a' | 'b'", { type: "string", enum: ["b", "a"] }],
  ["enum of TypeScript", "enum A { Up, Down = 4, Left }", { type: "integer", enum: [0, 4, 5] }],
  ["member of an enum", "enum C { R = 'red', G = 'green' } type A = C.G", { type: "string", enum: ["green"] }],
  ["both booleans are boolean", "type A = true | false", { type: "boolean" }],
  [
    "a wider member swallows literals",
    "type A = string | 'a' | 1",
    { oneOf: [{ type: "string" }, { type: "integer", enum: [1] }] },
  ],
  ["null with one type", "type A = null | string", { type: ["string", "null"] }],
  ["null with an enum", "type A = 'a' | null | 'b'", { type: ["string", "null"], enum: ["a", "b", null] }],
  ["null with a model", "interface B { x: string } type A = B | null", { anyOf: [{ $ref: "#/B" }, { type: "null" }] }],
  [
    "union of kinds that exclude each other",
    "interface B { x: string } type A = B | string[] | integer",
    { oneOf: [{ $ref: "#/B" }, { type: "array", items: { type: "string" } }, { type: "integer" }] },
  ],
  [
    "union of objects that may overlap",
    "type A = { x: string } | { y: string }",
    {
      anyOf: [
        { type: "object", properties: { x: { type: "string" } }, required: ["x"] },
        { type: "object", properties: { y: { type: "string" } }, required: ["y"] },
      ],
    },
  ],
  ["unknown swallows a union", "type A = string | unknown", {}],
  [
    "arrays in all spellings",
    "type A = [Array<string>, ReadonlyArray<string>, readonly string[], (string | null)[]]",
    {
      type: "array",
      items: [
        { type: "array", items: { type: "string" } },
        { type: "array", items: { type: "string" } },
        { type: "array", items: { type: "string" } },
        { type: "array", items: { type: ["string", "null"] } },
      ],
      additionalItems: false,
      minItems: 4,
    },
  ],
  [
    "tuple with optional and rest items",
    "type A = [name: string, n?: integer, ...rest: boolean[]]",
    {
      type: "array",
      items: [{ type: "string" }, { type: "integer" }],
      additionalItems: { type: "boolean" },
      minItems: 1,
    },
  ],
  [
    "Record of string",
    "type A = Record<string, integer>",
    { type: "object", additionalProperties: { type: "integer" } },
  ],
  [
    "Record of literals",
    "type K = 'a' | 'b'; type A = Record<K, integer>",
    { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } }, required: ["a", "b"] },
  ],
  ["the closed empty object", "type A = Record<string, never>", { type: "object", additionalProperties: false }],
  [
    "index signature beside properties",
    "interface A { id: string; [name: string]: string | integer }",
    {
      type: "object",
      properties: { id: { type: "string" } },
      required: ["id"],
      additionalProperties: { oneOf: [{ type: "string" }, { type: "integer" }] },
    },
  ],
  [
    "index signature of unknown",
    "interface A { [name: string]: unknown }",
    { type: "object", additionalProperties: true },
  ],
  [
    "intersection of names stays one",
    "interface B { x: string } interface C { y: string } type A = B & C & { z: string } & { w?: integer }",
    {
      allOf: [
        { $ref: "#/B" },
        { $ref: "#/C" },
        { type: "object", properties: { z: { type: "string" }, w: { type: "integer" } }, required: ["z"] },
      ],
    },
  ],
  [
    "intersection with a closed object is merged",
    "/** @additionalProperties false */ interface B { x: string } interface C { y: string } type A = B & C",
    {
      type: "object",
      properties: { x: { type: "string" }, y: { type: "string" } },
      required: ["x", "y"],
      additionalProperties: false,
    },
  ],
  [
    "intersection of scalars narrows",
    "type S = 'a' | 'b' | 'c'; type A = S & ('b' | 'c' | 'd')",
    { type: "string", enum: ["b", "c"] },
  ],
  ["integer and number meet", "type A = number & integer", { type: "integer" }],
  [
    "constraints by intersection",
    "type A = (integer & Minimum<1> & ExclusiveMaximum<10>)[] & MinItems<2> & UniqueItems",
    {
      type: "array",
      items: { type: "integer", minimum: 1, maximum: 10, exclusiveMaximum: true },
      minItems: 2,
      uniqueItems: true,
    },
  ],
  [
    "pattern with an escape, as TypeScript reads the literal",
    'type A = string & Pattern<"^\\\\d+$"> & MaxLength<5>',
    { type: "string", maxLength: 5, pattern: "^\\d+$" },
  ],
  [
    "generic with constraint and default",
    "interface P<T extends object = B, K = string> { item: T; key: K } interface B { x: string } type A = P",
    { type: "object", properties: { item: { $ref: "#/B" }, key: { type: "string" } }, required: ["item", "key"] },
  ],
  [
    "Partial, Required, Pick and Omit",
    "interface B { x: string; y?: string } type A = [Partial<B>, Required<B>, Pick<B, 'x'>, Omit<B, 'x'>]",
    {
      type: "array",
      items: [
        { type: "object", properties: { x: { type: "string" }, y: { type: "string" } } },
        { type: "object", properties: { x: { type: "string" }, y: { type: "string" } }, required: ["x", "y"] },
        { type: "object", properties: { x: { type: "string" } }, required: ["x"] },
        { type: "object", properties: { y: { type: "string" } } },
      ],
      additionalItems: false,
      minItems: 4,
    },
  ],
  [
    "Exclude, Extract and NonNullable on a named union",
    "type S = 'a' | 'b' | null; type A = [Exclude<S, null | 'a'>, Extract<S, 'a'>, NonNullable<S>]",
    {
      type: "array",
      items: [
        { type: "string", enum: ["b"] },
        { type: "string", enum: ["a"] },
        { type: "string", enum: ["a", "b"] },
      ],
      additionalItems: false,
      minItems: 3,
    },
  ],
  [
    "names of Object.prototype are plain properties",
    "interface A { constructor: string; __proto__: integer; toString?: string }",
    {
      type: "object",
      properties: Object.fromEntries([
        ["constructor", { type: "string" }],
        ["__proto__", { type: "integer" }],
        ["toString", { type: "string" }],
      ]),
      required: ["constructor", "__proto__"],
    },
  ],
];

describe("TypeScript types as JSON Schema", () => {
  for (const [title, text, schema] of table) {
    test(title, async () => {
      const actual = await schemaOf(text);
      expect(actual).toEqual(schema);
      expect(JSON.stringify(actual)).toBe(JSON.stringify(sortedLike(actual, schema)));
    });
  }
});

/** The wanted schema with the members in the order of the actual one: compares own `__proto__` members too. */
function sortedLike(actual: unknown, wanted: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(wanted)) return wanted.map((item, at) => sortedLike(actual[at], item));
  if (typeof actual !== "object" || typeof wanted !== "object" || !actual || !wanted) return wanted;
  const given = new Map(Object.entries(wanted));
  return Object.fromEntries(Object.entries(actual).map(([name, value]) => [name, sortedLike(value, given.get(name))]));
}

describe("recursion", () => {
  test("direct, mutual, and through unions", async () => {
    const { scope } = await parseClean(`
      interface Tree { children: Tree[] }
      interface Person { company?: Company } interface Company { staff: Person[] }
      type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
      interface Leaf { tree: Tree }
    `);
    expect(scope.models.map((model) => [model.name, model.recursive])).toEqual([
      ["Tree", true],
      ["Person", true],
      ["Company", true],
      ["Json", true],
      ["Leaf", false],
    ]);
  });

  test("a generic type that refers to itself becomes a model named after its arguments", async () => {
    const { scope, type } = await parseClean(
      "interface Tree<T> { value: T; children: Tree<T>[] } type A = Tree<uuid> | Tree<A>",
    );
    expect(scope.models.map((model) => model.name)).toEqual(["A", "TreeOfUuid", "TreeOfA"]);
    expect(type("TreeOfUuid")).toMatchObject({
      kind: "object",
      properties: [
        { name: "value" },
        { name: "children", type: { items: { kind: "reference", model: "TreeOfUuid" } } },
      ],
    });
  });

  test("a property may use the type that it stands in, less itself", async () => {
    const { type } = await parseClean(
      "interface Category { id: uuid; name: string; parent?: Omit<Category, 'parent'> }",
    );
    expect(type("Category")).toMatchObject({
      properties: [
        { name: "id" },
        { name: "name" },
        { type: { kind: "object", properties: [{ name: "id" }, { name: "name" }] } },
      ],
    });
  });

  test("Partial of itself is named", async () => {
    const { scope, type } = await parseClean("interface User { name: string; manager?: Partial<User> }");
    expect(scope.models.map((model) => model.name)).toEqual(["User", "PartialOfUser"]);
    expect(type("PartialOfUser")).toMatchObject({
      properties: [
        { name: "name", optional: true },
        { name: "manager", type: { model: "PartialOfUser" } },
      ],
    });
  });

  test("an expression may bring about a further model", async () => {
    const { scope, type } = await express("Tree<string>[]", "interface Tree<T> { value: T; next?: Tree<T> }");
    expect(type).toMatchObject({ kind: "array", items: { kind: "reference", model: "TreeOfString" } });
    expect(scope.models.map((model) => model.name)).toEqual(["TreeOfString"]);
  });
});

describe("discriminated unions", () => {
  const shapes = `
    interface Circle { kind: "circle"; radius: number } enum Kind { Square = "square" }
    type Dot = "dot"; interface Square { kind: Kind.Square; side: number } interface Point { kind: Dot }
  `;

  test("the common literal is found, through enums and aliases", async () => {
    const { type } = await parseClean(`${shapes} type Shape = Circle | Square | Point`);
    expect(type("Shape")).toMatchObject({
      kind: "union",
      discriminator: { property: "kind", values: ["circle", "square", "dot"] },
    });
  });

  test("members that share a value have none", async () => {
    const { type } = await parseClean(`${shapes} interface Ring { kind: "circle" } type Shape = Circle | Ring`);
    expect(type("Shape")).toMatchObject({ kind: "union", discriminator: undefined });
  });

  test("an optional tag is none", async () => {
    const { type } = await parseClean(`${shapes} interface Ring { kind?: "ring" } type Shape = Circle | Ring`);
    expect(type("Shape")).toMatchObject({ kind: "union", discriminator: undefined });
  });
});
