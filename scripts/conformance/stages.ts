import { runCanary } from "./canary.js";
import type { AreaRunner } from "./case.js";
import { run as runMapping } from "./parameter-mapping.js";

/** Stage variables in an endpoint, and canaries. */
export const run: AreaRunner = (testCase) => {
  if (testCase.given["canary"] !== undefined) return runCanary(testCase);
  return testCase.given["uri"] === undefined ? "no uri in this case" : runMapping(testCase);
};
