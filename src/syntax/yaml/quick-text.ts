import type { RepairedText } from "./repair.js";

/** The text goes beyond what is read quickly. Says nothing of whether it is right. */
export class Beyond extends Error {
  override readonly name = "Beyond";
}

export function beyond(): never {
  throw new Beyond("left to the whole reader");
}

/** A position in the text, and the column of the line's content as block structure counts it. */
export class QuickText {
  at = 0;
  lineStart = 0;
  column = 0;
  /** Scalars read so far, keys included. */
  scalars = 0;
  readonly text: string;

  constructor(readonly repaired: RepairedText) {
    this.text = repaired.text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  char(offset = 0): string {
    return this.text[this.at + offset] ?? "";
  }

  /** White space or the end of the text. */
  isSpace(at: number): boolean {
    const char = this.text[at];
    return char === " " || char === "\n" || char === undefined;
  }

  skipSpaces(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  /** Nothing but a comment follows on the line. */
  isAtLineEnd(): boolean {
    const char = this.text[this.at];
    return char === "\n" || char === undefined || (char === "#" && this.isSpace(this.at - 1));
  }

  isAtDash(): boolean {
    return this.char() === "-" && this.isSpace(this.at + 1);
  }

  /** From the end of a line's content, or the start of the text, to the next line that is neither blank nor comment. */
  toContent(): void {
    if (this.at > 0) this.#toNextLine();
    for (;;) {
      this.lineStart = this.at;
      this.skipSpaces();
      if (this.isAtEnd || !(this.char() === "\n" || this.char() === "#")) break;
      this.#toNextLine();
    }
    this.column = this.at - this.lineStart;
  }

  #toNextLine(): void {
    const lineBreak = this.text.indexOf("\n", this.at);
    this.at = lineBreak === -1 ? this.text.length : lineBreak + 1;
  }

  /** Whether the line's content from here on begins with a key. */
  looksLikeKey(): boolean {
    const key = /(?:"[^"\\\n]*"|'[^'\n]*'|[^\s"'#&*!|>%@`{}[\],?:-][^\n]*?):(?=[ \n]|$)/y;
    key.lastIndex = this.at;
    return key.test(this.text);
  }
}
