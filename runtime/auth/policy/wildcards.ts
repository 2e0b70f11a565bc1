/** Whether a text matches; made once for each pattern. */
export type TextMatcher = (text: string) => boolean;

/** A piece of a pattern: text taken as it is, or one of the two wildcards. */
export type PatternPart = string | { readonly wildcard: "*" | "?" };

/** `a*b?` as parts. */
export function patternParts(text: string): readonly PatternPart[] {
  return text
    .split(/([*?])/)
    .filter((part) => part !== "")
    .map((part) => (part === "*" || part === "?" ? { wildcard: part } : part));
}

/**
 * `*` is any run of characters, `/` and `:` too, `?` exactly one. The runs between two `*` are looked for from the left,
 * so the time is bounded by pattern × text and nearly always linear; no regular expression is made.
 */
export function wildcardMatcher(parts: readonly PatternPart[]): TextMatcher {
  const runs: PatternPart[][] = [[]];
  for (const part of parts) {
    if (typeof part === "object" && part.wildcard === "*") runs.push([]);
    else (runs[runs.length - 1] as PatternPart[]).push(part);
  }
  const [first, ...rest] = runs.map(runOf) as [Run, ...Run[]];
  const last = rest.pop();
  if (last === undefined) return first.isPlain ? (text) => text === first.text : (text) => matchesWhole(first, text);
  if (rest.length === 0 && first.length === 0 && last.length === 0) return () => true;
  if (rest.length === 0 && last.length === 0 && first.isPlain) return (text) => text.startsWith(first.text);
  return (text) => {
    const end = text.length - last.length;
    if (first.length > end || !isAt(first, text, 0) || !isAt(last, text, end)) return false;
    let from = first.length;
    for (const run of rest) {
      const at = find(run, text, from, end);
      if (at === -1) return false;
      from = at + run.length;
    }
    return true;
  };
}

/** Characters between two `*`; null stands for `?`. */
interface Run {
  readonly length: number;
  readonly isPlain: boolean;
  readonly text: string;
  readonly anyAt: ReadonlySet<number>;
}

function runOf(parts: readonly PatternPart[]): Run {
  let text = "";
  const anyAt = new Set<number>();
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      anyAt.add(text.length);
      text += "?";
    }
  }
  return { length: text.length, isPlain: anyAt.size === 0, text, anyAt };
}

function matchesWhole(run: Run, text: string): boolean {
  return text.length === run.length && isAt(run, text, 0);
}

function isAt(run: Run, text: string, at: number): boolean {
  if (run.isPlain) return text.startsWith(run.text, at);
  if (at + run.length > text.length) return false;
  for (let index = 0; index < run.length; index++) {
    if (!run.anyAt.has(index) && text.charCodeAt(at + index) !== run.text.charCodeAt(index)) return false;
  }
  return true;
}

function find(run: Run, text: string, from: number, end: number): number {
  if (run.isPlain) {
    const at = text.indexOf(run.text, from);
    return at !== -1 && at + run.length <= end ? at : -1;
  }
  for (let at = from; at + run.length <= end; at++) if (isAt(run, text, at)) return at;
  return -1;
}
