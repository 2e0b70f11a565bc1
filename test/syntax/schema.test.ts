import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { gatewaySchema, printGatewaySchema } from "../../src/syntax/json-schema.js";
import { fixtureNames, root } from "../support/paths.js";
import { parse } from "./support.js";

const file = join(root, "schemas/gateway.schema.json");
const isValid = new Ajv({ strict: false, allowUnionTypes: true, unicodeRegExp: false }).compile(gatewaySchema());

describe("schemas/gateway.schema.json", () => {
  test("is what the parser is made of (GOLDEN=write rewrites it)", () => {
    if (process.env["GOLDEN"] === "write") writeFileSync(file, printGatewaySchema());
    expect(readFileSync(file, "utf8")).toBe(printGatewaySchema());
  });

  test("describes each key and tags it with the APIs and targets it works on", () => {
    const keys = keysOf(gatewaySchema());
    expect(keys.length).toBeGreaterThan(150);
    for (const { path, schema } of keys) {
      expect(schema["description"], path).toMatch(/^[A-Z`].*\.$/s);
      const tags = schema["x-targets"] as { apis: string[]; targets: string[] };
      expect(tags.apis.length, path).toBeGreaterThan(0);
      expect(tags.targets.length, path).toBeGreaterThan(0);
    }
  });

  test("examples and defaults are valid", () => {
    const ajv = new Ajv({ strict: false, allowUnionTypes: true });
    for (const { path, schema } of keysOf(gatewaySchema())) {
      const examples = [...((schema["examples"] as unknown[]) ?? [])];
      if (schema["default"] !== undefined) examples.push(schema["default"]);
      for (const example of examples)
        expect(ajv.validate(schema, example), `${path}: ${JSON.stringify(example)}`).toBe(true);
    }
  });
});

describe("the schema and the parser agree", () => {
  const texts = fixtureNames().map((name) => readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8"));
  const seeds = texts
    .filter((text) => parse(text).diagnostics.length === 0)
    .map((text) => parseYaml(text, { merge: true }));
  const everything = parseYaml(readFileSync(join(root, "test/syntax/everything.yaml"), "utf8"));

  test("on whole files", () => {
    for (const seed of [...seeds, everything]) {
      expect(parse(JSON.stringify(seed)).diagnostics).toEqual([]);
      expect(isValid(seed)).toBe(true);
    }
  });

  test("on files in which one value or key was replaced", () => {
    const places = placesOf(everything);
    const property = fc.property(
      fc.nat(places.length - 1),
      fc.boolean(),
      fc.oneof(word, value),
      (index, isKey, with_) => {
        const mutated = structuredClone(everything);
        replace(mutated, places[index] ?? [], isKey, with_);
        const reported = parse(JSON.stringify(mutated)).diagnostics.filter(({ severity }) => severity === "error");
        expect(
          { valid: reported.length === 0, reported: reported.map(({ code, message }) => `${code}: ${message}`) },
          JSON.stringify(places[index]),
        ).toMatchObject({ valid: isValid(mutated) });
      },
    );
    fc.assert(property, { numRuns: 400, seed: 7 });
  });
});

const word = fc.constantFrom(
  ..."auth lambda http mock aws a 200 999 x? ? 5s 29s 7x ten true strict rest REST Rest day 1.0 2.0 */* sqs:Send ALL".split(
    " ",
  ),
  "",
  " ",
);

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    60,
    404,
    1e9,
    123456789012,
    [],
    {},
    [""],
    ["a"],
    [1],
    [null],
    { a: 1 },
    { type: "string" },
  ),
  fc.constantFrom(
    { body: "T" },
    { lambda: "f" },
    { rate: 1 },
    { Statement: [] },
    { name: "a" },
    { a: { lambda: "f" } },
  ),
);

type Path = readonly (string | number)[];

function placesOf(tree: unknown, path: Path = []): readonly Path[] {
  if (typeof tree !== "object" || tree === null) return [path];
  const inside = Object.entries(tree).flatMap(([key, child]) =>
    placesOf(child, [...path, Array.isArray(tree) ? Number(key) : key]),
  );
  return path.length === 0 ? inside : [path, ...inside];
}

function replace(tree: unknown, path: Path, isKey: boolean, with_: unknown): void {
  const parent = path.slice(0, -1).reduce((node, key) => (node as Record<string | number, unknown>)[key], tree);
  const last = path.at(-1) ?? "";
  const record = parent as Record<string | number, unknown>;
  if (isKey && typeof with_ === "string" && !Array.isArray(parent)) {
    const moved = record[last];
    delete record[last];
    record[with_] = moved;
  } else record[last] = with_;
}

interface Key {
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** All properties that the schema names, wherever they are. */
function keysOf(schema: unknown, path = ""): readonly Key[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties, additionalProperties, anyOf, items } = schema as Record<string, unknown>;
  const own = Object.entries((properties as Record<string, Record<string, unknown>>) ?? {})
    .filter(([name]) => !/^(Statement|Version)$/.test(name))
    .map(([name, child]) => ({ path: `${path}/${name}`, schema: child }));
  const inside = [additionalProperties, items, ...((anyOf as unknown[]) ?? [])].flatMap((child) => keysOf(child, path));
  return [...own, ...own.flatMap((key) => keysOf(key.schema, key.path)), ...inside];
}
