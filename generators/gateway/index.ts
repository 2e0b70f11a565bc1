import type { Generator } from "../../src/model/output.js";
import { planGateway } from "./plan.js";
import { printGateway } from "./print.js";

/** The standalone gateway as readable TypeScript modules. `bundleGateway` makes the single file of them. */
export const gateway: Generator = {
  name: "gateway",
  generate: async (model, options) => printGateway(planGateway(model, options)),
};
