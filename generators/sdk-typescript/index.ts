import { defineGenerator } from "../define-generator.js";
import { planSdk } from "./plan.js";
import { printSdk } from "./print.js";

/** The client of the API as a package of JavaScript modules with declarations, ready to be committed and imported. */
export const sdkTypescript = defineGenerator("sdk/typescript", planSdk, printSdk);
