import { closing, parsePath, quoteEnd, unescapeText } from "./parse-path.js";
import { type Filter, type FilterOperator, filterOperators, JsonPathError, type Operand } from "./path.js";

/** Parses what stands between `[?(` and `)]`, as Jayway's FilterCompiler does. */
export function parseFilter(text: string, offset: number, depth: number): Filter {
  const parser = new FilterParser(text, offset, depth);
  return parser.whole();
}

class FilterParser {
  #at = 0;
  #nesting = 0;

  constructor(
    readonly text: string,
    readonly offset: number,
    readonly depth: number,
  ) {}

  whole(): Filter {
    const filter = this.#or();
    this.#space();
    if (this.#at < this.text.length)
      this.#fail(`unexpected "${this.text.slice(this.#at, this.#at + 20)}" in the filter`);
    return filter;
  }

  #fail(message: string): never {
    throw new JsonPathError(message, this.offset + this.#at);
  }

  #space(): void {
    while (this.#at < this.text.length && /\s/.test(this.text[this.#at] ?? "")) this.#at++;
  }

  #skip(sign: string): boolean {
    this.#space();
    if (!this.text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #or(): Filter {
    const tests = [this.#and()];
    while (this.#skip("||")) tests.push(this.#and());
    return tests.length === 1 ? (tests[0] as Filter) : { kind: "or", tests };
  }

  #and(): Filter {
    const tests = [this.#operand()];
    while (this.#skip("&&")) tests.push(this.#operand());
    return tests.length === 1 ? (tests[0] as Filter) : { kind: "and", tests };
  }

  #operand(): Filter {
    if (++this.#nesting > 50) this.#fail("the filter nests too deeply");
    const filter = this.#primary();
    this.#nesting--;
    return filter;
  }

  #primary(): Filter {
    this.#space();
    const start = this.#at;
    if (this.#skip("!")) {
      this.#space();
      const next = this.text[this.#at];
      if (next !== "@" && next !== "$") return { kind: "not", test: this.#operand() };
      this.#at = start;
    }
    if (this.#skip("(")) {
      const filter = this.#or();
      if (!this.#skip(")")) this.#fail('expected ")"');
      return filter;
    }
    return this.#expression();
  }

  #expression(): Filter {
    const negated = this.#skip("!");
    const left = this.#value();
    const operator = this.#operator();
    if (operator !== undefined) return { kind: "compare", operator, left, right: this.#value() };
    if (left.kind !== "path") this.#fail("expected an operator");
    return { kind: "exists", operand: left, wanted: !negated };
  }

  #operator(): FilterOperator | undefined {
    this.#space();
    const sign = /^(?:[<>=~!]+|[A-Za-z]+(?=\s))/.exec(this.text.slice(this.#at, this.#at + 20))?.[0];
    if (sign === undefined) return undefined;
    const operator = filterOperators.find((known) => known === sign.toLowerCase());
    if (operator === undefined) this.#fail(`there is no operator "${sign}"`);
    this.#at += sign.length;
    return operator;
  }

  #value(): Operand {
    this.#space();
    const char = this.text[this.#at] ?? "";
    if (char === "@" || char === "$") return this.#path(char);
    if (char === "'" || char === '"') {
      const end = this.#end(quoteEnd(this.text, this.#at), "the text is not closed");
      return { kind: "json", text: JSON.stringify(unescapeText(this.#cut(end + 1).slice(1, -1))) };
    }
    if (char === "/") {
      const end = this.#end(quoteEnd(this.text, this.#at), "the pattern is not closed");
      const source = this.#cut(end + 1).slice(1, -1);
      const flags = /^[a-zA-Z]*/.exec(this.text.slice(this.#at, this.#at + 10))?.[0] ?? "";
      this.#at += flags.length;
      return { kind: "pattern", source, flags };
    }
    if (char === "[" || char === "{") {
      const end = this.#end(closing(this.text, this.#at, char, char === "[" ? "]" : "}"), "the literal is not closed");
      return { kind: "json", text: this.#cut(end + 1).replaceAll("'", '"') };
    }
    const word = /^(?:true|false|null|-?[0-9.]+(?:[eE][+-]?[0-9]+)?)/.exec(
      this.text.slice(this.#at, this.#at + 400),
    )?.[0];
    if (word === undefined || word.endsWith(".")) this.#fail("expected a value");
    this.#at += word.length;
    return { kind: "json", text: word };
  }

  #end(end: number, message: string): number {
    return end < 0 ? this.#fail(message) : end;
  }

  #cut(end: number): string {
    const text = this.text.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  #path(from: "@" | "$"): Operand {
    let end = this.#at + 1;
    while (end < this.text.length) {
      const char = this.text[end] ?? "";
      if (char === "[") {
        end = closing(this.text, end, "[", "]") + 1;
        if (end === 0) this.#fail("the brackets do not match");
      } else if (char === "(") {
        end = closing(this.text, end, "(", ")") + 1;
        if (end === 0) this.#fail("the parentheses do not match");
      } else if (/[\s<>=~!)&|]/.test(char)) break;
      else end++;
    }
    const text = this.#cut(end);
    return { kind: "path", from, path: parsePath(text, this.depth + 1) };
  }
}
