import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runVelocityVectors } from "../../scripts/vectors/velocity.js";
import { sharedFolder } from "../support/paths.js";

const shared = sharedFolder();

/** `npm run vectors -- …/velocity` prints the same, with what Velocity 1.7 has otherwise. */
describe.skipIf(shared === undefined)("Velocity's own templates", () => {
  test("render as Velocity 1.7 has them", () => {
    const { passed, failed, known } = runVelocityVectors(join(shared ?? "", "vectors/velocity"));
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(10);
    expect(known.length).toBeLessThan(passed);
  });
});
