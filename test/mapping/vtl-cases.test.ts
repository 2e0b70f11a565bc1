import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { interpretTemplate } from "../../runtime/mapping/interpret/interpreter.js";
import { dynamicPath } from "../../runtime/mapping/jsonpath/dynamic-path.js";
import { matchesPattern } from "../../runtime/mapping/regex/java-regex.js";
import { regexMethods } from "../../runtime/mapping/regex/regex-methods.js";
import { TemplateError } from "../../runtime/mapping/template-error.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { TemplateSyntaxError } from "../../runtime/mapping/velocity/nodes.js";
import { parseTemplate } from "../../runtime/mapping/velocity/parser.js";
import {
  type Outcome,
  problemOf,
  renderCase,
  type TemplateCase,
  templateInput,
} from "../../scripts/vtl/template-case.js";
import { sharedFolder } from "../support/paths.js";

const shared = sharedFolder();

/** The shared cases: results of Apache Velocity 1.7 on a JVM (shared/vtl/README.md). */
describe.skipIf(shared === undefined)("shared/vtl/cases.jsonl", () => {
  const cases = readCases();

  test("every case renders as Velocity does, compiled", () => {
    expect(problems(cases, ({ template, context }) => renderCase(template, context))).toEqual([]);
  });

  test("every case renders as Velocity does, interpreted", () => {
    expect(problems(cases, interpretCase)).toEqual([]);
  });
});

function problems(cases: readonly TemplateCase[], render: (testCase: TemplateCase) => Outcome): string[] {
  return cases.flatMap((testCase) => {
    const problem = problemOf(testCase, render(testCase));
    return problem === undefined ? [] : [`${testCase.id}: ${problem}`];
  });
}

function readCases(): readonly TemplateCase[] {
  if (shared === undefined) return [];
  const lines = readFileSync(join(shared, "vtl/cases.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as TemplateCase);
}

function interpretCase({ template, context }: TemplateCase): Outcome {
  const scope = new TemplateScope(templateInput(context));
  scope.use({ regex: regexMethods, matches: matchesPattern, dynamicPath });
  try {
    return { text: interpretTemplate(parseTemplate(template), scope) };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error: "parse" };
    if (error instanceof TemplateError) return { error: error.reason };
    throw error;
  }
}
