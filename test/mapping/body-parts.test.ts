import process from "node:process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyParts, FoundParts } from "../../runtime/mapping/json/body-parts.js";
import { parseJson } from "../../runtime/mapping/json/parse-json.js";
import { parsePath } from "../../runtime/mapping/jsonpath/parse-path.js";
import { bodyHas, bodyText } from "../../runtime/mapping/rules.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { renderCase, templateInput } from "../../scripts/vtl/template-case.js";
import { compileTemplate } from "../../src/mapping/vtl/index.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 3000);

const texts = ["$", "$.a", "$.b.a", "$.a[0]", "$.a[1].b", "$['it']", "$['1']", "$['__proto__']", "$.a.length", "$.b"];
const paths = texts.map(parsePath);
const parts = bodyParts(paths);

const string = fc
  .array(
    fc.constantFrom(
      ...[
        "a",
        "Zz",
        " ",
        "'",
        "é",
        "😀",
        "\ud83d",
        "\ude00",
        "\uffff",
        "\u2028",
        "\u007f",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
      ],
      ...[
        '\\"',
        "\\\\",
        "\\n",
        "\\b",
        "\\f",
        "\\r",
        "\\t",
        "\\/",
        "\\u00e9",
        "\\u0041",
        "\\u001F",
        "\\u001f",
        "\\ud83d",
      ],
    ),
    { maxLength: 5 },
  )
  .map((pieces) => `"${pieces.join("")}"`);
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('"a"', '"b"', '"it"', '"1"', '"0"', '"10"', '"__proto__"', '"length"') },
  { weight: 1, arbitrary: string },
);
const number = fc.oneof(
  fc.constantFrom(
    ...[
      "0",
      "-0",
      "1",
      "-17",
      "2147483648",
      "9007199254740993",
      "123456789012345678901234567890",
      "10.0",
      "2.50",
      "-0.0",
    ],
    ...["1e3", "1E-7", "0.1", "-2.5e10", "0.001", "0.0009", "0.000", "0.0", "5.00", "9999999.5", "10000000.5", "-0.5"],
    ...["0.1234567890123", "0.12345678901234567", "1.0E5", "12345678901234.5"],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const blank = fc.oneof({ weight: 12, arbitrary: fc.constant("") }, fc.constantFrom(" ", "\n", "\t", "\r\n"));
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc
    .tuple(
      blank,
      fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("null", "true", "false", '""', "[]", "{}"),
        number,
        string,
        fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
        fc
          .array(fc.tuple(key, tie("json"), blank), { maxLength: 4 })
          .map((members) => `{${members.map(([name, value, space]) => `${space}${name}${space}:${value}`).join(",")}}`),
      ),
      blank,
    )
    .map((pieces) => pieces.join("")),
}));
const body = fc.oneof(
  json,
  fc.tuple(json, json, json).map(([a, b, c]) => `{"a":[${a},{"b":${b}}],"b":{"a":${c}},"it":${a},"1":${b}}`),
);

/** JSON with a slip: most of it is none. */
const slipped = fc
  .tuple(
    body,
    fc.nat(),
    fc.nat(3),
    fc.constantFrom(..."\"|\\|,|:|{|}|[|]|0|-|.|e|+| |\u0001|\\u12|true|nul|//|\ufeff|'".split("|")),
  )
  .map(([text, at, out, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + out);
  });

/** What other readers have of the same body. */
function reference(text: string, slot: number) {
  const path = paths[slot] as (typeof paths)[number];
  const r = new TemplateScope(templateInput({ body: text }));
  r.readWhole();
  const has = bodyHas(r, path);
  return { has, json: r.jsonOf(path), text: path.steps.length === 0 ? undefined : bodyText(r, path) };
}

describe("parts found in one pass over a body", () => {
  test("are what other readers have, or are left to them", () => {
    let found = 0;
    let handed = 0;
    fc.assert(
      fc.property(body, (text) => {
        const passed = FoundParts.of(text, parts);
        if (passed === undefined) return;
        found++;
        for (const slot of paths.keys()) {
          const wanted = reference(text, slot);
          const [json, plain] = [passed.json(slot), passed.text(slot)];
          expect(passed.has(slot)).toBe(wanted.has);
          if (json !== undefined) expect(json).toBe(wanted.json);
          if (plain !== undefined && wanted.text !== undefined) expect(plain).toBe(wanted.text);
          if (json !== undefined && wanted.has) handed++;
        }
      }),
      { numRuns: runs },
    );
    expect(found).toBeGreaterThan(runs / 3);
    expect(handed).toBeGreaterThan(runs / 2);
  });

  test("are found in JSON only", () => {
    let found = 0;
    fc.assert(
      fc.property(slipped, (text) => {
        if (FoundParts.of(text, parts) === undefined) return;
        found++;
        expect(parseJson(text)).toBeDefined();
        JSON.parse(text);
      }),
      { numRuns: runs },
    );
    expect(found).toBeGreaterThan(runs / 50);
  });

  test("are the same where another template has read the body before, and a third", () => {
    const others = bodyParts(texts.slice(1).map(parsePath));
    const few = bodyParts(["$.b.a", "$.it"].map(parsePath));
    let present = 0;
    fc.assert(
      fc.property(body, (text) => {
        const alone = FoundParts.of(text, others);
        const first = FoundParts.of(text, few);
        const again = FoundParts.of(text, others, first);
        const third = FoundParts.of(text, few, again);
        expect(again === undefined).toBe(alone === undefined);
        for (const slot of others.paths.keys()) {
          expect(again?.has(slot)).toBe(alone?.has(slot));
          expect(again?.json(slot)).toBe(alone?.json(slot));
          if (again?.has(slot)) present++;
        }
        for (const slot of few.paths.keys()) expect(third?.json(slot)).toBe(first?.json(slot));
      }),
      { numRuns: runs },
    );
    expect(present).toBeGreaterThan(runs / 2);
  });

  test("of another body are not taken for those of this one", () => {
    const parts = bodyParts([parsePath("$.b")]);
    const before = FoundParts.of('{"a":1,"b":2}', parts);
    expect(FoundParts.of('{"b":3}', parts, before)?.json(0)).toBe("3");
  });

  test.each([
    ['{"b":{"b":1,"10":2,"a":3,"1":[true,null]}}', '{"b":1,"10":2,"a":3,"1":[true,null]}'],
    ['{"b":{"n":10.0,"big":123456789012345678901234567890}}', '{"n":10.0,"big":123456789012345678901234567890}'],
    ['{"b":{"__proto__":{"x":1}}}', '{"__proto__":{"x":1}}'],
    ['{"b":[{"s":"say \\"hi\\" 😀"}]}', '[{"s":"say \\"hi\\" 😀"}]'],
    ['{"a":{"b":1},"b":["other"]}', '["other"]'],
    [' {"a":"\\"b\\":[1]", "b":[2]} ', "[2]"],
  ])("%s hands on %s as it is written", (text, part) => {
    expect(FoundParts.of(text, bodyParts([parsePath("$.b")]))?.json(0)).toBe(part);
  });

  test.each([
    ['{"b":{"a":1,"a":2}}', '{"a":2}'],
    ['{"b":[1],"b":[2]}', "[2]"],
    ['{"b":[ 1, 2 ]}', "[1,2]"],
    ['{"b":[1e2,2.50,-0.0]}', "[100.0,2.5,-0.0]"],
    ['{"b":["\\u0041\\/"]}', '["A/"]'],
    [`{"b":${"[".repeat(300)}${"]".repeat(300)}}`, `${"[".repeat(300)}${"]".repeat(300)}`],
    [`{"b":{${Array.from({ length: 70 }, (_, at) => `"k${at}":${at}`)}}}`, undefined],
  ])("%s is left to others, where it is written otherwise", (text, part) => {
    const { result, code } = copied(text);
    expect(code).toContain("partJson(");
    expect(FoundParts.of(text, bodyParts([parsePath("$.b")]))?.json(0)).toBeUndefined();
    expect(result).toEqual({ text: part ?? text.slice(5, -1) });
  });

  test("are not asked for where a template may change the body", () => {
    const changing = "#set($d = $input.path('$'))#set($d.b = 5)$input.json('$.b')";
    expect(codeOf(changing)).not.toContain("partJson(");
    expect(renderCase(changing, { body: '{"b":[1]}' })).toEqual({ text: "5" });
  });
});

function copied(text: string) {
  const template = "$input.json('$.b')";
  return { result: renderCase(template, { body: text }), code: codeOf(template) };
}

function codeOf(template: string): string {
  return compileTemplate(template, { kind: "request", report: () => {}, typed: false })?.code ?? "";
}
