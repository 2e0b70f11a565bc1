import type { Budget } from "../budget.js";
import { JavaList, JavaMap } from "../values/collections.js";
import { double, integerOf, type JavaNumber } from "../values/numbers.js";
import type { Value } from "../values/value.js";
import { type Parsed, valueOfParsed } from "./json-map.js";

/** Nesting past which a text counts as no JSON: beyond it no template could go through the value anyway. */
const maxDepth = 512;

const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
/** A stretch of a string without quotes, escapes and control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses control characters in strings.
const plainPattern = /[^"\\\u0000-\u001f]*/y;

/**
 * What JSON.parse would lose: whole numbers past 32 bits, doubles that are whole or print otherwise in Java, and the
 * order of keys that look like numbers. Found inside strings as well, which only costs time.
 */
const trap = /[:,[{\s](?:"\d+"\s*:|-?\d(?:\d{7}|\.00|\d*(?:\.(?:0+(?!\d)|\d{15})|(?:\.\d+)?[eE])))/;

/** What every trap has in it: found in far fewer places, so most texts are looked at once, quickly. */
const hint = /\d(?:\d{7}|\.0|\.\d{15}|[eE][-+]?\d|"\s*:)/;

/** Whether JSON.parse and JSON.stringify keep everything that shows. */
export function isPlainJson(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first === 123 || first === 91) && !(hint.test(text) && trap.test(text)) && !text.includes("\\u003");
}

/**
 * Reads JSON (RFC 8259) into the values of templates: objects keep the order of their keys whatever those are, `10.0`
 * stays a Double, whole numbers keep every digit. JavaScript's own JSON.parse would lose all three.
 *
 * @param budget charged for the work; left out for a body, which is read once and whose length is bounded already
 * @returns undefined where the text is no JSON
 */
export function parseJson(text: string, budget?: Budget): Value | undefined {
  budget?.step(1 + (text.length >> 2));
  if (isShallow(text) && isPlainJson(text)) return parsePlain(text);
  const reader = new JsonReader(text);
  try {
    return reader.document();
  } catch (error) {
    if (error === notJson) return undefined;
    throw error;
  }
}

/** Reads JSON that JSON.parse keeps whole: 2 to 3 times as fast as our own reader (bench/vtl.mjs). */
function parsePlain(text: string): Value | undefined {
  try {
    return valueOfParsed(JSON.parse(text) as Parsed);
  } catch {
    return undefined;
  }
}

/** Whether the text cannot nest deeper than we allow: each level takes two brackets. */
export function isShallow(text: string): boolean {
  if (text.length <= maxDepth * 2 || brackets(text) <= maxDepth) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) {
      if (++depth > maxDepth) return false;
    } else if (code === 125 || code === 93) depth--;
  }
  return true;
}

/** Opening brackets, those inside of strings too; counted until there are too many. */
function brackets(text: string): number {
  let count = 0;
  for (let at = text.indexOf("{"); at !== -1 && count <= maxDepth; at = text.indexOf("{", at + 1)) count++;
  for (let at = text.indexOf("["); at !== -1 && count <= maxDepth; at = text.indexOf("[", at + 1)) count++;
  return count;
}

const notJson = new Error("no JSON");

class JsonReader {
  #at = 0;

  constructor(readonly text: string) {}

  document(): Value {
    this.#space();
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.text.length) throw notJson;
    return value;
  }

  #space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #value(depth: number): Value {
    switch (this.text.charCodeAt(this.#at)) {
      case 123:
        return this.#object(depth + 1);
      case 91:
        return this.#array(depth + 1);
      case 34:
        return this.#string();
      case 116:
        return this.#word("true", true);
      case 102:
        return this.#word("false", false);
      case 110:
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #word<T extends Value>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.#at)) throw notJson;
    this.#at += word.length;
    return value;
  }

  #number(): JavaNumber {
    numberPattern.lastIndex = this.#at;
    const match = numberPattern.exec(this.text);
    if (match === null) throw notJson;
    this.#at = numberPattern.lastIndex;
    const digits = match[0];
    return match[1] === undefined && match[2] === undefined ? integerOf(digits) : double(Number(digits));
  }

  #string(): string {
    const { text } = this;
    const start = this.#at + 1;
    plainPattern.lastIndex = start;
    plainPattern.test(text);
    const end = plainPattern.lastIndex;
    if (text.charCodeAt(end) === 34) {
      this.#at = end + 1;
      return text.slice(start, end);
    }
    return this.#escaped(start);
  }

  /** A string with escapes: its end is found, JSON.parse reads it. */
  #escaped(start: number): string {
    let at = start;
    for (;;) {
      plainPattern.lastIndex = at;
      plainPattern.test(this.text);
      at = plainPattern.lastIndex;
      const code = this.text.charCodeAt(at);
      if (code === 34) break;
      if (code !== 92) throw notJson;
      at += 2;
    }
    this.#at = at + 1;
    try {
      return JSON.parse(this.text.slice(start - 1, at + 1)) as string;
    } catch {
      throw notJson;
    }
  }

  #array(depth: number): JavaList {
    if (depth > maxDepth) throw notJson;
    const items: Value[] = [];
    this.#at++;
    this.#space();
    if (this.text.charCodeAt(this.#at) === 93) {
      this.#at++;
      return new JavaList(items, true);
    }
    for (;;) {
      items.push(this.#value(depth));
      this.#space();
      const code = this.text.charCodeAt(this.#at++);
      if (code === 93) return new JavaList(items, true);
      if (code !== 44) throw notJson;
      this.#space();
    }
  }

  #object(depth: number): JavaMap {
    if (depth > maxDepth) throw notJson;
    const entries = new Map<Value, Value>();
    this.#at++;
    this.#space();
    if (this.text.charCodeAt(this.#at) === 125) {
      this.#at++;
      return new JavaMap(entries);
    }
    for (;;) {
      if (this.text.charCodeAt(this.#at) !== 34) throw notJson;
      const key = this.#string();
      this.#space();
      if (this.text.charCodeAt(this.#at++) !== 58) throw notJson;
      this.#space();
      entries.set(key, this.#value(depth));
      this.#space();
      const code = this.text.charCodeAt(this.#at++);
      if (code === 125) return new JavaMap(entries);
      if (code !== 44) throw notJson;
      this.#space();
    }
  }
}
