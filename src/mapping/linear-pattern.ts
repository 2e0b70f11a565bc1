import { createRequire } from "node:module";
import { translateRegex } from "../../runtime/mapping/regex/translate.js";

const load = createRequire(import.meta.url);

/** Why a Java pattern cannot run on the engine whose time is linear in the text; undefined when it can. */
export function linearPatternProblem(source: string): string | undefined {
  // Its 260 kB are read when a file has a pattern.
  const { RE2JS } = load("re2js") as typeof import("re2js");
  try {
    RE2JS.compile(translateRegex(source));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
