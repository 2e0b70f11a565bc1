import { defineGenerator } from "../define-generator.js";
import { planGo } from "./plan.js";
import { printGo } from "./print.js";

/** The client of the API as a Go module: contexts, typed errors, iterators, of the standard library alone. */
export const sdkGo = defineGenerator("sdk/go", planGo, printGo);
