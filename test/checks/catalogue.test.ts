import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkRules } from "../../src/diagnostics/check-rules.js";
import type { Rule } from "../../src/diagnostics/rule.js";
import { root } from "../support/paths.js";

const rules: readonly (readonly [string, Rule])[] = Object.entries(checkRules);

test("each code of the checks has a test", () => {
  const folder = join(root, "test/checks");
  const tests = readdirSync(folder).filter((name) => name.endsWith(".test.ts") && name !== "catalogue.test.ts");
  const text = [...tests.map((name) => join(folder, name)), join(root, "test/mapping/expressions.test.ts")]
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  expect(rules.map(([code]) => code).filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});

test("each code has a page that says more than its name, in lines that fit a terminal", () => {
  for (const [code, { explain }] of rules) {
    expect(explain.length, code).toBeGreaterThan(60);
    for (const line of explain.split("\n")) expect(line.length, `${code}: ${line}`).toBeLessThanOrEqual(135);
  }
});

test("codes are words in lower case", () => {
  for (const [code] of rules) expect(code).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
});
