import { caseFiles, readLines, runWithPath } from "./case-files.js";
import { problemOf, renderCase, type TemplateCase } from "./vtl/template-case.js";

/** `npm run vtl -- [FILE.jsonl | DIR]`: renders each case with its compiled template; one line a failure, then the count. */
await runWithPath("npm run vtl -- [FILE.jsonl | DIR]", "vtl/cases.jsonl", runCases);

function runCases(path: string): number {
  let passed = 0;
  let failed = 0;
  for (const testCase of caseFiles(path, ".jsonl").flatMap((file) => readLines<TemplateCase>(file))) {
    const problem = attempt(testCase);
    if (problem === undefined) {
      passed++;
      continue;
    }
    failed++;
    console.log(`FAIL ${testCase.id}: ${problem}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function attempt(testCase: TemplateCase): string | undefined {
  try {
    return problemOf(testCase, renderCase(testCase.template, testCase.context));
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 3).join(" ") : error}`;
  }
}
