import type { AreaRunner } from "./case.js";
import { run as runMapping } from "./parameter-mapping.js";

/** Stage variables in an endpoint. Canary cases are an unsupported feature of their own, `stages/canary`. */
export const run: AreaRunner = (testCase) =>
  testCase.given["uri"] === undefined ? "no uri in this case" : runMapping(testCase);
