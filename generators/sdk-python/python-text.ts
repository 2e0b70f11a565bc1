/** Python as text: nothing of the file gets into it but through these. */

/** A string literal. JSON's escapes are Python's too; what could hide or reorder code in an editor is escaped as well. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(hidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Controls, separators of lines, and marks of direction. */
const hidden = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Lines of a text for people, without what could end a comment or a line of it. */
function plainLines(text: string): readonly string[] {
  return text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => withoutLone(line.replace(/\p{Cc}/gu, " ").replace(hidden, "")).trimEnd());
}

/** Half of a surrogate pair is no UTF-8. */
function withoutLone(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** A docstring with its line break, or nothing. */
export function docstring(text: string | undefined, indent: string): string {
  const lines = plainLines(text ?? "").map((line) => line.replace(/\\/g, "\\\\").replace(/"/g, '\\"'));
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  while (lines.length > 0 && lines[0] === "") lines.shift();
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}"""${lines[0]}"""\n`;
  const [first, ...rest] = lines;
  return `${indent}"""${first}\n${rest.map((line) => (line === "" ? "\n" : `${indent}${line}\n`)).join("")}${indent}"""\n`;
}

/** A comment, a line each. */
export function comment(text: string | undefined, indent: string): string {
  const lines = plainLines(text ?? "").filter((line) => line !== "");
  return lines.map((line) => `${indent}# ${line}\n`).join("");
}

/** A tuple: the comma of one that has a single member is not forgotten. */
export function tupleText(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

export function dictText(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${name}: ${value}`).join(", ")}}`;
}
