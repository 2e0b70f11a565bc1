/**
 * A set of states in which a reader of JSON may be. A state is written as text: the open brackets from the outside in,
 * then one letter for what may come next.
 *
 * - `v` a value; `e` a value or the end of an empty list; `k` a key; `o` a key or the end of an empty object
 * - `c` a colon; `n` a comma or the closing bracket; `d` nothing more (the value is complete)
 * - `s` inside a string that is a value, `S` inside one that is a key, `b` and `B` behind a backslash there
 * - `w` inside a word or number
 */
export type JsonStates = ReadonlySet<string> | typeof anything;

/** Nothing is known any more. */
export const anything = "anything";

/** More states than this, or deeper nesting, are not followed. */
const most = 64;
const deepest = 60;

export const start: JsonStates = new Set(["v"]);

export function union(sets: readonly JsonStates[]): JsonStates {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === anything) return anything;
    for (const state of set) all.add(state);
  }
  return all.size > most ? anything : all;
}

/** States after one character of text. */
export function step(states: ReadonlySet<string>, char: string): JsonStates {
  const next = new Set<string>();
  for (const state of states) {
    for (const after of follow(state.slice(0, -1), state.slice(-1), char)) {
      if (after.length > deepest) return anything;
      next.add(after);
    }
  }
  return next;
}

/** States after something that may print nothing, a value, or part of a string. Elsewhere it may print anything. */
export function valueHole(states: ReadonlySet<string>): JsonStates {
  const next = new Set(states);
  for (const state of states) {
    const [open, mode] = [state.slice(0, -1), state.slice(-1)];
    if (mode === "s" || mode === "S") continue;
    if (mode !== "v" && mode !== "e" && mode !== "w") return anything;
    next.add(`${open}w`);
    next.add(`${open}${afterValue(open)}`);
  }
  return next.size > most ? anything : next;
}

/** Whether the text may end in this state. */
export function acceptsEnd(state: string): boolean {
  return state === "d" || state === "w";
}

function afterValue(open: string): string {
  return open === "" ? "d" : "n";
}

function follow(open: string, mode: string, char: string): readonly string[] {
  const blank = char === " " || char === "\n" || char === "\r" || char === "\t";
  switch (mode) {
    case "s":
    case "S":
      if (char === '"') return [mode === "s" ? open + afterValue(open) : `${open}c`];
      if (char === "\\") return [`${open}${mode === "s" ? "b" : "B"}`];
      return char < " " ? [] : [open + mode];
    case "b":
      return [`${open}s`];
    case "B":
      return [`${open}S`];
    case "w":
      if (/[0-9a-zA-Z+.-]/.test(char)) return [`${open}w`];
      return follow(open, afterValue(open), char);
    default:
      return blank ? [open + mode] : between(open, mode, char);
  }
}

/** Outside of strings and words. */
function between(open: string, mode: string, char: string): readonly string[] {
  switch (mode) {
    case "v":
    case "e":
      if (char === "]" && mode === "e") return [closed(open)];
      return value(open, char);
    case "k":
    case "o":
      if (char === "}" && mode === "o") return [closed(open)];
      return char === '"' ? [`${open}S`] : [];
    case "c":
      return char === ":" ? [`${open}v`] : [];
    case "n":
      if (char === ",") return [`${open}${open.endsWith("{") ? "k" : "v"}`];
      return char === (open.endsWith("{") ? "}" : "]") ? [closed(open)] : [];
    default:
      return [];
  }
}

function value(open: string, char: string): readonly string[] {
  if (char === "{") return [`${open}{o`];
  if (char === "[") return [`${open}[e`];
  if (char === '"') return [`${open}s`];
  return /[-0-9tfn]/.test(char) ? [`${open}w`] : [];
}

function closed(open: string): string {
  const outer = open.slice(0, -1);
  return outer + afterValue(outer);
}
