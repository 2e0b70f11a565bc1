import type { TextValue } from "../syntax/gateway-syntax.js";
import { checkPattern } from "../syntax/patterns.js";
import type { Checking } from "./checking.js";

/** A selection pattern sees a status or the message of an error: no more than this many characters are matched. */
const longestSelectionValue = 4096;

/** The pattern when it is a regular expression that no backend can make run for long; undefined when it is reported. */
export function checkSelectionPattern({ text, span }: TextValue, { report }: Checking): string | undefined {
  const verdict = checkPattern(text, { maxLength: longestSelectionValue });
  switch (verdict.kind) {
    case "ok":
    case "unproven":
      return text;
    case "invalid":
      report("bad-selection-pattern", span, { pattern: text, detail: verdict.detail });
      return undefined;
    case "exponential":
    case "polynomial":
      report("slow-selection-pattern", span, { pattern: text, attack: verdict.attack });
      return undefined;
  }
}
