import type { Generator } from "../../src/model/output.js";
import { planHandlers } from "./plan.js";
import { printHandlers } from "./print.js";

/** Types and binders of Lambda handlers, and a stub for each handler that is not there yet. */
export const handlers: Generator = {
  name: "handlers",
  generate: async (model, options) => printHandlers(planHandlers(model, options)),
};
