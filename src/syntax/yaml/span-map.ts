import type { Span, SpanMap } from "../../source.js";
import type { ScalarStyle } from "../tree.js";
import type { RepairedText } from "./repair.js";

/** From `content` on, the text of a scalar stands in the file from `file` on; its last unit is `width` units wide there. */
interface Piece {
  readonly content: number;
  readonly file: number;
  readonly width: number;
}

/** Where each unit of a scalar's content stands. The pieces are laid out when somebody asks. */
export class ScalarSpanMap implements SpanMap {
  #pieces: readonly Piece[] | undefined;

  /**
   * @param repaired  the text around the scalar
   * @param start  of the scalar in that text, quotes or block header included
   */
  constructor(
    readonly repaired: RepairedText,
    readonly start: number,
    readonly end: number,
    readonly style: ScalarStyle,
    readonly content: string,
  ) {}

  toFile({ start, end }: Span): Span {
    this.#pieces ??= piecesOf(this);
    const from = this.#unit(start).start;
    return { start: from, end: end > start ? Math.max(from, this.#unit(end - 1).end) : from };
  }

  #unit(offset: number): Span {
    const { content, repaired } = this;
    if (offset >= content.length && content.length > 0) {
      const { end } = this.#unit(content.length - 1);
      return { start: end, end };
    }
    const piece = pieceAt(this.#pieces ?? [], Math.max(0, offset));
    if (piece.width !== 1)
      return { start: repaired.toFile(piece.file), end: repaired.toFile(piece.file + piece.width) };
    const at = piece.file + Math.max(0, offset) - piece.content;
    return { start: repaired.toFile(at), end: repaired.toFile(at + 1) };
  }
}

function pieceAt(pieces: readonly Piece[], offset: number): Piece {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.content ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return pieces[low] ?? { content: 0, file: 0, width: 1 };
}

function piecesOf(place: ScalarSpanMap): readonly Piece[] {
  switch (place.style) {
    case "double":
      return escapedPieces(place);
    case "single":
      return quotedPieces(place);
    case "plain":
      return linePieces(place, place.start);
    default: {
      const firstLine = place.repaired.text.indexOf("\n", place.start) + 1;
      return linePieces(place, firstLine === 0 ? place.end : firstLine);
    }
  }
}

/**
 * Plain and block scalars: each line of the source that is not blank stands in the content as it is, but for
 * indentation; between lines are spaces and line breaks. Lines of literal blocks may begin with spaces of their own, so
 * the indentation to take away is found from the first line.
 */
function linePieces({ repaired: { text }, end, style, content }: ScalarSpanMap, from: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let contentAt = 0;
  let indent = -1;
  for (let lineStart = from; lineStart < end; ) {
    const lineBreak = text.indexOf("\n", lineStart);
    const lineEnd = lineBreak === -1 || lineBreak > end ? end : lineBreak;
    const line = text.slice(lineStart, lineEnd).replace(/\r$/, "");
    const lead = line.length - line.trimStart().length;
    if (lead < line.length || (indent >= 0 && line.length > indent)) {
      if (indent === -1) indent = style === "plain" ? 0 : blockIndent(line, lead, content);
      const skip = style === "plain" ? lead : Math.min(indent, lead);
      const wanted = style === "plain" ? line.trim() : line.slice(skip);
      const found = content.indexOf(wanted, contentAt);
      if (found === -1) break;
      pieces.push({ content: found, file: lineStart + skip, width: 1 });
      contentAt = found + wanted.length;
      if (contentAt < content.length)
        pieces.push({ content: contentAt, file: lineStart + skip + wanted.length, width: 1 });
    }
    lineStart = lineEnd + 1;
  }
  return pieces.length > 0 && pieces[0]?.content === 0 ? pieces : [{ content: 0, file: from, width: 1 }, ...pieces];
}

/** Spaces that the block as a whole is moved in by: the first line's, less those that its content keeps. */
function blockIndent(line: string, lead: number, content: string): number {
  const first = content.split("\n").find((candidate) => candidate.trim() !== "") ?? "";
  const kept = first.length - first.trimStart().length;
  return Math.max(0, line.trimStart().length > 0 ? lead - kept : lead);
}

/** Single quotes: `''` is one quote, line breaks fold. */
function quotedPieces({ repaired: { text }, start, end }: ScalarSpanMap): readonly Piece[] {
  const pieces: Piece[] = [];
  let content = 0;
  for (let at = start + 1; at < end - 1; ) {
    const fold = foldAt(text, at);
    if (fold) {
      for (let index = 0; index < fold.length; index++) pieces.push({ content: content++, file: at, width: 1 });
      at = fold.end;
      continue;
    }
    const width = text[at] === "'" ? 2 : 1;
    addPiece(pieces, { content, file: at, width });
    content++;
    at += width;
  }
  return pieces.length > 0 ? pieces : [{ content: 0, file: start + 1, width: 0 }];
}

/** Double quotes: escapes of various widths, line breaks fold, a backslash before a line break joins. */
function escapedPieces({ repaired: { text }, start, end }: ScalarSpanMap): readonly Piece[] {
  const pieces: Piece[] = [];
  let content = 0;
  for (let at = start + 1; at < end - 1; ) {
    const joined = text[at] === "\\" ? joinAt(text, at) : 0;
    if (joined > 0) {
      at += joined;
      continue;
    }
    const fold = text[at] === "\\" ? undefined : foldAt(text, at);
    if (fold) {
      for (let index = 0; index < fold.length; index++) pieces.push({ content: content++, file: at, width: 1 });
      at = fold.end;
      continue;
    }
    const width = text[at] === "\\" ? escapeWidth(text[at + 1]) : 1;
    addPiece(pieces, { content, file: at, width });
    content += width === 10 && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1;
    at += width;
  }
  return pieces.length > 0 ? pieces : [{ content: 0, file: start + 1, width: 0 }];
}

/** Length of an escaped line break with the indentation after it. */
function joinAt(text: string, at: number): number {
  const join = /\\\r?\n[ \t]*/y;
  join.lastIndex = at;
  return join.exec(text)?.[0].length ?? 0;
}

function escapeWidth(letter: string | undefined): number {
  if (letter === "x") return 4;
  if (letter === "u") return 6;
  return letter === "U" ? 10 : 2;
}

/** Spaces around line breaks, and the breaks: one becomes a space, of several all but the first stay. */
function foldAt(text: string, at: number): { readonly end: number; readonly length: number } | undefined {
  if (!isBlank(text[at])) return undefined;
  // The first of several spaces has decided for all of them.
  if (text[at] !== "\n" && (text[at - 1] === " " || text[at - 1] === "\t")) return undefined;
  let breaks = 0;
  let end = at;
  for (; isBlank(text[end]); end++) if (text[end] === "\n") breaks++;
  return breaks === 0 ? undefined : { end, length: Math.max(1, breaks - 1) };
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\r" || char === "\n";
}

/** Units that follow each other one by one share a piece. */
function addPiece(pieces: Piece[], piece: Piece): void {
  const last = pieces[pieces.length - 1];
  const follows =
    last && last.width === 1 && piece.width === 1 && piece.file - last.file === piece.content - last.content;
  if (!follows) pieces.push(piece);
}
