import { nearest } from "../../nearest.js";
import { tagNames } from "./tag-names.js";

/** Half-open range in the text that the comment stands in. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Tag {
  readonly name: string;
  readonly value: string;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

export interface Comment {
  readonly description: string | undefined;
  readonly tags: readonly Tag[];
}

const tagStart = /(?:^|\s)@([a-zA-Z]+)(?=\s|$)/g;

/**
 * Reads a JSDoc comment. A tag starts a line, or follows white space when it is one that has a meaning here, so that
 * both `@minimum 1 @maximum 5` and "Mail to me @home" are read as meant.
 *
 * @param text   the whole text
 * @param range  the comment in it, with its delimiters
 */
export function parseComment(text: string, range: Range): Comment {
  const description: string[] = [];
  const tags: { name: string; nameRange: Range; start: number; lines: string[]; end: number }[] = [];
  for (const line of commentLines(text, range)) {
    const found = tagsOnLine(line.text, tags.length > 0);
    const before = line.text.slice(0, found[0]?.index ?? line.text.length);
    const current = tags.at(-1);
    if (!current) {
      description.push(before.trim());
    } else if (found.length === 0 || before.trim() !== "") {
      current.lines.push(before.trimEnd());
      if (before.trim() !== "") current.end = line.start + before.trimEnd().length;
    }
    for (const [index, match] of found.entries()) {
      const name = match[1] ?? "";
      const at = line.start + match.index + match[0].indexOf("@");
      const from = at + 1 + name.length;
      const to = found[index + 1]?.index ?? line.text.length;
      const raw = text.slice(from, line.start + to);
      const start = from + (raw.length - raw.trimStart().length);
      const value = raw.trim();
      const nameRange = { start: at, end: from };
      tags.push({
        name,
        nameRange,
        start: value ? start : at,
        lines: [value],
        end: value ? start + value.length : from,
      });
    }
  }
  return {
    description: description.join("\n").trim() || undefined,
    tags: tags.map((tag) => ({
      name: tag.name,
      value: tag.lines.join("\n").trim(),
      nameRange: tag.nameRange,
      valueRange: { start: tag.start, end: Math.max(tag.start, tag.end) },
    })),
  };
}

/** Tags that a line begins with or has inside. After a first tag, a misspelt one inside the line counts too. */
function tagsOnLine(line: string, hasTags: boolean): readonly RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of line.matchAll(tagStart)) {
    const name = match[1] ?? "";
    const isFirst = line.slice(0, match.index).trim() === "";
    const isAlmost = (hasTags || found.length > 0) && name.length > 4 && nearest(name, tagNames.keys()) !== undefined;
    if (isFirst || tagNames.has(name) || isAlmost) found.push(match);
  }
  return found;
}

/** Lines of a comment without the star in front of each. */
function commentLines(text: string, range: Range): { text: string; start: number }[] {
  const end = text.endsWith("*/", range.end) ? range.end - 2 : range.end;
  const lines: { text: string; start: number }[] = [];
  let at = range.start + 3;
  while (at <= end) {
    const breakAt = text.indexOf("\n", at);
    const stop = breakAt === -1 || breakAt > end ? end : breakAt;
    const raw = text.slice(at, stop).replace(/\r$/, "");
    const star = lines.length === 0 ? null : /^[ \t]*\*[ \t]?/.exec(raw);
    const skip = star?.[0].length ?? 0;
    lines.push({ text: raw.slice(skip), start: at + skip });
    at = stop + 1;
  }
  return lines;
}

/**
 * The last JSDoc comment between two offsets that hold only white space and comments, or undefined. A comment on the
 * line of what stands before, with a line break after it, belongs to nothing that follows.
 */
export function leadingComment(text: string, from: number, to: number, first: boolean): Range | undefined {
  let found: Range | undefined;
  let sawBreak = from === 0 || first;
  let at = from;
  while (at < to) {
    if (text.startsWith("//", at)) {
      const breakAt = text.indexOf("\n", at);
      at = breakAt === -1 ? to : breakAt;
    } else if (text.startsWith("/*", at)) {
      const close = text.indexOf("*/", at + 2);
      const end = close === -1 ? to : close + 2;
      const trailing = !sawBreak && /^[ \t]*\r?\n/.test(text.slice(end, end + 200));
      if (text.startsWith("/**", at) && end - at > 4 && !trailing) found = { start: at, end };
      at = end;
    } else {
      if (text[at] === "\n") sawBreak = true;
      at++;
    }
  }
  return found;
}
