import { defineGenerator } from "../define-generator.js";
import { planJava } from "./plan.js";
import { printJava } from "./print.js";

/** The client of the API as a Java library: records, sealed unions, builders, synchronous and asynchronous, of the JDK alone. */
export const sdkJava = defineGenerator("sdk/java", planJava, printJava);
