import { TemplateSyntaxError } from "./nodes.js";
import { Scanner } from "./scanner.js";
import { State, type Token, type TokenKind } from "./tokens.js";

interface Saved {
  readonly lparen: number;
  readonly rparen: number;
  readonly state: State;
}

/**
 * The token machine of Velocity 1.7: lexical states and a stack of them, moved by what the scanner matches and by the
 * parser, as that grammar's actions do. Time is linear in the text.
 */
export class Lexer {
  readonly #scanner: Scanner;
  #state: State = State.Default;
  readonly #stack: Saved[] = [];
  #lparen = 0;
  #rparen = 0;
  #inComment = false;
  inSet = false;

  constructor(
    readonly text: string,
    /** Span in the whole template of a stretch of this text (a string literal is a text of its own). */
    readonly locate: (start: number, end: number) => { start: number; end: number },
  ) {
    this.#scanner = new Scanner(text, (start, message) => this.#fail(start, message));
  }

  /** Where the next token begins. */
  get pos(): number {
    return this.#scanner.pos;
  }

  set pos(at: number) {
    this.#scanner.pos = at;
  }

  /** Parser.jjt, Directive(): the word after `#` is known, arguments may follow. */
  enterDirective(): void {
    this.#state = State.Directive;
  }

  pop(): boolean {
    const saved = this.#stack.pop();
    if (saved === undefined) {
      this.#lparen = 0;
      this.#state = State.Default;
      return false;
    }
    this.#lparen = saved.lparen;
    this.#rparen = saved.rparen;
    this.#state = saved.state;
    return true;
  }

  /** Whether `(` follows, after white space. */
  parenthesisFollows(): boolean {
    let at = this.pos;
    while (at < this.text.length && isSpace(this.text.charCodeAt(at))) at++;
    return this.text[at] === "(";
  }

  next(): Token {
    let from = this.pos;
    let special = "";
    let pending = false;
    for (;;) {
      if (this.pos >= this.text.length) {
        if (pending) this.#fail(from, "the template ends in the middle of a directive, reference or comment");
        return { kind: "EOF", image: "", start: this.pos, end: this.pos, special };
      }
      const start = this.pos;
      const step = this.#scanner.match(this.#state);
      switch (step) {
        case "SKIP":
          from = this.pos;
          pending = false;
          continue;
        case "TERMINATOR":
          special += specialText(this.text.slice(from, this.pos));
          this.pos = start;
          this.pop();
          from = start;
          pending = false;
          continue;
        case "MORE":
        case "DOLLAR":
        case "HASH":
        case "TEXTBLOCK_START":
        case "FORMAL_START":
        case "MULTI_START":
          this.#more(step);
          pending = true;
          continue;
        default:
          return this.#token(step, from, special);
      }
    }
  }

  #fail(start: number, message: string): never {
    throw new TemplateSyntaxError(message, this.locate(start, Math.max(start + 1, this.pos)));
  }

  #push(state: State): void {
    this.#stack.push({ lparen: this.#lparen, rparen: this.#rparen, state: this.#state });
    this.#lparen = 0;
    this.#state = state;
  }

  /** Actions of the MORE rules. */
  #more(step: "MORE" | "DOLLAR" | "HASH" | "TEXTBLOCK_START" | "FORMAL_START" | "MULTI_START"): void {
    if (this.#inComment || step === "MORE") return;
    if (step === "DOLLAR") {
      if (this.#state === State.Reference) this.pop();
      this.#push(State.Reference);
    } else if (step === "HASH") {
      if (this.#state === State.Reference || this.#state === State.RefModifier) this.pop();
      this.#push(State.PreDirective);
    } else {
      this.#inComment = true;
      if (step === "FORMAL_START") this.pos--;
      this.#push(
        step === "TEXTBLOCK_START"
          ? State.Textblock
          : step === "FORMAL_START"
            ? State.FormalComment
            : State.MultiComment,
      );
    }
  }

  /** Actions of the TOKEN rules. */
  #token(kind: TokenKind, from: number, special: string): Token {
    let image = this.text.slice(from, this.pos);
    const state = this.#state;
    switch (kind) {
      case "INDEX_LBRACKET":
        this.#push(State.RefIndex);
        break;
      case "INDEX_RBRACKET":
      case "RCURLY":
      case "END":
      case "ELSE_DIRECTIVE":
        this.pop();
        break;
      case "LPAREN":
        this.#lparen++;
        if (state === State.RefModifier) this.#state = State.RefMod2;
        break;
      case "RPAREN":
        this.#closeParenthesis();
        break;
      case "REFMOD2_RPAREN":
        this.#state = State.Reference;
        break;
      case "SET_DIRECTIVE":
        this.#push(State.Directive);
        this.inSet = true;
        this.#lparen++;
        break;
      case "SINGLE_LINE_COMMENT_START":
        if (state === State.Reference) this.pop();
        this.#inComment = true;
        this.#push(State.LineComment);
        break;
      case "SINGLE_LINE_COMMENT":
      case "FORMAL_COMMENT":
      case "MULTI_LINE_COMMENT":
      case "TEXTBLOCK":
        this.#inComment = false;
        this.pop();
        break;
      case "STRING_LITERAL":
        if (state === State.Directive && !this.inSet && this.#lparen === 0) this.pop();
        break;
      case "IF_DIRECTIVE":
      case "ELSEIF_DIRECTIVE":
        this.#state = State.Directive;
        break;
      case "INTEGER_LITERAL":
        if (image.endsWith("..")) {
          this.pos -= 2;
          image = image.slice(0, -2);
        }
        if (this.#lparen === 0 && !this.inSet && state !== State.RefMod2 && state !== State.RefIndex) this.pop();
        break;
      case "FLOATING_POINT_LITERAL":
        if (this.#lparen === 0 && !this.inSet && state !== State.RefMod2) this.pop();
        break;
      case "DOT":
        this.pos--;
        image = ".";
        this.#state = State.RefModifier;
        break;
      default:
        break;
    }
    return { kind, image, start: from, end: this.pos, special };
  }

  #closeParenthesis(): void {
    for (;;) {
      if (this.#lparen > 0) {
        if (this.#lparen === this.#rparen + 1) this.pop();
        else this.#rparen++;
        return;
      }
      if (!this.pop()) return;
    }
  }
}

const backslash = 92;

/** What is left of `$`, `#` and backslashes that began nothing (NodeUtils.getSpecialText). */
function specialText(image: string): string {
  let out = "";
  for (let i = 0; i < image.length; i++) {
    const char = image[i];
    if (char === "#" || char === "$") out += char;
    if (char !== "\\") continue;
    let end = i;
    while (image.charCodeAt(end) === backslash) end++;
    if (image[end] !== "$") continue;
    out += image.slice(i, end + 1);
    i = end + 1;
  }
  return out;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
