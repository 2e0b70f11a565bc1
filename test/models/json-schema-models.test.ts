import { describe, expect, test } from "vitest";
import { jsonSchemaOf } from "../../generators/emit/json-schema.js";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import type { JsonValue } from "../../src/model/types.js";
import { modelsFromSchemas, type SchemaPath } from "../../src/syntax/models/index.js";
import { sameSpans } from "./support.js";

/** Models from schemas; a diagnostic's place is told by its path. */
function read(schemas: Readonly<Record<string, JsonValue>>) {
  const list = new DiagnosticList();
  const paths: string[] = [];
  const entries = Object.entries(schemas).map(([name, schema]) => ({
    name,
    nameSpan: placeOf([name, "(name)"]),
    schema,
    spanOf: (path: SchemaPath) => placeOf([name, ...path]),
  }));
  function placeOf(path: SchemaPath) {
    const start = paths.push(path.join("/")) - 1;
    return { start, end: start + 1 };
  }
  const scope = modelsFromSchemas(entries, list.report);
  const diagnostics = list.sorted().map(({ code, span }) => [code, paths[span.start]]);
  return { scope, diagnostics, list };
}

const pet = {
  $schema: "http://json-schema.org/draft-04/schema#",
  title: "Pet",
  type: "object",
  properties: {
    id: { type: "integer", description: "Its number." },
    kind: { type: "string", enum: ["dog", "cat"] },
    owner: { anyOf: [{ $ref: "#/definitions/Owner" }, { type: "null" }] },
    tags: { type: "array", items: { type: ["string", "null"] }, minItems: 1, uniqueItems: true },
    parents: { type: "array", items: { $ref: "#" } },
    price: { type: "number", minimum: 0, exclusiveMinimum: true },
  },
  required: ["id", "kind"],
  additionalProperties: false,
} as const satisfies JsonValue;

describe("models given as JSON Schema", () => {
  test("become types", () => {
    const { scope, diagnostics } = read({
      Pet: pet,
      Owner: { type: "object", additionalProperties: { type: "string" } },
    });
    expect(diagnostics).toEqual([]);
    expect(scope.models).toMatchObject([
      {
        name: "Pet",
        recursive: true,
        docs: { title: "Pet" },
        type: {
          kind: "object",
          additional: false,
          properties: [
            { name: "id", optional: false, docs: { description: "Its number." } },
            { name: "kind", optional: false, type: { kind: "enum", values: ["dog", "cat"] } },
            { name: "owner", optional: true, type: { kind: "union", members: [{ model: "Owner" }, { name: "null" }] } },
            { name: "tags", type: { kind: "array", constraints: { minItems: 1, uniqueItems: true } } },
            { name: "parents", type: { items: { kind: "reference", model: "Pet" } } },
            { name: "price", type: { constraints: { minimum: 0, exclusiveMinimum: true } } },
          ],
        },
      },
      { name: "Owner", recursive: false, type: { kind: "object", additional: { name: "string" } } },
    ]);
  });

  test("and back to the same schema", () => {
    const schemas: Readonly<Record<string, JsonValue>> = {
      A: {
        type: "object",
        properties: { x: { type: "string", format: "uuid", maxLength: 36 } },
        required: ["x"],
        minProperties: 1,
      },
      B: {
        type: "array",
        items: [{ type: "string" }, { $ref: "#/definitions/A" }],
        additionalItems: false,
        minItems: 1,
      },
      C: { allOf: [{ $ref: "#/definitions/A" }, { type: "object", properties: { y: { type: "boolean" } } }] },
      D: { type: ["integer", "null"], minimum: 1 },
      E: { type: "string", enum: ["a", "b"] },
      F: {},
    };
    const { scope, diagnostics } = read(schemas);
    expect(diagnostics).toEqual([["aws-tuple", "B/items"]]);
    for (const { name, type } of scope.models) {
      expect(jsonSchemaOf(type, { ref: (model) => `#/definitions/${model}`, lookup: scope.lookup })).toEqual(
        schemas[name],
      );
    }
  });

  test("expressions use them as any model", () => {
    const { scope, list } = read({ Pet: pet, Owner: { type: "object" } });
    expect(scope.resolveType("{ pets: Pet[]; first?: Pick<Pet, 'id'> }", sameSpans, list.report)).toMatchObject({
      properties: [{ type: { items: { model: "Pet" } } }, { type: { kind: "object", properties: [{ name: "id" }] } }],
    });
    expect(scope.resolveType("Pett", sameSpans, list.report)).toBeUndefined();
  });

  test("definitions become models of their own", () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/definitions/Part" } },
      definitions: { Part: { type: "string" } },
    };
    const { scope, diagnostics } = read({ A: schema, B: schema, Other: {} });
    expect(diagnostics).toEqual([]);
    expect(scope.models.map(({ name }) => name)).toEqual(["A", "Part", "B", "BPart", "Other"]);
    expect(scope.lookup("B")).toMatchObject({ properties: [{ type: { model: "BPart" } }] });
  });

  test("a union of tagged objects has a discriminator", () => {
    const tagged = (kind: string) => ({
      type: "object",
      properties: { kind: { type: "string", enum: [kind] } },
      required: ["kind"],
    });
    const oneOf = [{ $ref: "#/definitions/Cat" }, { $ref: "#/definitions/Dog" }];
    const { scope, diagnostics } = read({
      Pets: { type: "array", items: { oneOf } },
      Cat: tagged("cat"),
      Dog: tagged("dog"),
    });
    expect(diagnostics).toEqual([]);
    expect(scope.lookup("Pets")).toMatchObject({
      items: { discriminator: { property: "kind", values: ["cat", "dog"] } },
    });
  });

  test("references in AWS's form lead to the models of the file", () => {
    const $ref = "https://apigateway.amazonaws.com/restapis/abc123/models/Pet";
    const { scope, diagnostics } = read({ Pet: { type: "string" }, Pets: { type: "array", items: { $ref } } });
    expect(diagnostics).toEqual([]);
    expect(scope.lookup("Pets")).toMatchObject({ items: { kind: "reference", model: "Pet" } });
  });
});

const wrong: readonly (readonly [code: string, path: string, schema: JsonValue])[] = [
  ["schema-keyword", "A/not", { not: { type: "string" } }],
  ["schema-keyword", "A/patternProperties", { type: "object", patternProperties: {} }],
  [
    "schema-keyword",
    "A/properties/x/propertes",
    { type: "object", properties: { x: { type: "object", propertes: {} } } },
  ],
  ["schema-value", "A/type", { type: "text" }],
  ["schema-value", "A/required", { type: "object", required: true }],
  ["schema-value", "A/minLength", { type: "string", minLength: -1 }],
  ["schema-value", "A/exclusiveMinimum", { type: "number", exclusiveMinimum: 5 }],
  ["schema-value", "A/enum", { enum: [] }],
  ["schema-value", "A/enum", { enum: [{ x: 1 }] }],
  ["schema-value", "A/oneOf", { oneOf: {} }],
  ["schema-value", "A/properties/x", { type: "object", properties: { x: "string" } }],
  ["schema-value", "A", true],
  ["schema-reference", "A/$ref", { $ref: "#/definitions/Missing" }],
  ["schema-reference", "A/items/$ref", { type: "array", items: { $ref: "https://example.com/schema.json" } }],
  ["schema-type-assumed", "A", { properties: { x: { type: "string" } } }],
  ["schema-closed", "A/allOf/0", { allOf: [{ type: "object", additionalProperties: false }, { type: "object" }] }],
  ["pattern-catastrophic", "A/pattern", { type: "string", pattern: "^(a+)+$" }],
  ["pattern-invalid", "A/pattern", { type: "string", pattern: "(" }],
];

describe("schemas that are no types", () => {
  for (const [code, path, schema] of wrong) {
    test(`${code} at ${path}`, () => {
      expect(read({ A: schema }).diagnostics).toEqual([[code, path]]);
    });
  }

  test("names of models", () => {
    expect(read({ "my-model": {}, uuid: {}, __proto__x: {} }).diagnostics).toEqual([
      ["model-name", "my-model/(name)"],
      ["model-reserved-name", "uuid/(name)"],
    ]);
  });

  test("deep nesting is bounded", () => {
    const deep = JSON.parse(`${'{"type":"array","items":'.repeat(500)}{}${"}".repeat(500)}`) as JsonValue;
    expect(read({ A: deep }).diagnostics.map(([code]) => code)).toEqual(["type-too-deep"]);
  });
});
