import type {
  BinaryOperator,
  Block,
  Expression,
  IndexSegment,
  MapNode,
  ReferenceNode,
  Segment,
  StringNode,
  TemplateSpan,
} from "./nodes.js";
import { type ParseScope, TokenReader } from "./token-reader.js";
import type { Token, TokenKind } from "./tokens.js";

/** Operators from the loosest to the tightest; all bind to the left. */
const levels: readonly ReadonlyMap<TokenKind, BinaryOperator>[] = [
  new Map([["LOGICAL_OR", "||"]]),
  new Map([["LOGICAL_AND", "&&"]]),
  new Map([
    ["LOGICAL_EQUALS", "=="],
    ["LOGICAL_NOT_EQUALS", "!="],
  ]),
  new Map([
    ["LOGICAL_LT", "<"],
    ["LOGICAL_GT", ">"],
    ["LOGICAL_LE", "<="],
    ["LOGICAL_GE", ">="],
  ]),
  new Map([
    ["PLUS", "+"],
    ["MINUS", "-"],
  ]),
  new Map([
    ["MULTIPLY", "*"],
    ["DIVIDE", "/"],
    ["MODULUS", "%"],
  ]),
];

/** Tokens with which an argument or a list item begins. */
const parameterStart: ReadonlySet<TokenKind> = new Set([
  "WHITESPACE",
  "STRING_LITERAL",
  "INTEGER_LITERAL",
  "FLOATING_POINT_LITERAL",
  "LBRACKET",
  "LEFT_CURLEY",
  "TRUE",
  "FALSE",
  "IDENTIFIER",
  "LCURLY",
]);

/** References and expressions. */
export abstract class ExpressionParser extends TokenReader {
  /** The parser of the text inside a string literal. */
  protected abstract inner(text: string, scope: ParseScope): Block;

  protected expression(): Expression {
    return this.nested(() => this.#binary(0));
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.get(this.peek().kind);
      if (operator === undefined) return left;
      const from = this.take().end;
      const right = this.#binary(level + 1);
      left = {
        kind: "binary",
        operator,
        left,
        right,
        span: { start: left.span.start, end: right.span.end },
        // Parser.jjt opens the node behind its operator, so its source is only the right side.
        literal: this.text.slice(from, this.last().end),
      };
    }
  }

  #unary(): Expression {
    const negated = this.is("LOGICAL_NOT") || (this.is("WHITESPACE") && this.is("LOGICAL_NOT", 1));
    if (!negated) return this.#primary();
    this.skip("WHITESPACE");
    const start = this.take().start;
    const operand = this.nested(() => this.#unary());
    return { kind: "not", operand, span: this.span(start), literal: this.text.slice(start, this.last().end) };
  }

  #primary(): Expression {
    this.skip("WHITESPACE");
    let node: Expression;
    if (this.is("LPAREN")) {
      const { start, end } = this.take();
      const inside = this.expression();
      const literal = this.text.slice(end, this.last().end);
      this.expect("RPAREN", '")"');
      node = { ...inside, span: this.span(start), literal };
    } else node = this.operand("a value");
    this.skip("WHITESPACE");
    return node;
  }

  /** A literal, list, range, map or reference. */
  protected operand(wanted: string): Expression {
    const token = this.peek();
    switch (token.kind) {
      case "STRING_LITERAL":
        return this.#string();
      case "IDENTIFIER":
      case "LCURLY":
        return this.reference();
      case "INTEGER_LITERAL":
        this.#number(token);
        return { kind: "integer", digits: token.image, span: this.span(token.start), literal: token.image };
      case "FLOATING_POINT_LITERAL":
        this.#number(token);
        return { kind: "float", value: Number(token.image), span: this.span(token.start), literal: token.image };
      case "TRUE":
      case "FALSE":
        this.take();
        return { kind: "boolean", value: token.kind === "TRUE", span: this.span(token.start), literal: token.image };
      case "LBRACKET":
        return this.nested(() => this.#listOrRange());
      case "LEFT_CURLEY":
        return this.nested(() => this.#map());
      default:
        return this.unexpected(wanted);
    }
  }

  /** Stray signs before a number are part of its token: Velocity then fails to read it. */
  #number(token: Token): void {
    this.take();
    if (/^[#$\\]/.test(token.image)) this.refuse(`"${token.image}" is no number`, token.start);
  }

  /** A list item, a key or value of a map, an argument of a method. */
  #parameter(): Expression {
    this.skip("WHITESPACE");
    const node = this.operand("a value");
    this.skip("WHITESPACE");
    return node;
  }

  #listOrRange(): Expression {
    const start = this.take().start;
    const items: Expression[] = [];
    if (!this.is("RBRACKET")) {
      const first = this.#parameter();
      if (this.is("DOUBLEDOT") && (first.kind === "integer" || first.kind === "reference"))
        return this.#range(start, first);
      items.push(first);
      while (this.skip("COMMA")) items.push(this.#parameter());
    }
    this.expect("RBRACKET", '"," or "]"');
    return { kind: "list", items, span: this.span(start), literal: this.text.slice(start, this.last().end) };
  }

  #range(start: number, from: Expression): Expression {
    this.take();
    this.skip("WHITESPACE");
    if (!this.is("INTEGER_LITERAL") && !this.is("IDENTIFIER") && !this.is("LCURLY"))
      this.unexpected("an integer or a reference");
    const to = this.operand("an integer or a reference");
    this.skip("WHITESPACE");
    this.expect("RBRACKET", '"]"');
    return { kind: "range", from, to, span: this.span(start), literal: this.text.slice(start, this.last().end) };
  }

  #map(): MapNode {
    const start = this.take().start;
    const entries: [Expression, Expression][] = [];
    const first = this.is("WHITESPACE") ? this.peek(1) : this.peek();
    if (first.kind === "RIGHT_CURLEY" || first.kind === "RCURLY") this.skip("WHITESPACE");
    else {
      do {
        const key = this.#parameter();
        this.expect("COLON", '":"');
        entries.push([key, this.#parameter()]);
      } while (this.skip("COMMA"));
    }
    if (!this.skip("RCURLY")) this.expect("RIGHT_CURLEY", '"," or "}"');
    return { kind: "map", entries, span: this.span(start), literal: this.text.slice(start, this.last().end) };
  }

  /** Whether a reference stands next: `$name` or `${name`. */
  protected referenceFollows(): boolean {
    return this.is("IDENTIFIER") || (this.is("LCURLY") && this.is("IDENTIFIER", 1));
  }

  protected reference(): ReferenceNode {
    const first = this.peek();
    if (this.is("LCURLY")) {
      this.take();
      if (!this.is("IDENTIFIER")) this.unexpected("the name of a reference");
    } else if (!this.is("IDENTIFIER")) this.unexpected("a reference");
    const name = this.take();
    const path = this.#path();
    if (first.kind === "LCURLY") this.expect("RCURLY", '"}"');
    return this.#rooted(first, name, path);
  }

  #path(): Segment[] {
    const path: Segment[] = [];
    for (;;) {
      if (this.is("INDEX_LBRACKET")) path.push(this.nested(() => this.#index()));
      else if (this.is("DOT") && this.is("IDENTIFIER", 1)) {
        this.take();
        path.push(this.#methodFollows() ? this.nested(() => this.#method()) : this.#property());
      } else return path;
    }
  }

  /** LOOKAHEAD(3) of Parser.jjt: a name, `(`, and what may begin an argument. */
  #methodFollows(): boolean {
    return this.is("LPAREN", 1) && (this.is("REFMOD2_RPAREN", 2) || parameterStart.has(this.peek(2).kind));
  }

  #property(): Segment {
    const name = this.take();
    return { kind: "property", name: name.image, span: this.span(name.start) };
  }

  #method(): Segment {
    const name = this.take();
    const nameSpan = this.span(name.start);
    this.take();
    const args: Expression[] = [];
    if (!this.is("REFMOD2_RPAREN")) {
      do args.push(this.#parameter());
      while (this.skip("COMMA"));
    }
    this.expect("REFMOD2_RPAREN", '"," or ")"');
    return { kind: "method", name: name.image, nameSpan, args, span: this.span(name.start) };
  }

  #index(): IndexSegment {
    const start = this.take().start;
    this.skip("WHITESPACE");
    const kind = this.peek().kind;
    if (kind === "FLOATING_POINT_LITERAL") this.unexpected("an index");
    const index = this.operand("an index");
    this.skip("WHITESPACE");
    this.expect("INDEX_RBRACKET", '"]"');
    return { kind: "index", index, span: this.span(start) };
  }

  /** ASTReference.getRoot: what stands before the name decides how the reference prints. */
  #rooted(first: Token, name: Token, path: readonly Segment[]): ReferenceNode {
    if (first.image.includes("\\!")) return this.#backslashBang(first, name, path);
    let slashes = 0;
    while (first.image.charCodeAt(slashes) === 92) slashes++;
    const dollar = Math.max(first.image.lastIndexOf("$"), slashes);
    const head = first.image.slice(dollar);
    const literal = this.text.slice(first.start + dollar, this.last().end);
    const quiet = head.startsWith("$!");
    const escaped = slashes % 2 === 1;
    const runt = !head.startsWith("$");
    const text = runt ? head : first.kind === "LCURLY" ? name.image : head.slice(quiet ? 2 : 1);
    const morePrefix = first.image.slice(slashes, dollar);
    first.image = head;
    return {
      kind: "reference",
      path,
      span: this.span(first.start),
      name: text,
      nameSpan: this.span(name.end - text.length, name.end),
      quiet,
      escaped,
      escapePrefix: slashes < 2 ? "" : "\\".repeat(slashes >> 1),
      morePrefix,
      runt,
      computable: true,
      literal,
      nullText: quiet && !escaped ? "" : literal,
    };
  }

  /** `$\!x`: one backslash goes, what remains is looked up under its whole text and found nowhere. */
  #backslashBang(first: Token, name: Token, path: readonly Segment[]): ReferenceNode {
    const from = first.image.indexOf("\\", first.image.indexOf("$"));
    let to = from;
    while (first.image[to] === "\\") to++;
    const text = first.image.slice(0, from) + first.image.slice(from, to - 1) + first.image.slice(to);
    return {
      kind: "reference",
      path,
      span: this.span(first.start),
      name: text,
      nameSpan: this.span(name.start, name.end),
      quiet: false,
      escaped: false,
      escapePrefix: "",
      morePrefix: "",
      runt: false,
      computable: false,
      literal: this.text.slice(first.start, this.last().end),
      nullText: text,
    };
  }

  /** ASTStringLiteral: only double quotes interpolate, doubled quotes stand for one, `\uXXXX` for its character. */
  #string(): StringNode {
    const token = this.take();
    const quote = token.image[token.image.length - 1] ?? "";
    // What led to the string (a stray `$`) is part of the token, as Velocity has it.
    const open = token.image.indexOf(quote);
    const start = token.end - token.image.length + open;
    const span: TemplateSpan = this.span(start);
    const raw = token.image.slice(open + 1, -1);
    const double = quote === '"';
    const image = double && raw.includes("\\u") ? this.#unescape(raw, start + 1) : raw;
    const text = image.includes(quote) ? undouble(image, quote) : image;
    const node = { kind: "string", span, text, literal: token.image } as const;
    if (!double || !/[$#]/.test(raw)) return { ...node, body: undefined, cutsLast: false };
    const pads = !text.includes("##");
    const shift = start + 1;
    const exact = text.length === raw.length;
    const at = exact
      ? (from: number, to: number) => this.scope.at(from + shift, Math.min(to, raw.length) + shift)
      : () => span;
    const body = this.inner(pads ? `${text} ` : text, { ...this.scope, at, depth: this.depth + 1 });
    return { ...node, body, cutsLast: pads };
  }

  #unescape(raw: string, start: number): string {
    return raw.replace(/\\u([0-9a-fA-F]{4})?/g, (whole, digits: string | undefined, at: number) => {
      if (digits === undefined)
        this.refuse('"\\u" needs four hexadecimal digits', start + at, start + at + whole.length);
      return String.fromCharCode(Number.parseInt(digits, 16));
    });
  }
}

/** Doubled quotes become one (ASTStringLiteral.replaceQuotes). */
function undouble(text: string, quote: string): string {
  return text.replaceAll(quote + quote, quote);
}
