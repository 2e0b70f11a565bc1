import { RE2JS } from "re2js";
import { translateRegex } from "../../runtime/mapping/regex/translate.js";

/** Why a Java pattern cannot run on the engine whose time is linear in the text; undefined when it can. */
export function linearPatternProblem(source: string): string | undefined {
  try {
    RE2JS.compile(translateRegex(source));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
