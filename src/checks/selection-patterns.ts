import { JavaPatternError, javaPattern } from "../mapping/java-pattern/index.js";
import type { TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** A selection pattern sees a status or the message of an error: no more than this many characters are matched. */
const longestSelectionValue = 3000;

/**
 * The pattern when it is one of Java's that no backend can make run for long; undefined when it is reported. It must
 * match the whole text (aws-behaviour.md section 10), which makes many patterns harmless that would not be so alone.
 */
export function checkSelectionPattern(
  { text, span }: TextValue,
  { report, checkPattern }: Checking,
): string | undefined {
  const read = readPattern(text);
  if ("detail" in read) {
    report("bad-selection-pattern", span, { pattern: text, detail: read.detail });
    return undefined;
  }
  const options = { maxLength: longestSelectionValue };
  if (checkPattern(read.pattern, options).kind === "ok") return text;
  for (const part of wholeMatches(text, read.pattern)) {
    const verdict = checkPattern(part, options);
    if (verdict.kind !== "exponential" && verdict.kind !== "polynomial") continue;
    report("slow-selection-pattern", span, { pattern: text, attack: verdict.attack });
    return undefined;
  }
  return text;
}

/** A pattern of Java's in JavaScript, or what is wrong with it. */
export function readPattern(text: string): { readonly pattern: string } | { readonly detail: string } {
  try {
    return { pattern: javaPattern(text) };
  } catch (error) {
    if (error instanceof JavaPatternError) return { detail: error.message };
    throw error;
  }
}

/** The pattern as it is run. Plain alternatives one by one: `400|404` is plainly linear then, without an analysis. */
function wholeMatches(text: string, pattern: string): readonly string[] {
  const isPlain = !/[()[\]]|\\[|Q]/.test(text);
  return isPlain ? text.split("|").map((branch) => `^${javaPattern(branch)}$`) : [`^(?:${pattern})$`];
}
