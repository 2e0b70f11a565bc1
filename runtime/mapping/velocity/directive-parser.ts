import { ExpressionParser } from "./expression-parser.js";
import {
  type Block,
  type Expression,
  type ForeachNode,
  type IfBranch,
  type MacroArgument,
  type MacroNode,
  type Statement,
  TemplateSyntaxError,
} from "./nodes.js";
import type { ParseScope } from "./token-reader.js";
import type { Token, TokenKind } from "./tokens.js";

/** Directives with a class of their own in Velocity; `if`, `else`, `elseif`, `end` and `set` are grammar. */
const directives: ReadonlySet<string> = new Set([
  "foreach",
  "include",
  "parse",
  "macro",
  "literal",
  "evaluate",
  "break",
  "define",
  "stop",
]);
const grammarWords: ReadonlySet<string> = new Set(["if", "end", "set", "else", "elseif"]);
const blockDirectives: ReadonlySet<string> = new Set(["foreach", "macro", "literal", "define"]);
const textKinds: ReadonlySet<TokenKind> = new Set([
  "TEXT",
  "DOT",
  "RPAREN",
  "LPAREN",
  "INTEGER_LITERAL",
  "FLOATING_POINT_LITERAL",
  "STRING_LITERAL",
  "ESCAPE",
  "LCURLY",
  "RCURLY",
  "EMPTY_INDEX",
]);

interface Opened {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Statements: text, references, directives and their blocks. */
export class DirectiveParser extends ExpressionParser {
  /** The whole text. */
  template(): Block {
    const body = this.#block();
    if (!this.is("EOF")) this.#strayToken();
    return body;
  }

  protected override inner(text: string, scope: ParseScope): Block {
    return this.nested(() => new DirectiveParser(text, scope).template());
  }

  #strayToken(): never {
    const token = this.peek();
    if (token.kind === "END" || token.kind === "ELSE_DIRECTIVE" || token.kind === "ELSEIF_DIRECTIVE") {
      const word = token.image.trim();
      const start = token.start + Math.max(0, token.image.indexOf("#"));
      throw new TemplateSyntaxError(
        `"${word}" closes nothing: no block is open here`,
        this.scope.at(start, start + word.length),
      );
    }
    return this.unexpected("text, a reference or a directive");
  }

  #block(): Statement[] {
    const out: Statement[] = [];
    for (;;) {
      const statement = this.#statement();
      if (statement === undefined) return out;
      if (statement !== null) out.push(statement);
    }
  }

  /** Null where nothing is printed or done; undefined where no statement stands. */
  #statement(): Statement | null | undefined {
    const token = this.peek();
    if (this.referenceFollows()) return this.reference();
    if (textKinds.has(token.kind)) {
      this.take();
      return this.#text(token, token.special + token.image);
    }
    switch (token.kind) {
      case "IF_DIRECTIVE":
        return this.nested(() => this.#if());
      case "SET_DIRECTIVE":
        return this.#set();
      case "WORD":
      case "BRACKETED_WORD":
        return this.nested(() => this.#directive());
      case "SINGLE_LINE_COMMENT_START":
        this.take();
        this.skip("SINGLE_LINE_COMMENT");
        return this.#text(token, beforeComment(token.image));
      case "MULTI_LINE_COMMENT":
      case "FORMAL_COMMENT":
        this.take();
        return this.#text(token, beforeComment(token.image));
      case "TEXTBLOCK":
        this.take();
        return this.#text(token, token.image.slice(3, -3));
      case "ESCAPE_DIRECTIVE":
        this.take();
        return this.#text(token, this.#escapedDirective(token.image));
      case "DOUBLE_ESCAPE":
        return this.#escape();
      default:
        return undefined;
    }
  }

  #text(token: Token, text: string): Statement | null {
    return text === "" ? null : { kind: "text", text, span: this.span(token.start) };
  }

  #isDirective(name: string): boolean {
    return directives.has(name) || this.scope.known.has(name);
  }

  /** `\#word`: backslashes are halved where the word is a directive or a macro. */
  #escapedDirective(image: string): string {
    const last = image.lastIndexOf("\\");
    const directive = image.slice(last + 1);
    const name = directive[1] === "{" ? directive.slice(2, -1) : directive.slice(1);
    if (!this.#isDirective(name) && !grammarWords.has(name)) return image;
    return image.slice(0, last >> 1) + directive;
  }

  /** An even run of backslashes: halved before a directive. */
  #escape(): Statement | null {
    const first = this.peek();
    let count = 0;
    while (this.skip("DOUBLE_ESCAPE")) count++;
    const next = this.peek();
    const control =
      next.kind === "IF_DIRECTIVE" ||
      next.kind === "ELSE_DIRECTIVE" ||
      next.kind === "ELSEIF_DIRECTIVE" ||
      next.kind === "END" ||
      this.#isDirective(next.image.slice(1));
    return this.#text(first, (control ? "\\" : "\\\\").repeat(count));
  }

  #opened(token: Token, name: string): Opened {
    const start = token.start + Math.max(0, token.image.indexOf("#"));
    return { name, start, end: token.end };
  }

  #condition(): Expression {
    this.skip("WHITESPACE");
    this.expect("LPAREN", '"("');
    const condition = this.expression();
    this.expect("RPAREN", 'an operator or ")"');
    return condition;
  }

  #if(): Statement {
    const opened = this.#opened(this.take(), "if");
    const branches: IfBranch[] = [{ condition: this.#condition(), body: this.#block() }];
    while (this.is("ELSEIF_DIRECTIVE")) {
      this.take();
      branches.push({ condition: this.#condition(), body: this.#block() });
    }
    const otherwise = this.skip("ELSE_DIRECTIVE") ? this.#block() : undefined;
    this.#end(opened);
    return { kind: "if", branches, otherwise, span: this.span(opened.start) };
  }

  #end(opened: Opened): void {
    if (this.is("END")) {
      this.take();
      return;
    }
    const token = this.peek();
    const where = this.scope.at(opened.start, opened.end);
    if (token.kind === "EOF") {
      throw new TemplateSyntaxError(`"#${opened.name}" is not closed: "#end" is missing`, where, where);
    }
    if (token.kind === "ELSE_DIRECTIVE" || token.kind === "ELSEIF_DIRECTIVE") {
      const word = token.image.trim();
      const start = token.start + Math.max(0, token.image.indexOf("#"));
      throw new TemplateSyntaxError(
        `"${word}" cannot stand here: "#${opened.name}" has no branch left`,
        this.scope.at(start, start + word.length),
        where,
      );
    }
    this.unexpected('"#end"');
  }

  #set(): Statement {
    const token = this.take();
    const start = token.start + Math.max(0, token.image.indexOf("#"));
    this.skip("WHITESPACE");
    const first = this.peek();
    const target = this.reference();
    this.skip("WHITESPACE");
    this.expect("EQUALS", '"="');
    const value = this.expression();
    this.expect("RPAREN", 'an operator or ")"');
    this.lexer.inSet = false;
    // Velocity takes the first token without its first character: `#set(${x} = 1)` writes the variable "{".
    const plain = target.computable && first.image === `$${target.name}`;
    const variable = plain ? target.name : writtenName(first.image);
    return { kind: "set", target, variable, value, span: this.span(start) };
  }

  #directive(): Statement | null {
    const from = this.index;
    const token = this.take();
    const name = token.kind === "BRACKETED_WORD" ? token.image.slice(2, -1) : token.image.slice(1);
    const opened = this.#opened(token, name);
    this.lexer.enterDirective();
    if (!this.lexer.parenthesisFollows()) {
      this.lexer.pop();
      return this.#bare(token, name, opened);
    }
    this.skip("WHITESPACE");
    this.take();
    const args = this.#arguments(name, opened);
    if (!blockDirectives.has(name) && !(name.startsWith("@") && !directives.has(name)))
      return this.#line(name, args, opened, from);
    const inside = this.index;
    const body = this.#block();
    const literal = this.literals(inside);
    this.#end(opened);
    return this.#blockDirective(name, args, body, opened, from, literal);
  }

  /** A directive without parentheses. */
  #bare(token: Token, name: string, opened: Opened): Statement | null {
    const span = this.span(opened.start);
    if (name === "break") return { kind: "break", scope: undefined, span };
    if (name === "stop") return { kind: "stop", span };
    if (directives.has(name)) this.refuse(`"#${name}" needs parentheses`, opened.start);
    if (name.startsWith("@")) return { kind: "text", text: `#${name}`, span };
    return { kind: "call", name, nameSpan: span, args: [], body: undefined, literal: token.image, span };
  }

  #arguments(name: string, opened: Opened): MacroArgument[] {
    const args: MacroArgument[] = [];
    for (;;) {
      if (this.is("RPAREN") || (this.is("WHITESPACE") && this.is("RPAREN", 1))) {
        this.skip("WHITESPACE");
        this.take();
        return args;
      }
      this.skip("WHITESPACE");
      if (this.skip("COMMA")) this.skip("WHITESPACE");
      args.push(this.#argument(name, args.length, opened));
    }
  }

  #argument(name: string, position: number, opened: Opened): MacroArgument {
    if (!this.is("WORD")) {
      if (name === "macro" && position === 0)
        this.refuse('"#macro" begins with the name of the macro, without quotes', opened.start);
      return this.operand('an argument or ")"');
    }
    const word = this.take();
    const allowed =
      !directives.has(name) || (name === "macro" && position === 0) || (name === "foreach" && position === 1);
    if (!allowed) this.refuse(`"${word.image}" cannot be an argument of "#${name}"`, word.start);
    return { kind: "word", text: word.image, literal: word.image, span: this.span(word.start) };
  }

  #line(name: string, args: readonly MacroArgument[], opened: Opened, from: number): Statement {
    const span = this.span(opened.start);
    switch (name) {
      case "break":
        if (args.length > 1) this.refuse('"#break" takes one scope at most', opened.start);
        return { kind: "break", scope: args[0] as Expression | undefined, span };
      case "stop":
        if (args.length > 1) this.refuse('"#stop" takes one message at most', opened.start);
        return { kind: "stop", span };
      case "evaluate": {
        const source = args[0];
        if (args.length !== 1 || (source?.kind !== "string" && source?.kind !== "reference"))
          return this.refuse('"#evaluate" takes one string or reference', opened.start);
        return { kind: "evaluate", source, span };
      }
      case "include":
      case "parse":
        return this.refuse(`"#${name}" reads files, which a mapping template cannot`, opened.start);
      default:
        return {
          kind: "call",
          name,
          nameSpan: this.scope.at(opened.start, opened.end),
          args,
          body: undefined,
          literal: this.images(from),
          span,
        };
    }
  }

  #blockDirective(
    name: string,
    args: readonly MacroArgument[],
    body: Block,
    opened: Opened,
    from: number,
    literal: string,
  ): Statement | null {
    const span = this.span(opened.start);
    const nameSpan = this.scope.at(opened.start, opened.end);
    switch (name) {
      case "foreach":
        return this.#foreach(args, body, opened);
      case "macro":
        this.#macro(args, body, opened);
        return null;
      case "define": {
        if (args.length !== 1) this.refuse('"#define" takes one reference: #define($name)', opened.start, opened.end);
        return { kind: "define", name: variableWritten(args[0] as MacroArgument), body, span };
      }
      case "literal": {
        if (args.length === 0 && body.length === 0 && literal === "") {
          this.refuse('Velocity refuses an empty "#literal"', opened.start, opened.end);
        }
        const text = args.length === 0 ? literal : (args[0]?.literal ?? "");
        return text === "" ? null : { kind: "text", text, span };
      }
      default:
        return { kind: "call", name: name.slice(1), nameSpan, args, body, literal: this.images(from), span };
    }
  }

  #foreach(args: readonly MacroArgument[], body: Block, opened: Opened): ForeachNode {
    const span = this.span(opened.start);
    const [variable, , list, other] = args;
    if (variable === undefined || args.length < 2)
      return this.refuse('"#foreach" is written #foreach($item in $list)', opened.start, opened.end);
    const name = variable.kind === "reference" ? variable.name : variable.literal.slice(1);
    // A fourth argument would be rendered instead of the block; only a reference prints anything there.
    const shown: Block = other === undefined ? body : other.kind === "reference" ? [other] : [];
    return {
      kind: "foreach",
      variable: name,
      variableSpan: variable.span,
      list: list === undefined || list.kind === "word" ? undefined : list,
      body: shown,
      span,
    };
  }

  #macro(args: readonly MacroArgument[], body: Block, opened: Opened): void {
    const [name, ...rest] = args;
    if (name?.kind !== "word") this.refuse('"#macro" begins with the name of the macro', opened.start, opened.end);
    const node: MacroNode = {
      kind: "macro",
      name: name.text,
      nameSpan: name.span,
      parameters: rest.map(variableWritten),
      body,
      span: this.span(opened.start),
    };
    this.scope.known.add(node.name);
    if (!this.scope.macros.has(node.name)) this.scope.macros.set(node.name, node);
  }
}

/** Stray `$` before a comment (ASTComment.init). */
function beforeComment(image: string): string {
  const line = image.indexOf("##");
  const end = line === -1 ? image.indexOf("#*") : line;
  return end === -1 ? "" : image.slice(0, end);
}

/** First token of an argument without its first character, which is how Velocity names a parameter or a block. */
function variableWritten(argument: MacroArgument): string {
  if (argument.kind !== "reference") return argument.kind === "word" ? argument.text : argument.literal.slice(1);
  const formal = /^\$!?\{/.exec(argument.literal)?.[0];
  return formal === undefined ? argument.literal.slice(1, argument.quiet ? 2 : 1) + argument.name : formal.slice(1);
}

/** ASTSetDirective: the first token's text without its first character, escapes and dollars before it removed. */
function writtenName(image: string): string {
  if (image.includes("\\!")) return image.slice(1);
  const bare = image.replace(/^\\+/, "");
  return bare.slice(Math.max(0, bare.lastIndexOf("$")) + 1);
}
