import type { Span } from "../../source.js";

/** Replaces a part of the text by what was meant, so that reading can go on. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A text in which mistakes are mended, and the way from its offsets to those of the file. */
export interface RepairedText {
  readonly text: string;
  toFile(offset: number): number;
}

export function unrepaired(text: string): RepairedText {
  return { text, toFile: (offset) => offset };
}

/** @param edits  in order, not touching each other, in offsets of `before.text` */
export function repair(before: RepairedText, edits: readonly Edit[]): RepairedText {
  const parts: string[] = [];
  const starts: number[] = [];
  let at = 0;
  let length = 0;
  for (const { span, text } of edits) {
    parts.push(before.text.slice(at, span.start), text);
    length += span.start - at;
    starts.push(length);
    length += text.length;
    at = span.end;
  }
  parts.push(before.text.slice(at));
  return { text: parts.join(""), toFile: (offset) => before.toFile(offsetBefore(offset, edits, starts)) };
}

/** Inside an edit that put quotes around a text, the text's own offset; the end of an edit is the end of what it replaced. */
function offsetBefore(offset: number, edits: readonly Edit[], starts: readonly number[]): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const edit = edits[low - 1];
  if (!edit) return offset;
  const inside = offset - (starts[low - 1] ?? 0);
  if (inside >= edit.text.length) return edit.span.end + inside - edit.text.length;
  const isQuoted = edit.text.length > edit.span.end - edit.span.start;
  return Math.min(edit.span.start + Math.max(0, isQuoted ? inside - 1 : inside), edit.span.end);
}

/** A text as a YAML scalar in quotes; the quotes that need no escapes, where there are such. */
export function quoted(text: string): string {
  if (!/["\\]/.test(text)) return `"${text}"`;
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}
