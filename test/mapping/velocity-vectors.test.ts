import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Budget } from "../../runtime/mapping/budget.js";
import { addMacros, Interpreter } from "../../runtime/mapping/interpret/interpreter.js";
import { Rendering } from "../../runtime/mapping/interpret/rendering.js";
import { parseJson } from "../../runtime/mapping/json/parse-json.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { JavaList, JavaMap } from "../../runtime/mapping/values/collections.js";
import type { Value } from "../../runtime/mapping/values/value.js";
import { parseTemplate } from "../../runtime/mapping/velocity/parser.js";
import { templateInput } from "../../scripts/vtl/template-case.js";
import { sharedFolder } from "../support/paths.js";

/**
 * Templates of Velocity's own suite. They come from Velocity 2: what 1.7 has otherwise is listed with its reason (our
 * results for these were compared with Velocity 1.7 on a JVM, and are the same).
 */
const differentIn17 = new Map([
  ["comment", '1.7 keeps "##" after "#[[" unlike 2.x'],
  ["escape2", "uses #include, which API Gateway has not"],
  ["foreach-array", "#foreach … #else is Velocity 2"],
  ["foreach_empty", "#foreach … #else is Velocity 2"],
  ["vm_test1", "calls macros of a library file"],
  ["vm_test2", "calls macros of a library file"],
  ["ugly1", "1.7 refuses a stray $ before a directive"],
  ["ugly2", "1.7 refuses a stray $ before a directive"],
]);

const shared = sharedFolder();
const folder = join(shared ?? "", "vectors/velocity");

describe.skipIf(shared === undefined)("Velocity's own templates", () => {
  for (const [room, suffix] of [
    ["templates", ".vm"],
    ["gobbling", ".vtl"],
  ] as const) {
    const path = join(folder, room);
    const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(suffix)) : [];
    for (const file of names) {
      const name = file.slice(0, -suffix.length);
      test.skipIf(differentIn17.has(name))(name, () => {
        const wanted = join(folder, room === "templates" ? `compare/${name}.cmp` : `gobbling/compare/${file}.BC`);
        const shown = render(readFileSync(join(path, file), "utf8"), room === "templates");
        expect(shown.trimEnd()).toBe(readFileSync(wanted, "utf8").trimEnd());
      });
    }
  }
});

/** Renders as plain Velocity: a reference without a value prints its source. */
function render(template: string, withValues: boolean): string {
  const rendering = new Rendering(new TemplateScope(templateInput({})), [], true);
  const tree = parseTemplate(template);
  addMacros(tree, rendering);
  if (withValues) for (const [name, value] of suiteValues()) rendering.root.put(String(name), value);
  return rendering.template((variables, output) => new Interpreter(rendering).block(tree.body, variables, output));
}

function suiteValues(): ReadonlyMap<Value, Value> {
  const context = parseJson(readFileSync(join(folder, "context.json"), "utf8"), new Budget());
  const values = context instanceof JavaMap ? asJava(context.get("values")) : null;
  return values instanceof JavaMap ? values.entries : new Map();
}

/** Lists that print as Java's do, not as JSON. */
function asJava(value: Value): Value {
  if (value instanceof JavaList) return new JavaList(value.items.map(asJava), false);
  if (!(value instanceof JavaMap)) return value;
  return new JavaMap(new Map([...value.entries].map(([key, item]) => [key, asJava(item)])));
}
