import { defineGenerator } from "../define-generator.js";
import { planDocs } from "./plan.js";
import { printDocs } from "./print.js";

/** The API for people: static pages that need no network and no server. */
export const docs = defineGenerator("docs", planDocs, printDocs);
