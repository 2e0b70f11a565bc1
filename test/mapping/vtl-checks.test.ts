import { describe, expect, test } from "vitest";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { compileTemplate, type TemplateOptions } from "../../src/mapping/vtl/index.js";
import { noDocs, type ObjectType, type Type } from "../../src/model/types.js";

/** Diagnostics of a template, with the text that each one points at. */
function diagnose(template: string, options: Partial<TemplateOptions> = {}): string[] {
  const list = new DiagnosticList();
  compileTemplate(template, { kind: "request", report: list.report, ...options });
  return list.sorted().map(({ code, span }) => `${code} «${template.slice(span.start, span.end)}»`);
}

function messages(template: string, options: Partial<TemplateOptions> = {}): string[] {
  const list = new DiagnosticList();
  compileTemplate(template, { kind: "request", report: list.report, ...options });
  return list.sorted().map(({ message, help }) => (help === undefined ? message : `${message} | ${help}`));
}

const base = { docs: noDocs, constraints: {} };
const text: Type = { ...base, kind: "primitive", name: "string", format: undefined };
const number: Type = { ...base, kind: "primitive", name: "number", format: undefined };
const object = (members: Readonly<Record<string, Type>>, additional: Type | boolean = true): ObjectType => ({
  ...base,
  kind: "object",
  additional,
  properties: Object.entries(members).map(([name, type]) => ({
    name,
    type,
    optional: false,
    readOnly: false,
    docs: noDocs,
  })),
});
const list = (items: Type): Type => ({ ...base, kind: "array", items });
const item = object({ sku: text, quantity: number });
const order: Type = object({
  id: text,
  items: list({ ...base, kind: "reference", model: "Item" }),
  customer: object({ name: text }),
  labels: object({}, text),
});
const typed = {
  bodyType: { ...base, kind: "reference", model: "Order" } as Type,
  lookupModel: (name: string) =>
    new Map<string, Type>([
      ["Order", order],
      ["Item", item],
    ]).get(name),
};

describe("syntax", () => {
  test.each([
    ["#if($x)a", "template-syntax «#if»"],
    ["a#end", "template-syntax «#end»"],
    ["#if(true)a#else b#else c#end", "template-syntax «#else»"],
    ["#set($x = )", "template-syntax «)»"],
    ["$input.path('$.a", "template-syntax «'»"],
    ["#set($x = 3-1)", "template-syntax «-1»"],
    ["#set($x = null)", "template-syntax «null»"],
    ["#parse('x')", "template-syntax «#parse('x')»"],
    ['#set($x = "a $y.b(")', "template-syntax"],
  ])("%s", (template, wanted) => {
    expect(diagnose(template)[0]).toContain(wanted);
  });

  test("an unclosed block is shown where it was opened", () => {
    expect(messages("#foreach($i in [1])\n#if(true)\nx\n#end\n")[0]).toContain(
      '"#foreach" is not closed: "#end" is missing',
    );
  });

  test("a template above 300 KB is refused", () => {
    expect(diagnose("x".repeat(301 * 1024))).toEqual(["template-too-long «x»"]);
  });
});

describe("names", () => {
  test.each([
    ["$context.requestld", "unknown-context-variable «requestld»", 'did you mean "requestId"'],
    ["$context.identity.sourceIP2", "unknown-context-variable «sourceIP2»", 'did you mean "sourceIp"'],
    ["$context['stge']", "unknown-context-variable «['stge']»", 'did you mean "stage"'],
    ["$context.status", "context-variable-elsewhere «status»", "access logs"],
    ["$context.error.message", "context-variable-elsewhere «error»", "gateway responses"],
    ["$context.connectionId", "context-variable-elsewhere «connectionId»", "WebSocket APIs"],
    ["$input.parms('x')", "unknown-input-member «parms»", 'did you mean "params"'],
    ["$input.params", "unknown-input-member «params»", "params"],
    ["$util.toJson($input.body)", "unknown-util-function «toJson»", "no function"],
    ["$util.escapeJavascript('x')", "unknown-util-function «escapeJavascript»", 'did you mean "escapeJavaScript"'],
    ["$inputroot.a", "template-variable-never-set «inputroot»", "nothing sets"],
    ["#set($order = 1)$oder", "template-variable-never-set «oder»", 'did you mean "$order"'],
    ['{"$schema": 1}', "template-variable-never-set «schema»", "#[[$]]#"],
    ["#elsif($x)", "unknown-directive «#elsif»", 'did you mean "#elseif"'],
    ['#set($a = "$contxt.stage")', "template-variable-never-set «contxt»", 'did you mean "$context"'],
  ])("%s", (template, wanted, words) => {
    expect(diagnose(template)).toContain(wanted);
    expect(messages(template).join()).toContain(words);
  });

  test.each([
    "$context.authorizer.claims.sub $context.authorizer.anything.deep $context.identity.clientCert.validity.notAfter",
    "#set($context.responseOverride.status = 201)#set($context.responseOverride.header.x = 'y')#set($context.requestOverride.querystring['a'] = 'b')",
    "$input.body $input.json('$') $input.path('$.a').size() $input.params('x') $input.params().path.id $input.params().header.get('H')",
    "#foreach($i in [1])$i$foreach.index$velocityCount#end#define($b)x#end$b#macro(m $p)$p$bodyContent#end#m(1)",
    "#if($input.path('$.x') == $null)x#end",
    "#foreach($k in $context.keySet())$context.get($k)#end",
    "$context.stage.toUpperCase() $context.requestId.length()",
    "#evaluate('#set($later = 1)')$later",
    "\\$notset #ffffff #fff #a1b2c3",
  ])("fine: %s", (template) => {
    expect(diagnose(template)).toEqual([]);
  });
});

describe("overrides", () => {
  const status = "#set($context.responseOverride.status = 201)";

  test.each([
    [status + status, "$context.responseOverride.status"],
    [`${status}#if($input.body)${status}#end`, "$context.responseOverride.status"],
    [`#if($input.body)${status}#else${status}#end${status}`, "$context.responseOverride.status"],
    [`${status}#foreach($i in [1..2])${status}#end`, "$context.responseOverride.status"],
    [
      "#set($context.requestOverride.header.X-A = 'a')#set($context.requestOverride.header['x-a'] = 'b')",
      "$context.requestOverride.header['x-a']",
    ],
    [
      "#set($context['requestOverride'].path.id = 1)$context.requestOverride.path.put('id', 2)",
      "$context.requestOverride.path.put('id', 2)",
    ],
  ])("twice: %s", (template, second) => {
    expect(diagnose(template)).toEqual([`overridden-twice «${second}»`]);
  });

  test.each([
    `#if($input.body)${status}#else${status}#end`,
    `#if($input.body)${status}#end${status.replace("status", "custom")}${status.replace("status", "custom")}`,
    `#if($input.body)${status}#stop#end`,
    "#set($context.requestOverride.header.a = 1)#set($context.responseOverride.header.a = 1)#set($context.requestOverride.path.a = 1)",
    "#set($n = 'a')#set($context.requestOverride.path[$n] = 1)#set($n = 'b')#set($context.requestOverride.path[$n] = 1)",
    "#set($context.requestOverride.path.a = 1)#set($context.requestOverride.path.A = 1)",
  ])("once: %s", (template) => {
    expect(diagnose(template)).toEqual([]);
  });
});

describe("the declared model", () => {
  test.each([
    ["$input.path('$.idd')", "path-not-in-model «idd»", '"Order" has no "idd" | did you mean "id"?'],
    ["$input.json('$.customer.nme')", "path-not-in-model «nme»", 'did you mean "name"'],
    ["$input.path('$.items[0].skuu')", "path-not-in-model «skuu»", '"Item" has no "skuu"'],
    ["$input.path('$.items[*].x')", "path-not-in-model «x»", '"Item" has no "x"'],
    ["$input.path('$.items.sku')", "path-not-in-model «sku»", "a list has no"],
    ["$input.path('$').nothing", "path-not-in-model «nothing»", '"Order" has no "nothing"'],
    ["#set($o = $input.path('$'))$o.customer.nam", "path-not-in-model «nam»", 'did you mean "name"'],
    [
      "#set($o = $input.path('$'))#foreach($i in $o.items)$i.qantity#end",
      "path-not-in-model «qantity»",
      'did you mean "quantity"',
    ],
    [
      "#foreach($i in $input.path('$.items'))$i.get('zzz')#end",
      "path-not-in-model «get('zzz')»",
      '"Item" has no "zzz"',
    ],
    ["#set($o = $input.path('$'))\"$o.items[0].x\"", "path-not-in-model «x»", '"Item" has no "x"'],
  ])("%s", (template, wanted, words) => {
    expect(diagnose(template, typed)).toEqual([wanted]);
    expect(messages(template, typed).join()).toContain(words);
  });

  test.each([
    "$input.path('$').items.size() $input.json('$.customer') $input.path('$..sku') $input.path('$.labels.anything')",
    "#set($o = $input.path('$'))#set($o.extra = 1)$o.extra",
    "#set($o = $input.path('$'))#set($o = $o.customer)$o.whatever",
    "#set($o = $input.path('$'))$o.items.empty $o.keySet() #foreach($v in $o.labels)$v#end",
    "#foreach($e in $input.path('$').entrySet())$e.key=$e.value#end",
    "$input.path('$.items[?(@.sku == 1)].quantity')",
  ])("fine: %s", (template) => {
    expect(diagnose(template, typed)).toEqual([]);
  });

  test("without a declared type nothing is said", () => {
    expect(diagnose("$input.path('$.anything.at.all')")).toEqual([]);
  });

  test("a path that is none is refused", () => {
    expect(diagnose("$input.path('$.a[')")).toEqual(["invalid-json-path «'$.a['»"]);
  });
});

describe("patterns", () => {
  test("what the linear engine cannot run is refused", () => {
    expect(diagnose("$input.body.replaceAll('(?=x)', '')")).toEqual(["template-regex «'(?=x)'»"]);
    expect(diagnose("$input.body.matches('(a)\\1')")).toEqual(["template-regex «'(a)\\1'»"]);
    expect(diagnose("$input.body.matches('^[A-Z]+\\d{2,}$')")).toEqual([]);
  });
});

describe("templates that cannot give JSON", () => {
  const json = { givesJson: true };
  test.each([
    ["<a>$input.body</a>", "«<»"],
    ["{'a': 1}", "«'»"],
    ['{"a": 1,}', "«}»"],
    ['{"a" 1}', "«1»"],
    ['{"a": [1, 2}', "«}»"],
    ['{"a": "$input.body"', '«"»'],
    ["hello", "«h»"],
    ['{"a": 1} trailing', "«t»"],
    ['#if($input.body){"a": 1,}#else{"a": 2,}#end', "«}»"],
  ])("%s", (template, wanted) => {
    expect(diagnose(template, json).join()).toBe(`template-not-json ${wanted}`);
  });

  test.each([
    '{"a": $input.json(\'$\'), "b": "$context.stage", "c": [#foreach($i in [1, 2])$i#if($foreach.hasNext),#end#end]}',
    '#set($o = $input.path(\'$\'))\n{\n  "a": "$o.a"#if($o.b),\n  "b": "$o.b"#end\n}\n',
    "$input.json('$')",
    '#if($input.body)[1]#else{"a":"x $context.stage y"}#end',
    '[#foreach($i in [1..3]){"i": $i},#end]',
    '{"a": $context.stage"b"}',
    "",
    "12",
    '{"a": tr#if(true)ue#end}',
  ])("may: %s", (template) => {
    expect(diagnose(template, json)).toEqual([]);
  });
});

describe("facts", () => {
  test("what a template uses", () => {
    const compiled = compileTemplate(
      "$input.params('id') $input.params().header.get('H') $stageVariables.table ${stageVariables['q']} $context.identity.sourceIp $input.path('$.a.b') #set($context.responseOverride.status = 201)",
      { kind: "request", report: () => {} },
    );
    expect(compiled?.facts).toMatchObject({
      usesBody: true,
      usesAllParams: false,
      params: [{ name: "id" }, { name: "H" }],
      stageVariables: [{ name: "table" }, { name: "q" }],
      contextNames: [{ name: "identity.sourceIp" }, { name: "responseOverride.status" }],
      inputPaths: [{ text: "$.a.b" }],
      usesOverrides: true,
    });
  });
});

describe("single quotes in JSON", () => {
  const json = { isJson: true };
  test.each([
    `{"a": "$util.escapeJavaScript($input.params('a'))"}`,
    `{"a": "x$!{util.escapeJavaScript($input.params('a'))}"}`,
    `{\n#foreach($k in $input.params().header.keySet())\n"$k": "$util.escapeJavaScript($k).trim()"#if($foreach.hasNext),#end\n#end}`,
    `{"say": "\\"", "a": "$util.escapeJavaScript($input.json('$.a'))"}`,
  ])("%s", (template) => {
    expect(diagnose(template, json)).toEqual(["json-single-quote «escapeJavaScript»"]);
    expect(diagnose(template)).toEqual([]);
  });

  test("the remedy is the guide's, and what is no string in JSON needs none", () => {
    expect(messages(`{"a": "$util.escapeJavaScript($context.stage)"}`, json)[0]).toContain(
      `append .replaceAll("\\\\'","'")`,
    );
    const fine = [
      `{"a": "$util.escapeJavaScript($input.params('a')).replaceAll("\\\\'","'")"}`,
      `{"a": $input.json('$.a')}`,
      `Action=A&Message=$util.escapeJavaScript($input.body)`,
      `#set($x = $util.escapeJavaScript($input.body)){"a": 1}`,
    ];
    for (const template of fine) expect(diagnose(template, json)).toEqual([]);
  });
});
