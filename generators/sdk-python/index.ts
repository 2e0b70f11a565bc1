import { defineGenerator } from "../define-generator.js";
import { planPython } from "./plan.js";
import { printPython } from "./print.js";

/** The client of the API as a Python package: typed, synchronous and asynchronous, without dependencies. */
export const sdkPython = defineGenerator("sdk/python", planPython, printPython);
