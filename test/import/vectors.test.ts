import { join } from "node:path";
import { expect, test } from "vitest";
import { runAwsSnapshots } from "../../scripts/vectors/aws-snapshots.js";
import { runOpenApiVectors } from "../../scripts/vectors/openapi.js";
import { sharedFolder } from "../support/paths.js";

const shared = sharedFolder();

test.runIf(shared)("documents of the wild become files that compile", { timeout: 60_000 }, async () => {
  const { passed, failed } = await runOpenApiVectors(join(shared ?? "", "vectors/openapi"));
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThanOrEqual(8);
});

test.runIf(shared)("what AWS stored of its own imports is what ours says", { timeout: 60_000 }, async () => {
  const { passed, failed } = await runAwsSnapshots(join(shared ?? "", "vectors/aws-apigw-snapshots"));
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThanOrEqual(97);
});
