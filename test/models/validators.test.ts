import { createRequire } from "node:module";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { jsonSchemaOf } from "../../generators/emit/json-schema.js";
import { loadValidators, type Validator } from "../../generators/emit/load-validators.js";
import { openApiSchemaOf } from "../../generators/emit/openapi-schema.js";
import type { SchemaObject } from "../../generators/emit/schema-references.js";
import { validatorSource } from "../../generators/emit/validator.js";
import * as helpers from "../../runtime/validation/index.js";
import { valueMismatch } from "../../src/model/type-values.js";
import { arbitraryModels, arbitraryValue } from "./arbitrary-types.js";
import { parse } from "./support.js";

// Both packages are CommonJS, whose default exports TypeScript and Node see differently.
const require = createRequire(import.meta.url);
const Ajv = (require("ajv-draft-04") as typeof import("ajv-draft-04")).default;
const addFormats = (require("ajv-formats") as typeof import("ajv-formats")).default;

function validatorFor(schema: unknown): Validator {
  const source = validatorSource({
    document: schema as SchemaObject,
    entries: [{ name: "validate", ref: "#" }],
    explains: true,
  });
  const validate = loadValidators(source).get("validate");
  if (!validate) throw new Error("no validator");
  return validate;
}

describe("what is wrong, in API Gateway's words", () => {
  const pet = {
    type: "object",
    properties: {
      id: { type: "integer" },
      type: { type: "string", enum: ["dog", "cat", "fish"] },
      price: { type: "number", minimum: 25, maximum: 500 },
    },
    required: ["price", "type"],
  };
  const table: readonly (readonly [schema: unknown, value: unknown, text: string | undefined])[] = [
    [pet, { type: "dog", price: 100 }, undefined],
    [pet, { type: "dog", price: 20 }, "[numeric instance is lower than the required minimum (minimum: 25, found: 20)]"],
    [
      pet,
      { type: "bird", price: 501 },
      '[numeric instance is greater than the required maximum (maximum: 500, found: 501), instance value ("bird") not found in enum (possible values: ["dog","cat","fish"])]',
    ],
    [pet, {}, '[object has missing required properties (["price","type"])]'],
    [pet, [], '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'],
    [
      pet,
      { type: "dog", price: "x" },
      '[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
    ],
    // What an object contains is looked at only when nothing is wrong with the object itself.
    [pet, { price: 1 }, '[object has missing required properties (["type"])]'],
    [
      { minLength: 3, maxLength: 2, pattern: "^b" },
      "a\u{1f600}c",
      '[string "a\u{1f600}c" is too long (length: 3, maximum allowed: 2), ECMA 262 regex "^b" does not match input string "a\u{1f600}c"]',
    ],
    [
      { minItems: 2, uniqueItems: true },
      [1],
      "[array is too short: must have at least 2 elements but instance has 1 elements]",
    ],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      "[array must not contain duplicate elements]",
    ],
    [
      { properties: { a: {} }, additionalProperties: false },
      { a: 1, z: 1, b: 1 },
      '[object instance has properties which are not allowed by the schema: ["b","z"]]',
    ],
    [
      { oneOf: [{ type: "number" }, { minimum: 1 }] },
      2,
      "[instance failed to match exactly one schema (matched 2 out of 2)]",
    ],
    [
      { anyOf: [{ type: "null" }, { minimum: 5 }] },
      2,
      "[instance failed to match at least one required schema among 2]",
    ],
    [
      { minimum: 1, exclusiveMinimum: true },
      1,
      "[numeric instance is not strictly greater than the required minimum 1]",
    ],
    [{ multipleOf: 0.1 }, 0.35, "[remainder of division is not zero (0.35 / 0.1)]"],
    [{ format: "email" }, "nobody", '[string "nobody" is not a valid email address]'],
    [{ not: {} }, 1, "[instance matched a schema which it should not have]"],
    [{ minProperties: 2 }, { a: 1 }, "[object has too few properties (found 1 but schema requires at least 2)]"],
    [
      { items: [{}], additionalItems: false },
      [1, 2],
      "[schema only allows 1 elements in array but instance has 2 elements]",
    ],
    [
      { dependencies: { a: ["c", "b"] } },
      { a: 1, b: 1 },
      '[property "a" of object has missing property dependencies (schema requires ["b","c"]; missing: ["c"])]',
    ],
  ];
  for (const [schema, value, text] of table) {
    test(`${JSON.stringify(schema).slice(0, 60)} of ${JSON.stringify(value)}`, () => {
      expect(validatorFor(schema)(value)).toBe(text);
    });
  }
});

describe("data is only data", () => {
  test("names of Object.prototype are not there by themselves", () => {
    const validate = validatorFor({
      required: ["constructor", "toString"],
      properties: { constructor: { type: "string" } },
    });
    expect(validate({})).toContain("missing required");
    expect(validate({ constructor: "x", toString: 1 })).toBeUndefined();
    expect(validate({ constructor: 1, toString: 1 })).toContain("instance type (integer)");
  });

  test("a member named __proto__ is seen, and judged", () => {
    const closed = validatorFor({ properties: { a: {} }, additionalProperties: false });
    expect(closed(JSON.parse('{"__proto__": 1}'))).toContain('["__proto__"]');
    const schema = JSON.parse(
      '{"properties": {"__proto__": {"type": "string"}}, "required": ["__proto__"]}',
    ) as unknown;
    expect(validatorFor(schema)(JSON.parse('{"__proto__": 1}'))).toContain("instance type (integer)");
    expect(validatorFor(schema)(JSON.parse('{"__proto__": "x"}'))).toBeUndefined();
    expect(validatorFor(schema)({})).toContain("missing required");
  });

  test("text of a schema never becomes code", () => {
    const nasty = 'x"]; throw new Error("code"); //`${process.exit()}\u2028\n';
    const schema = {
      title: nasty,
      properties: { [nasty]: { enum: [nasty, { a: nasty }] } },
      required: [nasty],
      patternProperties: { "^[\"'`/\\n]+$": { type: "string" } },
      additionalProperties: false,
    };
    expect(validatorFor(schema)({ [nasty]: nasty })).toBeUndefined();
    expect(validatorFor(schema)({ [nasty]: 1 })).toContain("not found in enum");
    expect(validatorFor(schema)({})).toContain("missing required");
  });

  test("a value nested too deeply for the stack is refused", () => {
    const validate = validatorFor({ properties: { a: { $ref: "#" } } });
    const deep = JSON.parse(`${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`) as unknown;
    expect(validate(deep)).toBe("[instance is nested too deeply]");
  });

  test("a slow pattern never sees a text far beyond its limit, and long texts are cut in messages", () => {
    const validate = validatorFor({ type: "string", maxLength: 200, pattern: "^\\S+@\\S+$" });
    const started = performance.now();
    const failures = validate(`@${"@\u0000".repeat(100_000)}\t`) ?? "";
    expect(performance.now() - started).toBeLessThan(1000);
    expect(failures).toContain("is too long");
    expect(failures.length).toBeLessThan(1200);
  });

  test("large arrays are judged in linear time", () => {
    const validate = validatorFor({ uniqueItems: true, items: { type: "object" } });
    const many = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `n${id}` }));
    const started = performance.now();
    expect(validate(many)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("the code", () => {
  const document = {
    definitions: {
      Order: {
        type: "object",
        properties: { items: { type: "array", items: { $ref: "#/definitions/Item" } } },
        required: ["items"],
      },
      Item: { type: "object", properties: { sku: { type: "string", minLength: 2 } }, required: ["sku"] },
    },
  };

  test("reads like a program", () => {
    const { code, helpers: used } = validatorSource({
      document,
      entries: [{ name: "validateOrder", ref: "#/definitions/Order" }],
      explains: false,
      language: "typescript",
    });
    expect(code).toBe(`function isOrder(v: any): boolean {
  if (typeof v !== "object" || v === null || Array.isArray(v)) return false;
  const v1 = v.items;
  if (v1 === undefined) return false;
  if (!Array.isArray(v1)) return false;
  for (let i2 = 0; i2 < v1.length; i2++) {
    const v3 = v1[i2];
    if (!isItem(v3)) return false;
  }
  return true;
}

function isItem(v: any): boolean {
  if (typeof v !== "object" || v === null || Array.isArray(v)) return false;
  const v1 = v.sku;
  if (v1 === undefined) return false;
  if (typeof v1 !== "string") return false;
  if (v1.length < 2 || (v1.length < 4 && lengthOf(v1) < 2)) return false;
  return true;
}

export function validateOrder(value: any): string | undefined {
  return isOrder(value) ? undefined : "[instance does not match its model]";
}
`);
    expect(used).toEqual(["lengthOf"]);
  });

  test("is TypeScript under strict, and uses only helpers that there are", async () => {
    const { scope } = await parse(
      "interface T { a: T[]; b: 'x' | { c: string & Pattern<\"^a/b$\"> }; d: email; [k: string]: unknown }",
    );
    const definitions = Object.fromEntries(
      scope.models.map(({ name, type }) => [name, jsonSchemaOf(type, { ref: (model) => `#/definitions/${model}` })]),
    );
    const { code, helpers: used } = validatorSource({
      document: { definitions },
      entries: [{ name: "validateT", ref: "#/definitions/T" }],
      explains: true,
      language: "typescript",
    });
    for (const name of used) expect(helpers).toHaveProperty(name);
    const declared = used.map((name) => `declare const ${name}: any;`).join("\n");
    const result = ts.transpileModule(`${declared}\n${code}`, {
      reportDiagnostics: true,
      compilerOptions: { strict: true },
    });
    expect(result.diagnostics).toEqual([]);
  });
});

describe("agreement", () => {
  test("generated validators, ajv and the type itself judge alike", async () => {
    const ajv = new Ajv({
      strict: false,
      allErrors: false,
      validateFormats: true,
      ownProperties: true,
      formats: { int64: true },
      logger: false,
    });
    addFormats(ajv as never, ["date-time", "email", "hostname", "ipv4", "ipv6", "uuid"]);
    let valid = 0;
    let total = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryModels(),
        fc.array(arbitraryValue(), { minLength: 20, maxLength: 20 }),
        async (text, values) => {
          const { scope, diagnostics } = await parse(text);
          fc.pre(!diagnostics.some(({ severity }) => severity === "error"));
          const names = { ref: (model: string) => `#/definitions/${model}`, lookup: scope.lookup };
          const draft = Object.fromEntries(scope.models.map(({ name, type }) => [name, jsonSchemaOf(type, names)]));
          const aws = Object.fromEntries(
            scope.models.map(({ name, type }) => [name, openApiSchemaOf(type, { ...names, flavour: "aws" })]),
          );
          const entries = scope.models.map(({ name }) => ({ name: `check${name}`, ref: `#/definitions/${name}` }));
          const ours = loadValidators(
            validatorSource({ document: { definitions: draft } as SchemaObject, entries, explains: true }),
          );
          const onAws = loadValidators(
            validatorSource({ document: { definitions: aws } as SchemaObject, entries, explains: false }),
          );
          for (const model of scope.models) {
            const theirs = ajv.compile({ definitions: draft, allOf: [{ $ref: `#/definitions/${model.name}` }] });
            for (const value of values) {
              const failures = ours.get(`check${model.name}`)?.(value);
              total++;
              if (failures === undefined) valid++;
              const where = `${text}\n${model.name} ${JSON.stringify(value)} ${failures}`;
              expect(theirs(value), where).toBe(failures === undefined);
              expect(failures, where).not.toBe("[]");
              // On AWS tuples are looser; everything else means the same.
              if (!text.includes("[("))
                expect(onAws.get(`check${model.name}`)?.(value) === undefined, where).toBe(failures === undefined);
              if (failures === undefined)
                expect(valueMismatch(model.type, value as never, scope.lookup), where).toBeUndefined();
            }
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(valid / total).toBeGreaterThan(0.02);
  });
});
