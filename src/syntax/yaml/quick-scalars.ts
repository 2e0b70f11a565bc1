import type { ScalarNode, ScalarStyle } from "../tree.js";
import { limits } from "./limits.js";
import { beyond, type QuickText } from "./quick-text.js";
import { ScalarSpanMap } from "./span-map.js";

/** Characters that no plain scalar begins with here; some may in YAML, which is left to the whole reader. */
const noPlainStart = new Set("-?:,[]{}#&*!|>'\"%@`~\n ");

type Where = "key" | "block" | "flow";

/** A plain scalar on one line. In flow collections what looks like a trap is left to the reader that finds traps. */
export function plainScalar(text: QuickText, where: Where): ScalarNode {
  const { at: start, text: all } = text;
  if (noPlainStart.has(text.char()) && !(text.char() === "-" && /\d/.test(text.char(1)))) beyond();
  let at = start;
  for (; at < all.length; at++) {
    const char = all[at];
    if (char === "\n" || (char === "#" && all[at - 1] === " ")) break;
    if (char === ":" && (text.isSpace(at + 1) || (where === "flow" && /[,[\]{}]/.test(all[at + 1] ?? "")))) break;
    if (where !== "flow") continue;
    if (char === "," || char === "]" || char === "}") break;
    if (char === "[" || char === "{" || char === ";") beyond();
  }
  if (where === "block" && all[at] === ":") beyond();
  let end = at;
  while (all[end - 1] === " ") end--;
  if (end === start || (where === "key" && end < at)) beyond();
  text.at = where === "key" ? at : end;
  const source = all.slice(start, end);
  if (where === "flow" && /<[^>]*$/.test(source)) beyond();
  return scalar(text, start, end, "plain", source, coreValue(source));
}

/** By YAML 1.2's core schema; its rarer numbers are left to the whole reader. */
function coreValue(source: string): ScalarNode["value"] {
  if (/^(?:null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (!/^[-+.\d]/.test(source)) return source;
  if (/^0[ox]|^[-+]?\.[a-zA-Z]/.test(source)) beyond();
  return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(source) ? Number(source) : source;
}

/** A scalar in quotes on one line, with JSON's commonest escapes. */
export function quotedScalar(text: QuickText): ScalarNode {
  const { at: start } = text;
  const isDouble = text.char() === '"';
  text.at = isDouble ? doubleEnd(text.text, start) : singleEnd(text.text, start);
  const source = text.text.slice(start, text.at);
  const inside = source.slice(1, -1);
  const value = isDouble ? (inside.includes("\\") ? String(JSON.parse(source)) : inside) : inside.replaceAll("''", "'");
  return scalar(text, start, text.at, isDouble ? "double" : "single", value, value);
}

/** Loops rather than regular expressions: those run out of stack on a text of some megabytes. */
function doubleEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === "\n") break;
    if (char === "\\" && !'nrt"\\/'.includes(text[++at] ?? " ")) break;
  }
  return beyond();
}

function singleEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") break;
    if (char === "'" && text[++at] !== "'") return at;
  }
  return beyond();
}

/** `|` and `|-` with lines that are moved in farther than their key; blank lines must be empty. */
export function literalScalar(text: QuickText, column: number): ScalarNode {
  const header = /\|-?(?: +#[^\n]*| *)\n/y;
  header.lastIndex = text.at;
  const start = text.at;
  const { length } = header.exec(text.text)?.[0] ?? beyond();
  const lines: string[] = [];
  let at = start + length;
  let indent = -1;
  let end = start;
  while (at < text.text.length) {
    const lineBreak = text.text.indexOf("\n", at);
    const lineEnd = lineBreak === -1 ? text.text.length : lineBreak;
    const line = text.text.slice(at, lineEnd);
    const lead = line.length - line.trimStart().length;
    if (lead < line.length && lead <= column) break;
    if (lead === line.length && lead > Math.max(indent, 0)) beyond();
    if (lead < line.length) {
      if (indent === -1) indent = lead;
      if (lead < indent) beyond();
      end = at + line.trimEnd().length;
    }
    lines.push(line.slice(Math.max(indent, 0)));
    at = lineEnd + 1;
  }
  while (lines.at(-1) === "") lines.pop();
  if (lines.length === 0 || lines[0] === "") beyond();
  const content = lines.join("\n") + (text.text.startsWith("|-", start) ? "" : "\n");
  text.at = end;
  return scalar(text, start, end, "literal", content, content);
}

function scalar(
  quick: QuickText,
  start: number,
  end: number,
  style: ScalarStyle,
  text: string,
  value: ScalarNode["value"],
): ScalarNode {
  if (++quick.scalars > limits.quickScalars) beyond();
  const spanMap = new ScalarSpanMap(quick.repaired, start, end, style, text);
  return { kind: "scalar", value, text, style, span: { start, end }, spanMap };
}
