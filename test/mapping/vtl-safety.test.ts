import process from "node:process";
import { describe, expect, test } from "vitest";
import { TemplateError } from "../../runtime/mapping/template-error.js";
import { parseTemplate } from "../../runtime/mapping/velocity/parser.js";
import { renderCase, type TemplateCaseInput } from "../../scripts/vtl/template-case.js";

const grow = "#foreach($i in [1..1000])#foreach($j in [1..1000])";
const longText = "a".repeat(200_000);

/** Templates that would take the gateway's time or memory if nothing stopped them. */
const bombs: readonly (readonly [string, string, TemplateCaseInput?])[] = [
  ["nested loops", `${grow}#foreach($k in [1..1000])x#end#end#end`],
  ["a text that doubles", '#set($s = "xx")#foreach($i in [1..1000])#set($s = "$s$s")#end$s'],
  ["a text that doubles by +", "#set($s = 'xx')#foreach($i in [1..1000])#set($s = $s + $s)#end$s"],
  ["a text that doubles by concat", "#set($s = 'xx')#foreach($i in [1..1000])#set($s = $s.concat($s))#end$s"],
  ["a replacement that grows", "#set($s = 'aa')#foreach($i in [1..1000])#set($s = $s.replace('a', 'aaaa'))#end$s"],
  ["a list that doubles", "#set($l = [1, 2])#foreach($i in [1..1000])#set($x = $l.addAll($l))#end$l.size()"],
  ["a list of itself, printed", "#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end$l"],
  [
    "a map of itself, compared",
    "#set($m = {})#foreach($i in [1..60])#set($m = {'a': $m, 'b': $m})#end#if($m == $m.clone())x#end",
  ],
  ["a list of itself, hashed", "#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end$l.hashCode()"],
  ["a list that holds itself", "#set($l = [])#set($x = $l.add([$l]))$l"],
  ["a range of 2^31", "#set($r = [-2147483648..2147483647])$r.size()"],
  ["repeat", "#set($s = 'x')$s.repeat(2147483647)"],
  ["join", "#set($s = '')#foreach($i in [1..1000])#set($s = $s.join('xxxxxxxxxx', [1..1000]))#end"],
  ["format width", "#set($s = '')$s.format('%2147483647d', 1)"],
  ["a macro that calls itself", "#macro(m)#m()#m()#end#m()"],
  ["macros that call each other", "#macro(a)#b()#b()#end#macro(b)#a()#a()#end#a()"],
  ["a block that contains itself", "#define($b)$b$b#end#foreach($i in [1..1000])$b$b$b#end"],
  ["evaluated text that evaluates itself", "#set($t = '#evaluate($t)#evaluate($t)')#evaluate($t)"],
  ["evaluated text in loops", `${grow}#evaluate('#foreach($k in [1..1000])x#end')#end#end`],
  ["a pattern that backtracks", "$input.body.matches('(a+)+$')", { body: `${longText}!` }],
  ["a pattern that backtracks in replaceAll", "$input.body.replaceAll('(.*)*,', 'x')", { body: longText }],
  ["many patterns", `${grow}$input.body.replaceAll('[ab]+', 'x')#end#end`, { body: longText }],
  ["a pattern of many repetitions", "#set($s = 'x')$s.matches('((((a{1,100}){1,100}){1,100}){1,100})')"],
  ["a path over everything, often", `${grow}$input.path('$..a..a..a')#end#end`, { body: '{"a":{"a":{"a":{"a":1}}}}' }],
  ["a filter on everything", "$input.path('$.l[?($..l)]')", { body: `{"l":[${"1,".repeat(20_000)}1]}` }],
  ["a long body, often", `${grow}$input.json('$')#end#end`, { body: `[${"1,".repeat(50_000)}1]` }],
  [
    "a long body, parsed often",
    `${grow}#set($x = $util.parseJson($input.body))#end#end`,
    { body: `[${"1,".repeat(50_000)}1]` },
  ],
  ["encoding often", `${grow}#set($x = $util.urlEncode($input.body))#end#end`, { body: longText }],
  ["looking through a list, often", "#set($l = [1..1000000])#foreach($i in [1..1000])$l.contains('x')#end"],
  ["big numbers", "#set($n = 99999999999999999999)#foreach($i in [1..1000])#set($n = $n * $n)#end$n"],
  [
    "object keys that are objects",
    "#set($m = {})#foreach($i in [1..1000])#foreach($j in [1..1000])#set($m[[$i, $j]] = 1)#end#end",
  ],
];

describe("a template cannot take the gateway", () => {
  test.each(bombs.map(([name, template, given]) => ({ name, template, given })))(
    "$name ends within a second",
    ({ template, given }) => {
      const memory = process.memoryUsage().heapUsed;
      const start = cpuMs();
      const outcome = renderCase(template, given ?? {});
      expect(cpuMs() - start).toBeLessThan(1000);
      expect(process.memoryUsage().heapUsed - memory).toBeLessThan(200 * 1024 * 1024);
      if ("error" in outcome) expect(["budget", "method", "parse"]).toContain(outcome.error);
    },
  );

  test("a loop ends after 1,000 iterations, as on AWS", () => {
    expect(renderCase("#foreach($i in [1..2000])x#end#if($foreach)y#end", {})).toEqual({ text: "x".repeat(1000) });
    expect(renderCase("#set($l = [1..2000])#foreach($i in $l)$foreach.count;#end", {})).toMatchObject({
      text: expect.stringMatching(/;1000;$/),
    });
  });
});

describe("a template cannot reach JavaScript", () => {
  const names = ["constructor", "__proto__", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];
  const values = [
    "$input",
    "$util",
    "$context",
    "$d",
    "$d.list",
    "$d.text",
    "$d.number",
    "$stageVariables",
    "$e",
    "$foreach",
  ];
  const given: TemplateCaseInput = {
    body: '{"list":[1],"text":"a","number":1}',
    context: { stage: "x" },
    stageVariables: { a: "b" },
  };

  for (const value of values) {
    test(value, () => {
      for (const name of names.filter((name) => name !== "toString")) {
        for (const form of [
          `${value}.${name}`,
          `${value}.${name}()`,
          `${value}['${name}']`,
          `${value}.get('${name}')`,
        ]) {
          const template = `#set($d = $input.path('$'))#set($e = {'a': 1})#foreach($i in [1])[${form}]#end`;
          const outcome = renderCase(template, given);
          const shown = "text" in outcome ? outcome.text : "";
          expect(shown).not.toMatch(/function|object Object|native|=>/);
        }
      }
    });
  }

  test("keys named like JavaScript's own are plain keys, and nothing outside changes", () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"2":"b","1":"a"}';
    const template =
      "#set($d = $input.path('$'))$d.get('__proto__').polluted#set($d.constructor.prototype.polluted = 3)$input.json('$')";
    expect(renderCase(template, { body })).toEqual({
      text: '1{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":3}},"2":"b","1":"a"}',
    });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("no text of a template becomes code", () => {
    const nasty = "`${process.exit(1)}` \\\" ' </script> \u2028 */ // \n";
    const template = `#set($x = '${nasty.replaceAll("'", "''")}')$x${nasty.replaceAll("$", "#[[$]]#")}`;
    expect(renderCase(template, {})).toEqual({ text: nasty + nasty });
  });
});

describe("parsing takes linear time", () => {
  const pieces: readonly (readonly [string, (count: number) => string])[] = [
    ["references", (count) => "$a.b.c ".repeat(count)],
    ["backslashes", (count) => "\\".repeat(count * 8)],
    ["dollars", (count) => `${"$".repeat(count * 8)} `],
    ["hashes", (count) => `${"# ".repeat(count * 4)}`],
    ["blanks", (count) => `${"        ".repeat(count)}x`],
    ["quotes", (count) => `#set($a = "${'""'.repeat(count * 4)}")`],
    ["open brackets", (count) => `#set($a = ${"[".repeat(count)}`],
    ["open strings", (count) => `$a.b("${'""x'.repeat(count * 3)}`],
    ["nothing but #if", (count) => "#if(true)x#end".repeat(count)],
    ["sums", (count) => `#set($a = ${"1 + ".repeat(count * 2)}1)`],
    ["comments", (count) => "#* x *###\n".repeat(count)],
    ["parentheses", (count) => `#if${"(".repeat(count)}`],
    ["directives and blanks", (count) => "#x      ".repeat(count)],
  ];

  test.each(pieces)("%s", (_name, make) => {
    const time = (count: number): number => {
      const text = make(count);
      const start = cpuMs();
      try {
        parseTemplate(text);
      } catch (error) {
        if (!(error instanceof Error) || error instanceof TemplateError || error instanceof RangeError) throw error;
      }
      return cpuMs() - start;
    };
    time(2000);
    expect(time(32_000)).toBeLessThan(1000);
  });
});

/** Time of this process on a core: what else the machine does is not counted. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
