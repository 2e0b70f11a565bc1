import { horizontal, properties, spaces, vertical } from "./java-classes.js";

/** A Java pattern that the linear engine cannot run, or that is no pattern. */
export class RegexSyntaxError extends Error {
  override readonly name = "RegexSyntaxError";

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const lineTerminators = "\\n\\r\\x{85}\\x{2028}\\x{2029}";
/**
 * Translates a pattern of java.util.regex into RE2's syntax, which is matched in time linear in the text.
 *
 * What RE2 has not (look-around, back references, possessive quantifiers, atomic groups, class intersections) is refused.
 * One difference is left: `$` matches at the very end only, not before a last line terminator.
 */
export function translateRegex(source: string): string {
  return new Translator(source).pattern();
}

class Translator {
  #at = 0;
  #dotAll = false;
  #multiline = false;

  constructor(readonly source: string) {}

  pattern(): string {
    let out = "";
    while (this.#at < this.source.length) out += this.#item();
    return out;
  }

  #fail(message: string): never {
    throw new RegexSyntaxError(message, this.#at);
  }

  #item(): string {
    const char = this.source[this.#at] ?? "";
    switch (char) {
      case "\\":
        return this.#escape(false);
      case "[":
        return this.#class();
      case "(":
        return this.#group();
      case ".":
        this.#at++;
        return this.#dotAll ? "(?s:.)" : `[^${lineTerminators}]`;
      case "$":
        this.#at++;
        return this.#multiline ? "(?m:$)" : "\\z";
      case "*":
      case "+":
      case "?":
      case "{":
        return this.#quantifier();
      default:
        this.#at++;
        return char;
    }
  }

  #quantifier(): string {
    const match = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.source.slice(this.#at, this.#at + 24))?.[0];
    if (match === undefined) this.#fail('"{" needs a number of repetitions');
    const after = this.source[this.#at + match.length];
    if (after === "+") this.#fail("possessive quantifiers are not supported");
    this.#at += match.length;
    if (after !== "?") return match;
    this.#at++;
    return `${match}?`;
  }

  #group(): string {
    const rest = this.source.slice(this.#at, this.#at + 80);
    if (!rest.startsWith("(?")) {
      this.#at++;
      return "(";
    }
    if (/^\(\?(?:[=!]|<[=!])/.test(rest)) this.#fail("look-ahead and look-behind are not supported");
    if (rest.startsWith("(?>")) this.#fail("atomic groups are not supported");
    const named = /^\(\?<([A-Za-z][A-Za-z0-9]*)>/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      return `(?P<${named[1]}>`;
    }
    const flags = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(rest);
    if (flags === null) this.#fail("unknown kind of group");
    return this.#flags(flags[0], flags[1] ?? "", flags[2], flags[3] ?? ")");
  }

  /** `(?i)` and `(?i:`. Flags of the dot and of `$` are applied here, so they hold to the end of the pattern. */
  #flags(whole: string, on: string, off: string | undefined, close: string): string {
    if (/[xdUu]/.test(on.replace(/[du]/g, ""))) this.#fail("the flags x and U are not supported");
    if (close === ":" && /[sm]/.test(on + (off ?? "")))
      this.#fail("the flags s and m are supported for a whole pattern only");
    if (on.includes("s")) this.#dotAll = true;
    if (on.includes("m")) this.#multiline = true;
    if (off?.includes("s")) this.#dotAll = false;
    if (off?.includes("m")) this.#multiline = false;
    this.#at += whole.length;
    const kept = on.replace(/[^im]/g, "");
    const dropped = (off ?? "").replace(/[^im]/g, "");
    if (kept === "" && dropped === "") return close === ":" ? "(?:" : "";
    return `(?${kept}${dropped === "" ? "" : `-${dropped}`}${close}`;
  }

  /** An escape; `inClass` gives what may stand inside brackets. */
  #escape(inClass: boolean): string {
    const char = this.source[this.#at + 1];
    if (char === undefined) this.#fail("a pattern must not end with a backslash");
    const set = (body: string) => {
      this.#at += 2;
      return inClass ? body : `[${body}]`;
    };
    switch (char) {
      case "s":
        return set(spaces);
      case "S":
        this.#at += 2;
        return inClass ? this.#fail("\\S inside brackets is not supported") : `[^${spaces}]`;
      case "h":
        return set(horizontal);
      case "v":
        return set(vertical);
      case "d":
      case "D":
      case "w":
      case "W":
      case "t":
      case "n":
      case "r":
      case "f":
        this.#at += 2;
        return `\\${char}`;
      case "a":
        return this.#code(7, 2);
      case "e":
        return this.#code(27, 2);
      case "0":
      case "x":
      case "u":
      case "c":
        return this.#number(char);
      case "p":
      case "P":
        return this.#property(char === "P", inClass);
      case "Q":
        return this.#quoted();
      default:
        return inClass || !/[a-zA-Z0-9]/.test(char) ? this.#literal(char) : this.#anchor(char);
    }
  }

  #literal(char: string): string {
    if (/[a-zA-Z0-9]/.test(char)) this.#fail(`"\\${char}" is not supported here`);
    this.#at += 2;
    return char.charCodeAt(0) < 128 ? `\\${char}` : char;
  }

  #anchor(char: string): string {
    if (/[1-9k]/.test(char)) this.#fail("back references are not supported");
    const known = new Map([
      ["b", "\\b"],
      ["B", "\\B"],
      ["A", "\\A"],
      ["z", "\\z"],
      ["Z", "\\z"],
      ["R", `(?:\\r\\n|[${vertical}])`],
      ["H", `[^${horizontal}]`],
      ["V", `[^${vertical}]`],
    ]).get(char);
    if (known === undefined) this.#fail(`"\\${char}" is not supported`);
    this.#at += 2;
    return known;
  }

  #code(code: number, length: number): string {
    this.#at += length;
    return `\\x{${code.toString(16)}}`;
  }

  #number(kind: string): string {
    const rest = this.source.slice(this.#at + 2, this.#at + 14);
    const patterns: Record<string, RegExp> = {
      "0": /^[0-3]?[0-7]{1,2}/,
      x: /^(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]+\})/,
      u: /^[0-9a-fA-F]{4}/,
      c: /^[@-_a-z?]/,
    };
    const digits = patterns[kind]?.exec(rest)?.[0];
    if (digits === undefined) this.#fail(`"\\${kind}" is not complete`);
    if (kind === "c") return this.#code((digits.toUpperCase().charCodeAt(0) ^ 64) & 127, 3);
    const code = Number.parseInt(digits.replace(/[{}]/g, ""), kind === "0" ? 8 : 16);
    if (code > 0x10ffff) this.#fail("there is no such character");
    return this.#code(code, 2 + digits.length);
  }

  #property(negated: boolean, inClass: boolean): string {
    const match = /^\\[pP](?:\{\^?([A-Za-z_=0-9]+)\}|([A-Z]))/.exec(this.source.slice(this.#at, this.#at + 60));
    const name = match?.[1] ?? match?.[2];
    if (match === null || name === undefined) this.#fail("the property is not complete");
    this.#at += match[0].length;
    const body = properties.get(name);
    if (body !== undefined) {
      if (negated && inClass) this.#fail(`\\P{${name}} inside brackets is not supported`);
      return inClass ? body : `[${negated ? "^" : ""}${body}]`;
    }
    const plain = name.replace(/^(?:Is|In|script=|sc=|general_category=|gc=)/, "");
    return `\\${negated ? "P" : "p"}{${plain}}`;
  }

  #quoted(): string {
    const start = this.#at + 2;
    const end = this.source.indexOf("\\E", start);
    const text = this.source.slice(start, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.source.length : end + 2;
    return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
  }

  /** `[…]`. A class inside is taken into the outer one; an intersection is refused. */
  #class(): string {
    this.#at++;
    const negated = this.source[this.#at] === "^";
    if (negated) this.#at++;
    const body = this.#classBody(true);
    return `[${negated ? "^" : ""}${body}]`;
  }

  #classBody(first: boolean): string {
    let out = "";
    for (let start = first; ; start = false) {
      const char = this.source[this.#at];
      if (char === undefined) this.#fail("the character class is not closed");
      if (char === "]" && !start) {
        this.#at++;
        return out;
      }
      if (char === "&" && this.source[this.#at + 1] === "&")
        this.#fail("intersections of character classes are not supported");
      if (char === "\\") out += this.#escape(true);
      else if (char === "[") {
        if (this.source[this.#at + 1] === "^") this.#fail("a negated class inside a class is not supported");
        this.#at++;
        out += this.#classBody(true);
      } else {
        this.#at++;
        out += char === "]" ? "\\]" : char;
      }
    }
  }
}
