import type { Budget } from "../budget.js";
import { type MethodTable, methodTable, text } from "../methods/signature.js";
import { methodError } from "../template-error.js";
import { JavaArray } from "../values/collections.js";
import { compileRegex, type JavaRegex, type RegexMatch } from "./java-regex.js";

/** Methods of String that take a regular expression. A pattern without special characters is searched as text. */
export const regexMethods: MethodTable<string> = methodTable<string>({
  "matches(String)": (self, [pattern], budget) => {
    const source = text(pattern);
    return isPlain(source) ? self === source : compileRegex(source, budget).matches(self, budget);
  },
  "replaceAll(String,String)": (self, [pattern, replacement], budget) =>
    // Java looks at the replacement only where it replaces.
    replace(self, text(pattern), () => text(replacement), true, budget),
  "replaceFirst(String,String)": (self, [pattern, replacement], budget) => {
    const by = text(replacement);
    return replace(self, text(pattern), () => by, false, budget);
  },
  "split(String)": (self, [pattern], budget) => split(self, text(pattern), 0, budget),
  "split(String,int)": (self, [pattern, limit], budget) => split(self, text(pattern), limit as number, budget),
});

function isPlain(source: string): boolean {
  return !/[\\^$.|?*+()[\]{}]/.test(source);
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly match: RegexMatch | undefined;
}

/** Places where a pattern matches. */
function* places(self: string, source: string, regex: JavaRegex | undefined, budget: Budget): Generator<Found> {
  if (regex === undefined) {
    budget.through(self.length);
    for (let at = self.indexOf(source); at >= 0; at = self.indexOf(source, at + source.length)) {
      budget.step();
      yield { start: at, end: at + source.length, match: undefined };
    }
    return;
  }
  for (const match of regex.find(self, budget)) yield { start: match.starts[0] ?? 0, end: match.ends[0] ?? 0, match };
}

function engineFor(source: string, budget: Budget): JavaRegex | undefined {
  return source !== "" && isPlain(source) ? undefined : compileRegex(source, budget);
}

function replace(self: string, source: string, replacement: () => string, all: boolean, budget: Budget): string {
  const regex = engineFor(source, budget);
  let out = "";
  let from = 0;
  for (const { start, end, match } of places(self, source, regex, budget)) {
    out += self.slice(from, start) + expand(replacement(), self, start, end, match, regex);
    budget.length(out.length);
    from = end;
    if (!all) break;
  }
  return budget.text(out + self.slice(from));
}

/** Matcher.appendReplacement: `$1`, `${name}`, and a backslash before any character. */
function expand(
  replacement: string,
  self: string,
  start: number,
  end: number,
  match: RegexMatch | undefined,
  regex: JavaRegex | undefined,
): string {
  if (!/[\\$]/.test(replacement)) return replacement;
  let out = "";
  for (let i = 0; i < replacement.length; i++) {
    const char = replacement[i] ?? "";
    if (char === "\\") {
      if (++i >= replacement.length) throw methodError("character to be escaped is missing");
      out += replacement[i];
    } else if (char === "$") {
      const reference = groupReference(replacement, i + 1, regex);
      i = reference.end - 1;
      const from = reference.group === 0 ? start : (match?.starts[reference.group] ?? -1);
      const to = reference.group === 0 ? end : (match?.ends[reference.group] ?? -1);
      if (from >= 0) out += self.slice(from, to);
    } else out += char;
  }
  return out;
}

function groupReference(replacement: string, at: number, regex: JavaRegex | undefined): { group: number; end: number } {
  const named = /^\{([A-Za-z][A-Za-z0-9]*)\}/.exec(replacement.slice(at, at + 100));
  if (named !== null) {
    const group = regex?.named(named[1] ?? "");
    if (group === undefined) throw methodError(`No group with name ${named[0]}`);
    return { group, end: at + named[0].length };
  }
  const digit = replacement.charCodeAt(at) - 48;
  if (!(digit >= 0 && digit <= 9)) throw methodError("Illegal group reference");
  const most = regex?.groups ?? 0;
  let group = digit;
  if (group > most) throw methodError(`No group ${group}`);
  let end = at + 1;
  for (; ; end++) {
    const next = replacement.charCodeAt(end) - 48;
    if (!(next >= 0 && next <= 9) || group * 10 + next > most) return { group, end };
    group = group * 10 + next;
  }
}

/** String.split: no empty text before a match of no width, none at the end unless the limit says so. */
function split(self: string, source: string, limit: number, budget: Budget): JavaArray {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of places(self, source, engineFor(source, budget), budget)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (end === 0 && start === 0) continue;
    if (start === end && start >= self.length) continue;
    parts.push(self.slice(from, start));
    budget.items(parts.length);
    from = end;
  }
  if (parts.length === 0) return new JavaArray([self], "Ljava.lang.String;");
  parts.push(self.slice(from));
  if (limit === 0) while (parts.length > 0 && parts[parts.length - 1] === "") parts.pop();
  return new JavaArray(parts, "Ljava.lang.String;");
}
