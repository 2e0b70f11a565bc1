import { invariant } from "../../src/invariant.js";
import type { JsonValue } from "../../src/model/types.js";
import { isJsonObject, type JsonObject } from "./stable-json.js";

/**
 * JSON data as YAML that every reader takes for the same data: block style, in the order of the data, two spaces a
 * level. A string stands plain only where YAML 1.1 and 1.2 agree that it is a string; texts of several lines are literal
 * blocks. A printer of our own, because the `yaml` package takes eight times as long: 1.9 s for 5,000 routes.
 */
export function printYaml(value: JsonValue): string {
  return new YamlPrinter().print(value);
}

/** One printing. Keys and short values repeat, so what was made of a string is kept. */
class YamlPrinter {
  readonly #scalars = new Map<string, string>();
  readonly #lines: string[] = [];

  print(value: JsonValue): string {
    if (isJsonObject(value) && !isEmpty(value)) this.#map(value, "", "");
    else if (Array.isArray(value) && value.length > 0) this.#list(value, "", "");
    else this.#lines.push(this.#inline(value, "  "));
    this.#lines.push("");
    return this.#lines.join("\n");
  }

  /** Members on lines of their own; `first` stands before the first one, in place of the indentation. */
  #map(value: JsonObject, indent: string, first: string): void {
    let lead = first;
    for (const name of Object.keys(value)) {
      this.#member(name, value[name] as JsonValue, indent, lead);
      lead = indent;
    }
  }

  #member(name: string, value: JsonValue, indent: string, lead: string): void {
    const key = this.#scalar(name);
    // YAML 1.2.2 section 8.2.2: an implicit key has at most 1,024 characters.
    const isLong = key.length > maxImplicitKey;
    if (isLong) this.#lines.push(`${lead}? ${key}`);
    this.#value(isLong ? `${indent}:` : `${lead}${key}:`, value, `${indent}  `);
  }

  /** A value behind its key. */
  #value(head: string, value: JsonValue, below: string): void {
    if (isJsonObject(value) && !isEmpty(value)) {
      this.#lines.push(head);
      this.#map(value, below, below);
    } else if (Array.isArray(value) && value.length > 0) {
      this.#lines.push(head);
      this.#list(value, below, below);
    } else {
      this.#lines.push(`${head} ${this.#inline(value, below)}`);
    }
  }

  /** The first member of a map, or item of a list, stands on the line of its dash. */
  #list(items: readonly JsonValue[], indent: string, first: string): void {
    const below = `${indent}  `;
    let lead = first;
    for (const item of items) {
      if (isJsonObject(item) && !isEmpty(item)) this.#map(item, below, `${lead}- `);
      else if (Array.isArray(item) && item.length > 0) this.#list(item, below, `${lead}- `);
      else this.#lines.push(`${lead}- ${this.#inline(item, below)}`);
      lead = indent;
    }
  }

  #inline(value: JsonValue, below: string): string {
    if (typeof value === "string") return canBeBlock(value) ? literalBlock(value, below) : this.#scalar(value);
    if (typeof value === "number") return number(value);
    if (Array.isArray(value)) return "[]";
    return isJsonObject(value) ? "{}" : String(value);
  }

  /** A string on one line: plain where that is safe, otherwise in double quotes. */
  #scalar(text: string): string {
    const known = this.#scalars.get(text);
    if (known !== undefined) return known;
    const scalar = isPlain(text) ? text : quoted(text);
    this.#scalars.set(text, scalar);
    return scalar;
  }
}

const maxImplicitKey = 1000;

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
function literalBlock(text: string, below: string): string {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const mark = !text.endsWith("\n") ? "|-" : body.endsWith("\n") ? "|+" : "|";
  return `${mark}\n${body.replace(/^(?=.)/gm, below)}`;
}

const plainText = /^[A-Za-z_/$](?:[A-Za-z0-9_/$.,()+@%=~ {}<>;*^!?&|'"[\]-]|:(?=[^ ]))*$/;
const reserved = /^(?:y|n|yes|no|true|false|on|off|null|_+)$/i;

function isPlain(text: string): boolean {
  return text.length < 200 && plainText.test(text) && !text.endsWith(" ") && !reserved.test(text);
}

/** In single quotes, where that spares backslashes: everything printable stands for itself there. */
function quoted(text: string): string {
  const isEasier = /["\\]/.test(text) && !text.includes("\n") && !unprintable.test(text);
  return isEasier ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** JSON's string is YAML's double-quoted one, but for characters that YAML calls unprintable or takes as line ends. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
