import { invariant } from "../../src/invariant.js";
import type { JsonValue } from "../../src/model/types.js";
import { isJsonObject, type JsonObject } from "./stable-json.js";

/**
 * JSON data as YAML that every reader takes for the same data: block style, in the order of the data, two spaces a
 * level. A string stands plain only where YAML 1.1 and 1.2 agree that it is a string; texts of several lines are literal
 * blocks. Written by hand because a document of 5,000 routes takes the `yaml` package seconds and this printer a tenth
 * of one.
 */
export function printYaml(value: JsonValue): string {
  if (isJsonObject(value) && Object.keys(value).length > 0) return blockMap(value, "").slice(1);
  if (Array.isArray(value) && value.length > 0) return blockList(value, "").slice(1);
  return `${inline(value, "", "").trimStart()}\n`;
}

/** What follows a `:` or `-`, ends included; `indent` is that of the lines below it. */
function node(value: JsonValue, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : blockList(value, indent);
  if (isJsonObject(value)) return isEmpty(value) ? " {}\n" : blockMap(value, indent);
  return `${inline(value, indent, " ")}\n`;
}

function blockMap(value: JsonObject, indent: string): string {
  let out = "\n";
  for (const name in value) out += member(name, value[name] as JsonValue, indent);
  return out;
}

function member(name: string, value: JsonValue, indent: string): string {
  const key = scalar(name);
  const below = `${indent}  `;
  // YAML 1.2.2 section 8.2.2: an implicit key has at most 1,024 characters.
  if (key.length > maxImplicitKey) return `${indent}? ${key}\n${indent}:${node(value, below)}`;
  return `${indent}${key}:${node(value, below)}`;
}

const maxImplicitKey = 1000;

function blockList(items: readonly JsonValue[], indent: string): string {
  let out = "\n";
  for (const item of items) out += `${indent}-${listItem(item, `${indent}  `)}`;
  return out;
}

/** The first member of a map, or item of a list, stands on the line of its dash. */
function listItem(item: JsonValue, indent: string): string {
  const text = node(item, indent);
  return text.startsWith("\n") ? ` ${text.slice(1 + indent.length)}` : text;
}

function inline(value: JsonValue, indent: string, lead: string): string {
  if (typeof value === "string") return lead + (canBeBlock(value) ? literalBlock(value, indent) : scalar(value));
  if (typeof value === "number") return lead + number(value);
  if (Array.isArray(value)) return `${lead}[]`;
  return lead + (isJsonObject(value) ? "{}" : String(value));
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/** YAML 1.1 wants a point in the mantissa and a sign in the exponent, or it reads a string. */
function number(value: number): string {
  invariant(Number.isFinite(value), "numbers in an output are finite");
  const text = JSON.stringify(value);
  return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
}

/** Printable text of several lines whose first line does not begin with a space (which would need a marker). */
function canBeBlock(text: string): boolean {
  return text.includes("\n") && /^[^\s]/.test(text) && !unprintable.test(text);
}

// Control characters but the newline, line ends of YAML 1.1 (NEL, LS, PS), the byte order mark, lone surrogates, and
// non-characters; a tab is fine inside a line but trips readers at its start.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a block may not hold
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** `|` keeps one final newline, `|-` has none, `|+` keeps them all. */
function literalBlock(text: string, indent: string): string {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const mark = !text.endsWith("\n") ? "|-" : body.endsWith("\n") ? "|+" : "|";
  const below = indent === "" ? "  " : indent;
  return `${mark}\n${body.replace(/^(?=.)/gm, below)}`;
}

/** A string on one line: plain where that is safe, otherwise in double quotes. */
function scalar(text: string): string {
  return isPlain(text) ? text : quoted(text);
}

const plainText = /^[A-Za-z_/$][A-Za-z0-9_/$.,()+@%=~ {}<>;*^!?&|'"-]*$/;
const alwaysPlain = /^[A-Z][a-z]{3,}[A-Za-z]*$|^[a-z]{2,}[A-Z][A-Za-z]*$|^\/[a-z/]*$/;
const reserved = /^(?:y|n|yes|no|true|false|on|off|null|_+)$/i;

function isPlain(text: string): boolean {
  if (alwaysPlain.test(text)) return !reserved.test(text);
  return plainText.test(text) && !text.endsWith(" ") && text.length < 200 && !reserved.test(text);
}

/** JSON's string is YAML's double-quoted one, but for characters that YAML calls unprintable or takes as line ends. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
