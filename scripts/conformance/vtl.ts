import { isDeepStrictEqual } from "node:util";
import { renderCase, type TemplateCaseInput } from "../vtl/template-case.js";
import type { ConformanceCase } from "./case.js";

/** Area `vtl`: a template and its input against what AWS rendered. */
export function run(testCase: ConformanceCase): string | undefined {
  const given = testCase.given as unknown as TemplateCaseInput & { readonly template: string };
  const expect = testCase.expect as { readonly text?: string; readonly json?: unknown };
  const outcome = renderCase(given.template, given);
  if ("error" in outcome) return `the template fails: ${outcome.error}`;
  if (expect.text !== undefined) {
    return outcome.text === expect.text
      ? undefined
      : `wanted ${JSON.stringify(expect.text)}, got ${JSON.stringify(outcome.text)}`;
  }
  try {
    if (isDeepStrictEqual(JSON.parse(outcome.text), expect.json)) return undefined;
  } catch {
    return `not JSON: ${JSON.stringify(outcome.text)}`;
  }
  return `wanted ${JSON.stringify(expect.json)}, got ${outcome.text}`;
}
