import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { problemOf, renderCase, type TemplateCase } from "./vtl/template-case.js";

/** `npm run vtl -- FILE.jsonl`: renders each case with its compiled template; one line a failure, then the count. */
process.exitCode = runFile(process.argv[2] ?? `${process.env["GATEWAY_SHARED"] ?? "../shared"}/vtl/cases.jsonl`);

function runFile(path: string): number {
  if (!existsSync(path)) {
    console.error(`no such file: ${path}`);
    return 2;
  }
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  let failed = 0;
  for (const line of lines) {
    const testCase = JSON.parse(line) as TemplateCase;
    const problem = attempt(testCase);
    if (problem === undefined) continue;
    failed++;
    console.log(`FAIL ${testCase.id}: ${problem}`);
  }
  console.log(`${lines.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function attempt(testCase: TemplateCase): string | undefined {
  try {
    return problemOf(testCase, renderCase(testCase.template, testCase.context));
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 3).join(" ") : error}`;
  }
}
