import type { TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** A selection pattern sees a status or the message of an error: no more than this many characters are matched. */
const longestSelectionValue = 3000;

/**
 * The pattern when it is a regular expression that no backend can make run for long; undefined when it is reported. It
 * must match the whole text (aws-behaviour.md section 10), which makes many patterns harmless that would not be so alone.
 */
export function checkSelectionPattern(
  { text, span }: TextValue,
  { report, checkPattern }: Checking,
): string | undefined {
  for (const part of [text, ...wholeMatches(text)]) {
    const verdict = checkPattern(part, { maxLength: longestSelectionValue });
    if (verdict.kind === "invalid") {
      report("bad-selection-pattern", span, { pattern: text, detail: verdict.detail });
      return undefined;
    }
    if (part === text && verdict.kind !== "ok") continue;
    if (verdict.kind === "exponential" || verdict.kind === "polynomial") {
      report("slow-selection-pattern", span, { pattern: text, attack: verdict.attack });
      return undefined;
    }
    if (part === text) return text;
  }
  return text;
}

/** The pattern as it is run. Plain alternatives one by one: `400|404` is plainly linear then, without an analysis. */
function wholeMatches(pattern: string): readonly string[] {
  const isPlain = !/[()[\]]|\\\|/.test(pattern);
  return isPlain ? pattern.split("|").map((branch) => `^${branch}$`) : [`^(?:${pattern})$`];
}
