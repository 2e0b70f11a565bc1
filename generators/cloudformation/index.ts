import { defineGenerator } from "../define-generator.js";
import { planCloudFormation } from "./plan.js";
import { printCloudFormation } from "./print.js";

/** The output `cloudformation`: one plain template. */
export const cloudFormation = defineGenerator("cloudformation", planCloudFormation, printCloudFormation);
