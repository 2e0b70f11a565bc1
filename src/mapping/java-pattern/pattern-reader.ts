/** A pattern that Java refuses, or that cannot run here. */
export class JavaPatternError extends Error {
  override readonly name = "JavaPatternError";
}

/** Inline flags: case, dot, line anchors, comments, line ends of Unix. */
export type Flags = { readonly [flag in "i" | "s" | "m" | "x" | "d"]: boolean };

const none: Flags = { i: false, s: false, m: false, x: false, d: false };

/** A pattern, how far it is read, and the flags that hold there. */
export class PatternReader {
  flags: Flags = none;
  #at = 0;
  #groups = 0;
  readonly #names = new Map<string, number>();

  constructor(readonly source: string) {}

  get isMore(): boolean {
    return this.#at < this.source.length;
  }

  sees(text: string): boolean {
    return this.source.startsWith(text, this.#at);
  }

  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** What a sticky expression finds here, taken. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.source)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** The next code point, taken. */
  character(): string {
    const code = this.source.codePointAt(this.#at);
    if (code === undefined) this.fail("it ends too early");
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  /** Blanks and comments, under the flag x. */
  skip(): void {
    if (this.flags.x) this.match(/(?:[ \t\n\v\f\r]|#[^\n\r\x85\u2028\u2029]*)*/y);
  }

  fail(detail: string): never {
    throw new JavaPatternError(detail);
  }

  dot(): string {
    if (this.flags.s) return "[^]";
    return this.flags.d ? "[^\\n]" : "[^\\n\\r\\x85\\u2028\\u2029]";
  }

  /** @param change  `i`, `is-m` */
  changedFlags(change: string): Flags {
    const [on = "", off = ""] = change.split("-");
    const flags = { ...none, ...this.flags };
    for (const [letters, value] of [
      [on, true],
      [off, false],
    ] as const) {
      for (const letter of letters) {
        if (!(letter in none)) this.fail(`the flag ${letter} is not known here`);
        flags[letter as keyof Flags] = value;
      }
    }
    return flags;
  }

  /** @returns the number of a group that begins here */
  openGroup(name: string | undefined): number {
    this.#groups++;
    if (name !== undefined) {
      if (this.#names.has(name)) this.fail(`two groups have the name ${name}`);
      this.#names.set(name, this.#groups);
    }
    return this.#groups;
  }

  groupOf(name: string): number {
    return this.#names.get(name) ?? this.fail(`there is no group ${name} before it`);
  }

  /** The group of `\1`, taken; as many digits as name a group that has begun. Undefined: no such escape is here. */
  groupNumber(): number | undefined {
    const digits = /\\([1-9]\d*)/y;
    digits.lastIndex = this.#at;
    let number = digits.exec(this.source)?.[1];
    if (number === undefined) return undefined;
    while (number.length > 1 && Number(number) > this.#groups) number = number.slice(0, -1);
    if (Number(number) > this.#groups) this.fail(`there is no group ${number} before it`);
    this.#at += 1 + number.length;
    return Number(number);
  }
}
