import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareRefusals } from "../../../scripts/vectors/aws-refusals.js";
import { recordings } from "../../../scripts/vectors/aws-snapshots.js";
import { sharedFolder } from "../../support/paths.js";

const all = recordings(join(sharedFolder() ?? "", "vectors/aws-apigw-snapshots/snapshots"));

/** Refusals that AWS's control plane gave, each from the rule for its request. */
describe.skipIf(all.length === 0)("recorded refusals of the control plane", () => {
  for (const { id, content } of all) {
    const found = compareRefusals(id, content);
    if (found === undefined) continue;
    test(id, () => {
      expect(found.failed).toEqual([]);
      expect(found.unknown.filter((step) => !known.has(`${id}/${step}`))).toEqual([]);
    });
  }
});

/** What has no rule, and why. */
const known: ReadonlySet<string> = new Set([
  // Ids in another case are other ids: the tests of the control plane show it.
  "test_get_api_case_insensitive/get-api-upper-case",
]);
