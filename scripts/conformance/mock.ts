import type { ConformanceCase } from "./case.js";
import { answerProblem } from "./compare.js";
import { runMock } from "./mock-route.js";

/** Area `mock`: what a MOCK integration answers with its templates. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  return answerProblem(expect, await runMock(given));
}
