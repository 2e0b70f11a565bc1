import { Lexer } from "./lexer.js";
import { type MacroNode, type TemplateSpan, TemplateSyntaxError } from "./nodes.js";
import type { Token, TokenKind } from "./tokens.js";

/** What the parsers of a template and of the string literals in it share. */
export interface ParseScope {
  /** Span in the template of a stretch of the text that is parsed. */
  readonly at: (start: number, end: number) => TemplateSpan;
  readonly macros: Map<string, MacroNode>;
  /** Names for which `\#name` is an escape. */
  readonly known: Set<string>;
  readonly depth: number;
}

/** Deeper nesting than this is refused: no template needs it, and recursion stays shallow. */
const maxDepth = 200;

/** Tokens with look-ahead. A token is read no sooner than the grammar asks for it, since reading moves the states. */
export class TokenReader {
  protected readonly lexer: Lexer;
  readonly #tokens: Token[] = [];
  /** Index of the next token. */
  #at = 0;
  #depth: number;

  constructor(
    readonly text: string,
    protected readonly scope: ParseScope,
  ) {
    this.lexer = new Lexer(text, scope.at);
    this.#depth = scope.depth;
  }

  protected peek(distance = 0): Token {
    while (this.#tokens.length <= this.#at + distance) this.#tokens.push(this.lexer.next());
    return this.#tokens[this.#at + distance] as Token;
  }

  protected is(kind: TokenKind, distance = 0): boolean {
    return this.peek(distance).kind === kind;
  }

  protected take(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  protected skip(kind: TokenKind): boolean {
    if (!this.is(kind)) return false;
    this.#at++;
    return true;
  }

  protected expect(kind: TokenKind, wanted: string): Token {
    if (!this.is(kind)) this.unexpected(wanted);
    return this.take();
  }

  /** The token taken last. */
  protected last(): Token {
    return this.#tokens[this.#at - 1] as Token;
  }

  protected get index(): number {
    return this.#at;
  }

  /** Text of the tokens from an index to the last one taken. */
  protected images(from: number): string {
    let out = "";
    for (let i = from; i < this.#at; i++) out += this.#tokens[i]?.image;
    return out;
  }

  /** Like `images`, with the stray signs before tokens and without comments (SimpleNode.literal). */
  protected literals(from: number): string {
    let out = "";
    for (let i = from; i < this.#at; i++) {
      const token = this.#tokens[i];
      if (token !== undefined && token.kind !== "MULTI_LINE_COMMENT") out += token.special + token.image;
    }
    return out;
  }

  protected span(start: number, end = this.last().end): TemplateSpan {
    return this.scope.at(start, end);
  }

  protected unexpected(wanted: string): never {
    const token = this.peek();
    const found = token.kind === "EOF" ? "the end of the template" : `"${shorten(token.image)}"`;
    throw new TemplateSyntaxError(
      `expected ${wanted}, found ${found}`,
      this.scope.at(Math.min(token.start, this.text.length), token.end),
    );
  }

  protected refuse(message: string, start: number, end = this.last().end): never {
    throw new TemplateSyntaxError(message, this.scope.at(start, end));
  }

  protected get depth(): number {
    return this.#depth;
  }

  /** Runs one level of nesting. */
  protected nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth)
      this.refuse(`nested deeper than ${maxDepth} levels`, this.peek().start, this.peek().end);
    const value = read();
    this.#depth--;
    return value;
  }
}

function shorten(image: string): string {
  const line = image.split(/[\r\n]/, 1)[0] ?? "";
  const text = line === "" ? image.trim() : line;
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}
