import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { AreaModule, ConformanceCase } from "../scripts/conformance/case.js";
import { featureOf, unsupportedAreas } from "../scripts/conformance/unsupported-areas.js";
import { sharedFolder } from "./support/paths.js";

const shared = sharedFolder();

/** The developers' cases of API Gateway's behaviour, as `npm run conformance` runs them. */
describe.skipIf(shared === undefined)("conformance", () => {
  const folder = join(shared ?? "", "conformance");
  const files = shared === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".json"));
  const cases = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as ConformanceCase[]);

  test.each(cases.filter((testCase) => !unsupportedAreas.has(featureOf(testCase))))("$area $id", async (testCase) => {
    const { run } = (await import(`../scripts/conformance/${testCase.area}.ts`)) as AreaModule;
    expect(await run(testCase)).toBeUndefined();
  });

  test("what is listed as unsupported has no runner", () => {
    const runners = [...unsupportedAreas.keys()].filter((area) =>
      existsSync(fileURLToPath(new URL(`../scripts/conformance/${area}.ts`, import.meta.url))),
    );
    expect(runners).toEqual([]);
  });
});
