import SwaggerParser from "@apidevtools/swagger-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OpenApiFlavour } from "../../generators/emit/openapi-schema.js";
import { schemaOf, schemaOfModel } from "../../generators/emit/schema.js";
import { awsModelNames } from "../../src/model/aws-model-names.js";
import { arbitraryModels } from "./arbitrary-types.js";
import { parse, parseClean } from "./support.js";

const ref = (model: string) => `#/components/schemas/${model}`;

async function openApi(text: string, flavour: OpenApiFlavour, name = "A") {
  const { scope, model } = await parseClean(text);
  return schemaOfModel(model(name), { dialect: "openapi30", flavour, ref, lookup: scope.lookup });
}

const shop = `
  /** One line of an order. */
  interface Item { sku: string; /** @minimum 1 */ quantity: integer; /** @exclusiveMinimum 0 */ price: number }
  type Status = "pending" | "paid" | "shipped"
  interface Order { id: uuid; status: Status; /** Lines. @minItems 1 */ items: Item[]; note: string | null; at?: datetime }
  interface Card { kind: "card"; number: string } interface Bank { kind: "bank"; iban: string }
  type Payment = Card | Bank | null
  interface Tree { value: unknown; children: Tree[]; [extra: string]: unknown }
  type Pair = [string, integer?, ...boolean[]]
  type Both = Order & Item
  interface All {
    /** The status. @default paid @deprecated */ status: Status; payment: Payment; pair: Pair;
    /** @readOnly @example 5 */ n?: integer; maybe: Order | null; file: binary; both: Both; map: Record<string, Item | string>
  }
`;

describe("OpenAPI 3.0 schemas", () => {
  for (const flavour of ["aws", "clean"] as const) {
    test(`all kinds of types are valid in the ${flavour} flavour`, async () => {
      const { scope } = await parseClean(shop);
      const schemas = Object.fromEntries(
        scope.models.map((model) => [
          model.name,
          schemaOfModel(model, { dialect: "openapi30", flavour, ref, lookup: scope.lookup }),
        ]),
      );
      const document = { openapi: "3.0.1", info: { title: "t", version: "1" }, paths: {}, components: { schemas } };
      await expect(SwaggerParser.validate(structuredClone(document) as never)).resolves.toBeTruthy();
      if (flavour === "aws") {
        // Keywords that fail the import of a model on API Gateway, or do nothing there.
        expect(JSON.stringify(schemas)).not.toMatch(
          /"(nullable|example|readOnly|deprecated|default|discriminator|exclusiveMinimum)":/,
        );
      }
    });
  }

  test("any model is valid in both flavours", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryModels(), async (text) => {
        const { scope, diagnostics } = await parse(text);
        fc.pre(!diagnostics.some(({ severity }) => severity === "error"));
        for (const flavour of ["aws", "clean"] as const) {
          const options = { dialect: "openapi30", flavour, ref, lookup: scope.lookup } as const;
          const schemas = Object.fromEntries(scope.models.map((model) => [model.name, schemaOfModel(model, options)]));
          const document = { openapi: "3.0.1", info: { title: "t", version: "1" }, paths: {}, components: { schemas } };
          await SwaggerParser.validate(structuredClone(document) as never);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("null", async () => {
    const text =
      "interface B { x: string } interface A { s: string | null; e: 'a' | null; r: B | null; u: B | string | null; n: null }";
    expect(await openApi(text, "clean")).toMatchObject({
      properties: {
        s: { type: "string", nullable: true },
        e: { type: "string", nullable: true, enum: ["a", null] },
        r: { nullable: true, allOf: [{ $ref: ref("B") }] },
        u: { nullable: true, oneOf: [{ $ref: ref("B") }, { type: "string" }] },
        n: { nullable: true, enum: [null] },
      },
    });
    expect(await openApi(text, "aws")).toMatchObject({
      properties: {
        s: { anyOf: [{ type: "string" }, { enum: [null] }] },
        e: { anyOf: [{ type: "string", enum: ["a"] }, { enum: [null] }] },
        r: { anyOf: [{ $ref: ref("B") }, { enum: [null] }] },
        n: { enum: [null] },
      },
    });
  });

  test("exclusive bounds on AWS keep their meaning", async () => {
    const text = `interface A {
      /** @exclusiveMinimum 1 @exclusiveMaximum 5 */ i: integer;
      /** @exclusiveMinimum 1.5 */ h: integer;
      /** @exclusiveMinimum 0 @maximum 1 */ n: number
    }`;
    expect(await openApi(text, "aws")).toMatchObject({
      properties: {
        i: { type: "integer", minimum: 2, maximum: 4 },
        h: { type: "integer", minimum: 2 },
        n: { type: "number", minimum: 0, maximum: 1, not: { enum: [0] } },
      },
    });
    expect(await openApi(text, "clean")).toMatchObject({
      properties: { i: { minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: true } },
    });
  });

  test("tuples become arrays of the right length", async () => {
    expect(await openApi("type A = [string, string, integer?]", "clean")).toEqual({
      type: "array",
      items: { anyOf: [{ type: "string" }, { type: "integer" }] },
      minItems: 2,
      maxItems: 3,
    });
    expect(await openApi("type A = [string, ...string[]]", "aws")).toEqual({
      type: "array",
      items: { type: "string" },
      minItems: 1,
    });
  });

  test("discriminators lead to the models", async () => {
    const text = 'interface B { kind: "b" } interface C { kind: "c" } type A = B | C';
    expect(await openApi(text, "clean")).toEqual({
      oneOf: [{ $ref: ref("B") }, { $ref: ref("C") }],
      discriminator: { propertyName: "kind", mapping: { b: ref("B"), c: ref("C") } },
    });
    expect(await openApi(text, "aws")).toEqual({ oneOf: [{ $ref: ref("B") }, { $ref: ref("C") }] });
  });

  test("constraints and documentation beside a reference", async () => {
    const text =
      "type B = string[]; interface A { /** All of them. @minItems 2 @deprecated */ b: B; /** Text. */ c: B }";
    expect(await openApi(text, "clean")).toMatchObject({
      properties: {
        b: { description: "All of them.", deprecated: true, allOf: [{ $ref: ref("B") }, { minItems: 2 }] },
        c: { description: "Text.", allOf: [{ $ref: ref("B") }] },
      },
    });
    expect(await openApi(text, "aws")).toMatchObject({
      properties: {
        b: { description: "All of them.", allOf: [{ $ref: ref("B") }, { minItems: 2 }] },
        c: { $ref: ref("B") },
      },
    });
  });

  test("an alias of a model is a reference, with its documentation in the clean flavour", async () => {
    const text = "interface B { x: string } /** The same. */ type A = B";
    expect(await openApi(text, "clean")).toEqual({ description: "The same.", allOf: [{ $ref: ref("B") }] });
    expect(await openApi(text, "aws")).toEqual({ $ref: ref("B") });
  });
});

test("draft-04 has no keyword that API Gateway refuses", async () => {
  const { scope } = await parseClean(shop);
  const schemas = scope.models.map((model) => schemaOf(model.type, { dialect: "draft04", ref, lookup: scope.lookup }));
  expect(JSON.stringify(schemas)).not.toMatch(
    /"(nullable|example|readOnly|deprecated|default|discriminator|const|\$defs)":/,
  );
});

test("names on AWS are alphanumeric and distinct", () => {
  expect([...awsModelNames(["Order_Item", "OrderItem", "Order$Item", "_"])]).toEqual([
    ["Order_Item", "OrderItem2"],
    ["OrderItem", "OrderItem"],
    ["Order$Item", "OrderItem3"],
    ["_", "Model"],
  ]);
});
