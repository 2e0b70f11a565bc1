import { createRequire } from "node:module";
import { isPlainlyLinear } from "./plain-patterns.js";

export type PatternVerdict =
  | { readonly kind: "ok" }
  /** Not a regular expression; `detail` is the engine's reason. */
  | { readonly kind: "invalid"; readonly detail: string }
  | { readonly kind: "exponential"; readonly attack: string }
  | { readonly kind: "polynomial"; readonly degree: number; readonly attack: string }
  /** The analysis did not come to an end in its time. */
  | { readonly kind: "unproven" };

export interface PatternOptions {
  /** Greatest length of the texts that the pattern will see, when something else bounds it first. */
  readonly maxLength?: number | undefined;
  /** Milliseconds that the analysis may take. */
  readonly timeoutMs?: number;
}

type Recheck = Pick<typeof import("recheck"), "checkSync">;

const unit = { kind: "ok" } as const;

/** Steps that a bounded polynomial pattern may take on its longest text: some ten milliseconds. */
const affordableSteps = 10_000_000;

/**
 * Whether a regular expression can be given to a backtracking engine with text from outside. Patterns that are plainly
 * linear are passed at once; the rest goes to recheck, which proves or attacks them (loaded on first use, 0.4 s).
 *
 * @returns `exponential` is to be refused; `polynomial` is worth a warning, unless `maxLength` keeps it affordable
 */
export function checkPattern(pattern: string, options: PatternOptions = {}): PatternVerdict {
  const flags = patternFlags(pattern);
  if (typeof flags !== "string") return { kind: "invalid", detail: flags.detail };
  if (isPlainlyLinear(pattern)) return unit;
  const { checkSync } = createRequire(import.meta.url)("recheck") as Recheck;
  const result = checkSync(pattern, flags, { timeout: options.timeoutMs ?? 1000 });
  if (result.status === "safe") return unit;
  if (result.status === "unknown") return { kind: "unproven" };
  const attack = result.attack.pattern;
  if (result.complexity.type === "exponential") return { kind: "exponential", attack };
  const { degree } = result.complexity;
  const isAffordable = options.maxLength !== undefined && options.maxLength ** degree <= affordableSteps;
  return isAffordable ? unit : { kind: "polynomial", degree, attack };
}

/**
 * Flags to compile a pattern with: `u` where it allows, so that a character outside the basic plane counts as one; none
 * for patterns with escapes that only the older syntax knows.
 */
export function patternFlags(pattern: string): "u" | "" | { readonly detail: string } {
  for (const flags of ["u", ""] as const) {
    try {
      new RegExp(pattern, flags);
      return flags;
    } catch (error) {
      if (flags === "") return { detail: reasonOf(error) };
    }
  }
  return "";
}

/** The engine's message without the pattern repeated in it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf(": ") + 2).toLowerCase() || "it does not compile";
}

/**
 * A checker for one compilation: remembers its verdicts and bounds the time that all analyses take together, so that a
 * file full of hard patterns does not hold up the build.
 */
export function createPatternChecker(budgetMs = 10_000): typeof checkPattern {
  const verdicts = new Map<string, PatternVerdict>();
  let spentMs = 0;
  return (pattern, options = {}) => {
    const key = `${options.maxLength ?? ""}/${pattern}`;
    const known = verdicts.get(key);
    if (known) return known;
    const started = performance.now();
    const timeoutMs = Math.max(1, Math.min(options.timeoutMs ?? 1000, budgetMs - spentMs));
    const verdict = checkPattern(pattern, { ...options, timeoutMs });
    spentMs += performance.now() - started;
    verdicts.set(key, verdict);
    return verdict;
  };
}
