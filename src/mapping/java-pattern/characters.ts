import { horizontal, properties, spaces, vertical } from "../../../runtime/mapping/regex/java-classes.js";
import type { PatternReader } from "./pattern-reader.js";

const lineEnd = "\\n\\r\\x85\\u2028\\u2029";

/** `^`, `$`, `\b` and their like; undefined: something else. */
export function readAnchor(reader: PatternReader): string | undefined {
  const { flags } = reader;
  if (reader.take("^")) return flags.m ? lineStart(flags.d) : "^";
  if (reader.take("$")) return flags.m ? lineStop(flags.d) : lastLine(reader);
  const anchor = reader.match(/\\[bBAzZ]/y);
  switch (anchor) {
    case "\\A":
      return "^";
    case "\\z":
      return "$";
    case "\\Z":
      return lastLine(reader);
    default:
      return anchor;
  }
}

/** Java's `$` stands before a last line terminator too; at the end of a pattern there is nothing left to take it. */
function lastLine(reader: PatternReader): string {
  if (!reader.isMore) return "$";
  return reader.flags.d ? "(?=\\n?$)" : `(?=(?:\\r\\n|[${lineEnd}])?$)`;
}

/** Never at the end, not even of an empty text. */
function lineStart(isUnix: boolean): string {
  return isUnix ? "(?<=^|\\n)(?!$)" : "(?<=^|[\\n\\x85\\u2028\\u2029]|\\r(?!\\n))(?!$)";
}

function lineStop(isUnix: boolean): string {
  return isUnix ? "(?=\\n|$)" : "(?=[\\r\\x85\\u2028\\u2029]|(?<!\\r)\\n|$)";
}

/** Sets of characters that have an escape, as the inside of a class. */
const sets = new Map([
  ["s", spaces],
  ["h", inUnicode(horizontal)],
  ["v", inUnicode(vertical)],
]);

/** A set that an escape names: inside of a class, and whether it is all but that. Undefined: something else is here. */
export function readSet(reader: PatternReader): { readonly body: string; readonly isNegated: boolean } | undefined {
  const simple = reader.match(/\\[dDwW]/y);
  if (simple !== undefined) return { body: simple, isNegated: false };
  const known = reader.match(/\\[sShHvV]/y)?.charAt(1);
  if (known !== undefined) {
    const lower = known.toLowerCase();
    return { body: sets.get(lower) as string, isNegated: known !== lower };
  }
  const property = reader.match(/\\[pP](?:\{[^}]*\}|[A-Z])/y);
  if (property === undefined) return undefined;
  const name = withoutCase(property.slice(2).replace(/[{}]/g, ""), reader.flags.i);
  return { body: propertyBody(reader, name), isNegated: property[1] === "P" };
}

/** Where case is disregarded, a property of one case is one of all. */
function withoutCase(name: string, ignoresCase: boolean): string {
  if (!ignoresCase) return name;
  if (name === "Lower" || name === "Upper") return "Alpha";
  return /^(?:Is)?(?:Lu|Ll|Lt)$/.test(name) ? "LC" : name;
}

function propertyBody(reader: PatternReader, name: string): string {
  const known = properties.get(name);
  if (known !== undefined) return inUnicode(known);
  const plain = name.replace(/^(?:Is|script=|sc=|general_category=|gc=)/, "");
  for (const body of [`\\p{${plain}}`, `\\p{Script=${plain}}`]) {
    try {
      new RegExp(body, "u");
      return body;
    } catch {
      // The next form.
    }
  }
  return reader.fail(`the property ${name} is not known here`);
}

/** One character outside of a class, or what an escape stands for. */
export function readCharacter(reader: PatternReader): string {
  const shared = reader.match(/\\[dDwW]/y);
  if (shared !== undefined) return shared;
  const set = readSet(reader);
  if (set !== undefined) return `[${set.isNegated ? "^" : ""}${set.body}]`;
  if (reader.take("\\R")) return `(?:\\r\\n|[${inUnicode(vertical)}])`;
  const quoted = readQuoted(reader);
  if (quoted !== undefined) return quoted.map((code) => literal(code, reader.flags.i)).join("");
  if (reader.match(/[*+?{]/y) !== undefined) reader.fail("nothing to repeat");
  return literal(readCode(reader), reader.flags.i);
}

/** `\Q…\E`, or to the end; undefined: something else is here. */
export function readQuoted(reader: PatternReader): readonly number[] | undefined {
  const quoted = reader.match(/\\Q.*?(?:\\E|$)/sy);
  if (quoted === undefined) return undefined;
  return Array.from(quoted.slice(2).replace(/\\E$/, ""), (character) => character.codePointAt(0) as number);
}

const controls = new Map([
  ["t", 9],
  ["n", 10],
  ["r", 13],
  ["f", 12],
  ["a", 7],
  ["e", 27],
]);

/** A character or the escape of one, as its code point. */
export function readCode(reader: PatternReader): number {
  const pair = reader.match(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/y);
  if (pair !== undefined) {
    const [high = 0, low = 0] = [pair.slice(2, 6), pair.slice(8)].map((digits) => Number.parseInt(digits, 16));
    return String.fromCharCode(high, low).codePointAt(0) as number;
  }
  const number =
    reader.match(/\\x[0-9a-fA-F]{2}|\\x\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}/y) ??
    reader.match(/\\0(?:[0-3]?[0-7]{1,2})/y);
  if (number !== undefined) return codeOf(reader, number);
  const control = reader.match(/\\c[@-_a-z?]/y);
  if (control !== undefined) return control.toUpperCase().charCodeAt(2) ^ 64;
  if (!reader.take("\\")) return reader.character().codePointAt(0) as number;
  const character = reader.character();
  const code = controls.get(character);
  if (code !== undefined) return code;
  if (/[A-Za-z0-9]/.test(character)) reader.fail(`"\\${character}" is not known here`);
  return character.codePointAt(0) as number;
}

function codeOf(reader: PatternReader, written: string): number {
  const code = Number.parseInt(written.slice(2).replace(/[{}]/g, ""), written[1] === "0" ? 8 : 16);
  return code > 0x10ffff ? reader.fail("there is no such character") : code;
}

/** A character as it stands outside of a class. */
export function literal(code: number, ignoresCase: boolean): string {
  const other = ignoresCase ? otherCase(code) : undefined;
  return other === undefined ? printed(code) : `[${printed(code)}${printed(other)}]`;
}

/** The other case of an ASCII letter, as Java compares without the flag u. */
function otherCase(code: number): number | undefined {
  return /[a-zA-Z]/.test(String.fromCodePoint(code)) ? code ^ 32 : undefined;
}

/** A character inside or outside of a class. */
export function printed(code: number): string {
  const character = String.fromCodePoint(code);
  if (/[\^$\\.*+?()[\]{}|/-]/.test(character)) return character === "-" ? "\\x2d" : `\\${character}`;
  if (code >= 32 && code < 127) return character;
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** A class of the linear engine's syntax in JavaScript's. */
function inUnicode(body: string): string {
  return body.replaceAll("\\x{", "\\u{");
}
