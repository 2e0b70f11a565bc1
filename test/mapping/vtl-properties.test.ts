import { transform } from "esbuild";
import fc from "fast-check";
import velocityjs from "velocityjs";
import { describe, expect, test } from "vitest";
import { interpretTemplate } from "../../runtime/mapping/interpret/interpreter.js";
import { dynamicPath } from "../../runtime/mapping/jsonpath/dynamic-path.js";
import { regexMethods } from "../../runtime/mapping/regex/regex-methods.js";
import { TemplateError } from "../../runtime/mapping/template-error.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { TemplateSyntaxError } from "../../runtime/mapping/velocity/nodes.js";
import { parseTemplate } from "../../runtime/mapping/velocity/parser.js";
import { type Outcome, renderCase, type TemplateCaseInput, templateInput } from "../../scripts/vtl/template-case.js";
import { compileTemplate } from "../../src/mapping/vtl/index.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 1500);

const given: TemplateCaseInput = {
  body: '{"name":"Ada","n":7,"half":2.5,"whole":10.0,"yes":true,"no":false,"nul":null,"list":[1,2,3],"map":{"a":1,"b":"two"},"objs":[{"id":1},{"id":2}]}',
  params: { path: { id: "17" }, querystring: { q: "red shoes" }, header: { "X-Trace": "t-1" } },
  context: { stage: "prod", identity: { sourceIp: "192.0.2.1" } },
  stageVariables: { table: "Orders" },
};

const value = fc.constantFrom(
  "$d.name",
  "$d.n",
  "$d.half",
  "$d.whole",
  "$d.yes",
  "$d.no",
  "$d.nul",
  "$d.list",
  "$d.map",
  "$d.objs[0].id",
  "$d.list.size()",
  "$x",
  "$y",
  "$i",
  "$foreach.index",
  "$foreach.hasNext",
  "$foreach.count",
  "$foreach.parent.index",
  "$nothing",
  "$nothing.at.all()",
  "$input.params('id')",
  "$input.path('$.map.b')",
  "$input.json('$.objs')",
  "$input.path('$..id')",
  "$context.stage",
  "$stageVariables.table",
  "$util.urlEncode($d.name)",
  "$d.name.concat('!')",
  "$d.name.replaceAll('[a-m]', '_')",
  "$d.map.get('a')",
  "$d.map.put('c', $i)",
  "$d.list.add(4)",
  "$m",
  "$a",
  "$b",
  "$velocityCount",
  "$d.name.substring(9)",
  "$d.list[9]",
  "$d.list[-1]",
);
const literal = fc.constantFrom(
  "1",
  "0",
  "-3",
  "2.5",
  "3000000000",
  "'text'",
  '"in $x side"',
  '"#if($d.yes)a#{else}b#end$x"',
  "true",
  "false",
  "[1, $x]",
  "{'k': $d.n}",
  "[1..3]",
  "''",
);
const operator = fc.constantFrom("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||");
const { statement } = fc.letrec<{ expression: string; statement: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    value,
    literal,
    fc.tuple(tie("expression"), operator, tie("expression")).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    tie("expression").map((inner) => `!(${inner})`),
  ),
  statement: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      "text",
      " ",
      "\n",
      '{"a": ',
      "\\$x",
      "$!nothing",
      "## c\n",
      "#* c *#",
      "#[[$x]]#",
      "#stop",
      "#break",
      "#m($d.n)",
      "#@m('s')body $x#end",
    ),
    value.map((reference) => (reference.startsWith("$") ? reference : `$${reference}`)),
    tie("expression").map((inner) => `#set($x = ${inner})`),
    tie("expression").map((inner) => `#set($y = ${inner})`),
    tie("expression").map((inner) => `#set($d.map.z = ${inner})`),
    fc.tuple(tie("expression"), tie("statement"), tie("statement")).map(([a, b, c]) => `#if(${a})${b}#else ${c}#end`),
    fc
      .tuple(fc.constantFrom("$i", "$x"), tie("expression"), tie("statement"))
      .map(([name, list, body]) => `#foreach(${name} in ${listOf(list)})${body}#end`),
    tie("statement").map((body) => `#define($b)${body}#end`),
    fc.tuple(tie("statement"), tie("statement")).map(([a, b]) => `${a} ${b}`),
  ),
}));
const template = fc
  .tuple(
    fc.constantFrom("", "#macro(m $a)<$a$x$bodyContent>#end", "#macro(m $a)#set($a = 1)#set($x = $a)#end"),
    fc.array(statement, { maxLength: 6 }),
  )
  .map(([macro, statements]) => `#set($d = $input.path('$'))#set($m = {'k': 1})${macro}${statements.join("")}`);

/** `#foreach` takes no parentheses around its list. */
function listOf(expressionText: string): string {
  return expressionText.startsWith("(") || expressionText.startsWith("!") ? "$d.list" : expressionText;
}

describe("compiled templates", () => {
  test("render as interpreted ones do", () => {
    fc.assert(
      fc.property(template, (text) => {
        expect(renderCase(text, given)).toEqual(interpret(text));
      }),
      { numRuns: runs },
    );
  });

  test("are TypeScript that has no mistakes of syntax, and name nothing but their imports", async () => {
    for (const text of fc.sample(template, 60)) {
      const compiled = compileTemplate(text, { kind: "request", report: () => {} });
      if (compiled === undefined) continue;
      const { code } = await transform(`export default ${compiled.code}`, { loader: "ts" });
      expect(code).not.toMatch(/\b(?:eval|Function|globalThis|process|require|window)\b/);
    }
  });
});

function interpret(text: string): Outcome {
  const scope = new TemplateScope(templateInput(given));
  scope.use({ regex: regexMethods, dynamicPath });
  try {
    return { text: interpretTemplate(parseTemplate(text), scope) };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error: "parse" };
    if (error instanceof TemplateError) return { error: error.reason };
    throw error;
  }
}

/**
 * velocityjs is the cross-check on the part of the language where it is right. Left out, because it is wrong there
 * (shared/research/velocity.md): precedence of `&&`, `||` and comparisons; `#stop`, `#{if}`, `#{set}`; backslashes;
 * blanks around directives and before `#set`; `[true,1]`, `{1:'a'}`, `.5`; doubles and Long; Java's printed forms of lists and maps;
 * methods of String, List and Map; literals as conditions; references without a value, which it prints.
 */
const known = fc.constantFrom(
  "${d.name}",
  "${d.n}",
  "${d.yes}",
  "${x}",
  "${s}",
  "${d.map.b}",
  "${d.objs[0].id}",
  "$!{d.none}",
  "$!{x}",
);
const test_ = fc.constantFrom(
  "$d.yes",
  "$d.no",
  "$d.n == 7",
  "$d.name == 'Ada'",
  "$x == 1",
  "$s != 'a'",
  "!$d.no",
  "$d.n > 3",
  "$d.yes && $d.no",
  "$d.yes || $d.no",
);
const { common } = fc.letrec<{ common: string }>((tie) => ({
  common: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("text", " ", ", ", '{"a":', "}", "<b>", "100%", "é"),
    known,
    fc.constantFrom(
      "-#set($x = 1)",
      "-#set($s = 'a')",
      "-#set($x = $d.n)",
      '-#set($s = "v-$d.name")',
      "-#set($x = $d.n + 1)",
      "-#set($x = $d.n * 3)",
    ),
    fc.tuple(test_, tie("common"), tie("common")).map(([condition, a, b]) => `#if(${condition})${a}#{else}${b}#{end}`),
    tie("common").map((body) => `#foreach($i in $d.list)${body}$i$foreach.index #if($foreach.hasNext),#{end}#{end}`),
    fc.tuple(tie("common"), tie("common")).map(([a, b]) => `${a}${b}`),
  ),
}));

describe("velocityjs", () => {
  test("renders alike what both render right", () => {
    fc.assert(
      fc.property(fc.array(common, { maxLength: 6 }), (parts) => {
        const body = `#set($x = 0)#set($s = 'z')${parts.join("")}`;
        const ours = renderCase(`#set($d = $input.path('$'))${body}`, given);
        const theirs = peer(body);
        if (theirs !== undefined) expect(ours).toEqual({ text: theirs });
      }),
      { numRuns: runs },
    );
  });
});

/** What velocityjs prints; undefined where it fails on a valid template (`$x{`, `[true,1]` …). */
function peer(text: string): string | undefined {
  try {
    return velocityjs.render(text, { d: JSON.parse(given.body ?? "") as object });
  } catch {
    return undefined;
  }
}
