import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { caseFiles, readList, runWithPath } from "./case-files.js";
import type { AreaModule, AreaRunner, ConformanceCase } from "./conformance/case.js";
import { ReadRecord } from "./conformance/read-record.js";
import { featureOf, unsupportedAreas } from "./conformance/unsupported-areas.js";

const limitSeconds = 20;

/** `npm run conformance -- [FILE.json | DIR]`: every `*.json` of the folder, one line a failure, exit code 1 when there was one. */
await runWithPath("npm run conformance -- [FILE.json | DIR]", "conformance", runCases);

async function runCases(path: string): Promise<number> {
  const cases = caseFiles(path, ".json").flatMap((file) => readList<ConformanceCase>(file));
  const runners = new Map<string, AreaRunner | undefined>();
  const tally = { passed: 0, failed: 0, skipped: new Map<string, number>() };
  for (const testCase of cases) {
    const { area, id } = testCase;
    if (!runners.has(area)) runners.set(area, await runnerOf(area));
    const run = runners.get(area);
    const feature = featureOf(testCase);
    if (unsupportedAreas.has(feature) && (feature !== area || !run)) {
      tally.skipped.set(feature, (tally.skipped.get(feature) ?? 0) + 1);
      continue;
    }
    const problem = run ? await problemOf(run, testCase) : "no runner for this area";
    if (problem === undefined) tally.passed++;
    else {
      tally.failed++;
      console.log(`FAIL ${area} ${id}: ${problem}`);
    }
  }
  for (const [feature, count] of tally.skipped) {
    console.log(`skipped: area ${feature} not supported yet, ${count} cases (${unsupportedAreas.get(feature)})`);
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed > 0 ? 1 : 0;
}

/** An expectation that its area never looked at is no pass; a given that nothing used is told. */
async function problemOf(run: AreaRunner, testCase: ConformanceCase): Promise<string | undefined> {
  const given = new ReadRecord(testCase.given);
  const expect = new ReadRecord(testCase.expect);
  try {
    const problem = await withinLimit(run({ ...testCase, given: given.record, expect: expect.record }));
    if (problem !== undefined) return problem;
    const [ignored] = given.unread();
    if (ignored !== undefined) console.log(`note ${testCase.area} ${testCase.id}: given.${ignored} has no effect`);
    const [unread] = expect.unread();
    return unread === undefined ? undefined : `nothing compares expect.${unread}`;
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 3).join(" ") : error}`;
  }
}

/** A case that waits for what never comes fails, and the others run. */
function withinLimit(outcome: ReturnType<AreaRunner>): ReturnType<AreaRunner> {
  if (!(outcome instanceof Promise)) return outcome;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${limitSeconds} s`), limitSeconds * 1000);
  });
  return Promise.race([outcome, limit]).finally(() => clearTimeout(timer));
}

/** An area whose module cannot be loaded fails with the reason; the others run. */
async function runnerOf(area: string): Promise<AreaRunner | undefined> {
  try {
    return await loadArea(area);
  } catch (error) {
    return () => `the area's runner cannot be loaded: ${error instanceof Error ? error.message : error}`;
  }
}

/** `conformance/<area>.js` beside this file; undefined when there is none. */
async function loadArea(area: string): Promise<AreaRunner | undefined> {
  if (!/^[a-z][a-z0-9-]*$/.test(area)) return undefined;
  const base = fileURLToPath(new URL(`./conformance/${area}`, import.meta.url));
  if (!existsSync(`${base}.js`) && !existsSync(`${base}.ts`)) return undefined;
  const module = (await import(`./conformance/${area}.js`)) as AreaModule;
  return module.run;
}
