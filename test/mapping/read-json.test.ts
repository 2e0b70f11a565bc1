import process from "node:process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpretTemplate } from "../../runtime/mapping/interpret/interpreter.js";
import { dynamicPath } from "../../runtime/mapping/jsonpath/dynamic-path.js";
import { matchesPattern } from "../../runtime/mapping/regex/java-regex.js";
import { regexMethods } from "../../runtime/mapping/regex/regex-methods.js";
import { TemplateError } from "../../runtime/mapping/template-error.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { TemplateSyntaxError } from "../../runtime/mapping/velocity/nodes.js";
import { parseTemplate } from "../../runtime/mapping/velocity/parser.js";
import { type Outcome, renderCase, templateInput } from "../../scripts/vtl/template-case.js";
import { compileTemplate } from "../../src/mapping/vtl/index.js";
import { jsonBody } from "../support/arbitrary-rules.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 1500);

const names = ["a", "b", "items", "sku", "none", "length", "constructor", "toString", "empty"];
const step = fc.oneof(
  fc.constantFrom(...names).map((name) => `.${name}`),
  fc.constantFrom(
    "[0]",
    "[1]",
    "[-1]",
    "['a']",
    "['1']",
    "['__proto__']",
    ".get('a')",
    '.get("it\'s")',
    ".get(0)",
    ".size()",
    ".isEmpty()",
  ),
  fc.constantFrom(
    ".keySet()",
    ".values()",
    ".entrySet()",
    ".toString()",
    ".equals('x')",
    ".contains(1)",
    ".toUpperCase()",
  ),
);
const root = fc.constantFrom(
  ...[
    "$d",
    "$d",
    "$d",
    "$e",
    "$i",
    "$input.path('$')",
    "$input.path('$.a')",
    "$input.path('$.items[0]')",
    "$input.path('$..a')",
  ],
);
const reference = fc.tuple(root, fc.array(step, { maxLength: 3 })).map(([from, steps]) => from + steps.join(""));
const condition = fc.oneof(
  reference,
  fc
    .tuple(
      reference,
      fc.constantFrom("==", "!=", "<", ">="),
      fc.oneof(reference, fc.constantFrom("1", "'a'", "$null", '""', "2.5")),
    )
    .map((parts) => parts.join(" ")),
  reference.map((of) => `!${of}`),
);
const { block } = fc.letrec<{ block: string }>((tie) => ({
  block: fc
    .array(
      fc.oneof(
        { maxDepth: 2 },
        reference.map((of) => `<${of}>`),
        reference.map((of) => `$util.escapeJavaScript(${of}) `),
        reference.map((of) => `#set($e = ${of})`),
        reference.map((of) => `#set($s = "in ${of} side")$s`),
        reference.map((of) => `#set($l = [${of}, {'k': ${of}}])$l`),
        fc.constantFrom("$input.json('$')", "$input.json('$.a')", "$input.json('$..a')", "$d", "$e", "$foreach.count"),
        // What changes something has to be seen by everybody, or the body is read in the other way.
        fc.constantFrom(
          "#set($context.responseOverride.status = 404)",
          "$context.responseOverride.status",
          "#set($d.a = 5)",
          "$d.put('b', 1)",
          "#set($own = {})$own.put('k', $d.a)$own",
          "$own.k.put('z', 9)",
        ),
        fc.tuple(condition, tie("block")).map(([of, body]) => `#if(${of})${body}#{else}-#end`),
        fc
          .tuple(reference, tie("block"))
          .map(([of, body]) => `#foreach($i in ${of})${body}#if($foreach.hasNext),#end#end`),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join("")),
}));

function interpreted(template: string, body: string): Outcome {
  const scope = new TemplateScope(templateInput({ body, context: { responseOverride: { header: {} } } }));
  scope.use({ regex: regexMethods, matches: matchesPattern, dynamicPath });
  try {
    return { text: interpretTemplate(parseTemplate(template), scope) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.reason };
    if (error instanceof TemplateSyntaxError) return { error: "parse" };
    throw error;
  }
}

const compiled = (template: string, body: string) =>
  renderCase(template, { body, context: { responseOverride: { header: {} } } });
const codeOf = (template: string) =>
  compileTemplate(template, { kind: "request", report: () => {}, typed: false })?.code ?? "";

describe("a template that reads the body", () => {
  test("prints what its interpreter prints, whatever the body holds", () => {
    let plain = 0;
    fc.assert(
      fc.property(block, jsonBody, (rest, body) => {
        const template = `#set($d = $input.path('$'))${rest}`;
        if (codeOf(template).includes("readJson")) plain++;
        expect(compiled(template, body)).toEqual(interpreted(template, body));
      }),
      { numRuns: runs },
    );
    expect(plain).toBeGreaterThan(runs / 3);
  }, 60_000);

  test.each([
    ["$d.n", '{"n":10.0}', "10.0"],
    ["$d.n $d.s", '{"s":"x","n":9007199254740993}', "9007199254740993 x"],
    ["#foreach($k in $d.keySet())$k #end", '{"b":1,"2":2,"1":3}', "b 2 1 "],
    ["$d.m", '{"m":{"b":1,"1":2}}', "{b=1, 1=2}"],
    ["#foreach($v in $d)$v #end", '{"b":"x","1":"y"}', "x y "],
    ["$input.json('$..n') $d.n", '{"n":1e3}', "[1000.0] 1000.0"],
    ["$d.l", '{"l":[1.50,2.0]}', "[1.5,2.0]"],
    ["#if($d.n == 10)same#end", '{"n":10.0}', "same"],
  ])("%s of %s", (template, body, text) => {
    const whole = `#set($d = $input.path('$'))${template}`;
    expect(codeOf(whole)).toContain("readJson(");
    expect(compiled(whole, body)).toEqual({ text });
  });

  test("is given nothing that belongs to JavaScript", () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      const member = name.startsWith("_") ? `['${name}']` : `.${name}`;
      const template = `#set($d = $input.path('$'))[$d${member}][$d.get('${name}')][$d['${name}']][$d.m${member}]`;
      expect(compiled(template, '{"m":{}}')).toEqual({ text: "[][][][]" });
      const own = JSON.stringify(
        Object.fromEntries(
          [
            ["m", {}],
            [name, "own"],
          ].map(([key, value]) => [key, value]),
        ),
      );
      const body = name === "__proto__" ? '{"m":{},"__proto__":"own"}' : own;
      expect(compiled(template, body)).toEqual({ text: "[own][own][own][]" });
    }
  });
});
