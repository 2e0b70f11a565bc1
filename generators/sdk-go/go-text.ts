import { Buffer } from "node:buffer";

/** Go as text: nothing of the file gets into it but through these. */

/** An interpreted string literal, in ASCII alone. Half of a surrogate pair is nothing that Go can say. */
export function goString(text: string): string {
  const chars = [...text].map((char) => {
    const point = char.codePointAt(0) ?? 0;
    if (char === '"' || char === "\\") return `\\${char}`;
    if (point >= 0x20 && point < 0x7f) return char;
    if (point >= 0xd800 && point <= 0xdfff) return "\\ufffd";
    return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  });
  return `"${chars.join("")}"`;
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, "0");
}

/** The longest line of a comment. */
const width = 110;

/**
 * A comment that gofmt leaves as it is: one paragraph whose lines begin with letters, so that none is a list, a heading or
 * code (go.dev/doc/comment); it ends with a full stop. Nothing when the text says nothing.
 */
export function goComment(text: string, indent = ""): string {
  const words = plainWords(text);
  if (words.length === 0) return "";
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + word.length > width && /^\p{L}/u.test(word)) {
      lines.push(line);
      line = word;
    } else line += line === "" ? word : ` ${word}`;
  }
  lines.push(/[.!?:]$/.test(line) ? line : `${line}.`);
  return lines.map((entry) => `${indent}// ${entry}\n`).join("");
}

/** Words without controls, marks of direction and what gofmt would make other quotes of. */
function plainWords(text: string): readonly string[] {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Cs}\ufeff\ufffe\uffff]/gu, " ")
    .replace(/`+/g, "`")
    .replace(/'+/g, "'")
    .split(/\s+/)
    .filter((word) => word !== "");
}

export interface GoWords {
  /** What the declaration is or does, behind its name: `calls GET /orders`. */
  readonly says: string;
  /** What the file says of it. */
  readonly text?: string | undefined;
  readonly deprecated?: boolean;
}

/** The comment of a declaration: a sentence that begins with its name, what the file says, and when it is not to be used any more. */
export function goDocs(name: string, { says, text = "", deprecated = false }: GoWords): string {
  // Words that begin otherwise may be a list, a heading or a link to gofmt.
  const isPlain = /^\s*\p{L}/u.test(text);
  const paragraphs = [
    goComment(`${name} ${says}`),
    goComment(isPlain || text.trim() === "" ? text : `The API says: ${text}`),
    deprecated ? "// Deprecated: the API says so.\n" : "",
  ];
  return paragraphs.filter((paragraph) => paragraph !== "").join("//\n");
}

/** Members of a composite literal, one a line, as gofmt aligns them: what has several lines stands apart from those around it. */
export function goMembers(members: readonly (readonly [name: string, value: string])[], indent = "\t"): string {
  // Of longer names it depends on how much longer they are (go/printer, `exprList`).
  if (members.some(([name]) => name.length > 40))
    return members.map(([name, value]) => `${indent}${name}: ${value},\n`).join("\n");
  const rows = members.map(([name, value]) =>
    value.includes("\n") ? [`${name}: ${value},`] : [`${name}:`, `${value},`],
  );
  return alignRows(rows)
    .map((row) => `${indent}${row}\n`)
    .join("");
}

/** A function of one statement at most, on one line where gofmt leaves it there: about a hundred bytes without braces (go/printer, `funcBody`). More lines it never joins. */
export function goFunction(head: string, statement: string, indent = ""): string {
  const isShort = Buffer.byteLength(head) + Buffer.byteLength(statement) <= 98;
  if (isShort) return statement === "" ? `${head} {}` : `${head} { ${statement} }`;
  return `${head} {\n${statement === "" ? "" : `${indent}\t${statement}\n`}${indent}}`;
}

/** A struct of one field, on one line where gofmt leaves it there: a type of 29 bytes (go/printer, `isOneLineFieldList`). */
export function goStruct(name: string, type: string): string {
  const field = name === "" ? type : `${name} ${type}`;
  return Buffer.byteLength(type) < 30 ? `struct{ ${field} }` : `struct {\n\t${field}\n}`;
}

/** Rows in columns, as gofmt aligns lines that follow each other: a column goes on as long as each row has something behind it. */
export function alignRows(rows: readonly (readonly string[])[]): readonly string[] {
  const lengthOf = (text = "") => [...text].length;
  const isPadded = (row: readonly string[] | undefined, column: number) => row !== undefined && column < row.length - 1;
  const widthAt = (at: number, column: number) => {
    let [first, last] = [at, at];
    while (isPadded(rows[first - 1], column)) first--;
    while (isPadded(rows[last + 1], column)) last++;
    return Math.max(...rows.slice(first, last + 1).map((row) => lengthOf(row[column])));
  };
  return rows.map((row, at) =>
    row
      .map((text, column) => (isPadded(row, column) ? text + " ".repeat(widthAt(at, column) - lengthOf(text)) : text))
      .join(" "),
  );
}
