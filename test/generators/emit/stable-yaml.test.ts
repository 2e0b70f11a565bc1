import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { printJson } from "../../../generators/emit/stable-json.js";
import { printYaml } from "../../../generators/emit/stable-yaml.js";
import type { JsonValue } from "../../../src/model/types.js";

const versions = ["1.1", "1.2"] as const;

function readBack(value: JsonValue): readonly unknown[] {
  const text = printYaml(value);
  return versions.map((version) => parse(text, { version, maxAliasCount: 0, merge: false }));
}

describe("block style that a person reads", () => {
  test("maps, lists of maps, empty ones", () => {
    expect(
      printYaml({
        openapi: "3.0.1",
        info: { title: "shop", version: "1.10" },
        paths: {
          "/orders/{id}": { get: { tags: ["a", "b"], parameters: [{ name: "id", in: "path" }], responses: {} } },
        },
        security: [],
        nested: [[1, 2], [[]]],
      }),
    ).toBe(`openapi: "3.0.1"
info:
  title: shop
  version: "1.10"
paths:
  /orders/{id}:
    get:
      tags:
        - a
        - b
      parameters:
        - name: id
          in: path
      responses: {}
security: []
nested:
  - - 1
    - 2
  - - []
`);
  });

  test("a template of several lines is a literal block", () => {
    expect(printYaml({ a: "#set($x = 1)\n  {\n\n}", b: "one\n", c: ["two\n\n"], d: " led by a space\nx" })).toBe(`a: |-
  #set($x = 1)
    {

  }
b: |
  one
c:
  - |+
    two

d: " led by a space\\nx"
`);
  });

  test.each([
    "on",
    "Yes",
    "~",
    "null",
    "1.0",
    "0x1f",
    "1e3",
    "12:30:45",
    "2024-01-01",
    "-",
    "- a",
    "a: b",
    "a #b",
    "=",
    "<<",
  ])("%s is quoted", (text) => {
    expect(printYaml({ key: text })).toBe(`key: ${JSON.stringify(text)}\n`);
    expect(printYaml({ [text]: 1 })).toBe(`${JSON.stringify(text)}: 1\n`);
  });

  test("what holds double quotes stands in single ones", () => {
    expect(printYaml({ a: '{"a": "it\'s"}', b: "\\d{2}\t" })).toBe(`a: '{"a": "it''s"}'\nb: "\\\\d{2}\\t"\n`);
  });

  test.each([
    "application",
    "/orders/{id}",
    "integration.request.path.id",
    "It's fine, really",
    "arn:aws:s3:::a",
    "https://a",
  ])("%s stays plain", (text) => {
    expect(printYaml({ key: text })).toBe(`key: ${text}\n`);
  });
});

describe("the same data to readers of YAML 1.1 and 1.2", () => {
  const awkward = fc.constantFrom(
    ..."on off yes no y n ~ null true .inf .nan 1_000 0o17 017 1e3 +1 -0 1: 1:30 2001-12-14 << = ? | > % @ ` *a &b !c".split(
      " ",
    ),
    ..."__proto__|constructor|a: b|a #b|- a|{}|[]|a\nb|a\n\n|\n a|\ta|a\t\nb|\u0085|\u2028|\ufeff|\ud800|a\\b|a \n b|---|...|#".split(
      "|",
    ),
    "x\n---\ny",
    "...\nx\n",
    "k".repeat(1500),
  );
  const strings = fc.oneof(awkward, fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  const json = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      strings,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(strings, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;

  test("any JSON value", () => {
    fc.assert(
      fc.property(json, (value) => {
        const wanted = JSON.parse(printJson(value));
        for (const read of readBack(value)) expect(read).toEqual(wanted);
      }),
      { numRuns: 2000 },
    );
  });
});
