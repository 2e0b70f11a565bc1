/** Product of the widths of bounded repetitions that is still harmless: ways to split one text. */
const maxWays = 10_000;

interface Atom {
  /** Offset after the atom. */
  readonly end: number;
}

/**
 * Whether a pattern is linear by its looks: it starts with `^`, has at most one unbounded repetition and few ways for
 * the bounded ones, and repeats single characters or classes only. Anything else (groups that repeat, alternatives,
 * look-around, back-references) is left to the real analysis. Saves loading it for patterns such as `^[A-Z]{3}-\d+$`.
 */
export function isPlainlyLinear(pattern: string): boolean {
  if (!pattern.startsWith("^")) return isPlainText(pattern);
  let unbounded = 0;
  let ways = 1;
  let at = 1;
  while (at < pattern.length) {
    if (pattern[at] === "$") {
      at++;
      continue;
    }
    const atom = readAtom(pattern, at);
    if (!atom) return false;
    const repetition = /^(?:[*+]|\?|\{(\d+)(?:(,)(\d*))?\})\??/.exec(pattern.slice(atom.end, atom.end + 24));
    at = atom.end + (repetition?.[0].length ?? 0);
    if (!repetition) continue;
    const width = widthOf(repetition);
    if (width === Infinity) unbounded++;
    else ways *= width;
    if (unbounded > 1 || ways > maxWays) return false;
  }
  return unbounded === 0 || ways <= 100;
}

/** Number of lengths that a repetition can take. */
function widthOf([whole, low, comma, high]: RegExpExecArray): number {
  if (low === undefined) return whole.startsWith("?") ? 2 : Infinity;
  if (!comma) return 1;
  return high === "" || high === undefined ? Infinity : Math.max(1, Number(high) - Number(low) + 1);
}

/** A text without any operator is found in linear time. */
function isPlainText(pattern: string): boolean {
  return /^[\w\s\-/:@,;#%&=!"'<>~]*\$?$/.test(pattern) && pattern.length < 100;
}

/** One character, escape or class; undefined for groups, alternatives and whatever else. */
function readAtom(pattern: string, at: number): Atom | undefined {
  const char = pattern[at] ?? "";
  if (char === "[") {
    for (let end = at + 1; end < pattern.length; end++) {
      if (pattern[end] === "\\") end++;
      else if (pattern[end] === "]") return { end: end + 1 };
    }
    return undefined;
  }
  if (char === "\\")
    return /^\\[dDwWsSnrtfv.\-/\\^$*+?()[\]{}|]/.test(pattern.slice(at, at + 2)) ? { end: at + 2 } : undefined;
  return "()|*+?{}]^".includes(char) ? undefined : { end: at + 1 };
}
