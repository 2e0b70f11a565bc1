import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TemplateCase } from "../../scripts/vtl/template-case.js";
import { compileTemplate } from "../../src/mapping/vtl/index.js";
import { typeErrors } from "../support/compiles.js";
import { sharedFolder } from "../support/paths.js";

const own = [
  "static text",
  "#set($unused = $input.path('$.a').put('b', 1))#set($never = 'x')x",
  "#foreach($i in [1..3])x#break#end#foreach($j in $input.path('$.l'))$foreach.count#end",
  "#macro(m $a)$a$bodyContent#end#m('x')#@m(1)body#end#define($b)y#end$b#evaluate('$b')",
  "#set($s = \"#if($context.stage)a#end\")$s.replaceAll('a+', 'b') $input.path($s) $input.path(\"$.l[?(@.a =~ /x/)]\")",
];

/** Generated gateways are TypeScript that users may compile under `strict`. */
test("compiled templates are TypeScript without type errors", () => {
  const templates = [...own, ...sharedTemplates()];
  const files = new Map<string, string>();
  templates.forEach((text, position) => {
    const compiled = compileTemplate(text, { kind: "request", report: () => {} });
    if (compiled === undefined) return;
    const imports = [
      ...compiled.imports.map(({ name, module }) => `import { ${name} } from "gatewayc/runtime/mapping/${module}.js";`),
      ...compiled.types.map(
        ({ name, module }) => `import type { ${name} } from "gatewayc/runtime/mapping/${module}.js";`,
      ),
    ];
    files.set(`template${position}.ts`, `${imports.join("\n")}\nexport const template = ${compiled.code};\n`);
  });
  expect(files.size).toBeGreaterThanOrEqual(own.length);
  expect(typeErrors(files)).toEqual([]);
}, 120_000);

/** Every fifth of the shared cases. */
function sharedTemplates(): readonly string[] {
  const shared = sharedFolder();
  if (shared === undefined) return [];
  const lines = readFileSync(join(shared, "vtl/cases.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.filter((_, position) => position % 5 === 0).map((line) => (JSON.parse(line) as TemplateCase).template);
}
