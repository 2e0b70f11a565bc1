/**
 * The integer `statusCode` of a rendered MOCK request template (aws-behaviour.md 6.1), in decimal; undefined where AWS
 * answers 500. The accepted and refused texts on record are those of a lenient JSON reader: keys and strings may go
 * without quotes or with single ones, commas may be too many, and nothing after the object is looked at.
 */
export function parseMockStatus(text: string): number | undefined {
  try {
    return new LenientReader(text).status();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

const maxDepth = 400;
const maxInteger = 2 ** 31 - 1;

/** Where text without quotes ends. */
const afterKey = /:/g;
const afterMember = /[,}]/g;
const afterItem = /[,\]]/g;

class LenientReader {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  status(): number | undefined {
    this.#skipSpace();
    if (this.#char !== "{") return undefined;
    const status = this.#object().get("statusCode");
    return typeof status === "number" && Math.abs(status) <= maxInteger ? status : undefined;
  }

  /** Members whose values are integers; others are read over. The last of equal names counts. */
  #object(): ReadonlyMap<string, number | undefined> {
    const members = new Map<string, number | undefined>();
    this.#enter();
    for (;;) {
      this.#skipSpace();
      const char = this.#char;
      if (char === "}") break;
      if (char === ",") {
        this.#at++;
        continue;
      }
      if (char === "" || char === ":" || char === "[" || char === "]" || char === "{") throw new Unreadable();
      const name = this.#key();
      members.set(name, this.#value(afterMember));
      this.#skipSpace();
      if (this.#char !== "}" && this.#char !== ",") throw new Unreadable();
    }
    this.#leave();
    return members;
  }

  #array(): void {
    this.#enter();
    for (;;) {
      this.#skipSpace();
      const char = this.#char;
      if (char === "]") break;
      if (char === ",") this.#at++;
      else if (char === "" || char === ":" || char === "}") throw new Unreadable();
      else this.#value(afterItem);
    }
    this.#leave();
  }

  #key(): string {
    const isQuoted = this.#char === '"' || this.#char === "'";
    const name = isQuoted ? this.#string() : this.#bare(afterKey);
    this.#skipSpace();
    if (this.#char !== ":") throw new Unreadable();
    this.#at++;
    return name;
  }

  /** The value when it is an integer. */
  #value(end: RegExp): number | undefined {
    this.#skipSpace();
    switch (this.#char) {
      case "{":
        this.#object();
        return undefined;
      case "[":
        this.#array();
        return undefined;
      case '"':
      case "'":
        this.#string();
        return undefined;
      case "":
      case ":":
      case "}":
      case "]":
        throw new Unreadable();
      default: {
        const bare = this.#bare(end);
        return /^-?\d+$/.test(bare) ? Number(bare) : undefined;
      }
    }
  }

  #bare(end: RegExp): string {
    end.lastIndex = this.#at;
    const found = end.exec(this.text);
    if (found === null) throw new Unreadable();
    const bare = this.text.slice(this.#at, found.index).trim();
    this.#at = found.index;
    return bare;
  }

  #string(): string {
    const quote = this.#char;
    let value = "";
    for (this.#at++; this.#char !== quote; this.#at++) {
      if (this.#char === "") throw new Unreadable();
      if (this.#char === "\\") this.#at++;
      value += this.#char;
    }
    this.#at++;
    return value;
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > maxDepth) throw new Unreadable();
  }

  #leave(): void {
    this.#at++;
    this.#depth--;
  }

  get #char(): string {
    return this.text.charAt(this.#at);
  }

  #skipSpace(): void {
    while (/^[ \t\r\n]$/.test(this.#char)) this.#at++;
  }
}
