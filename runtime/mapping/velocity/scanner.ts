import { State, type Step, type TokenKind } from "./tokens.js";

const backslash = 92;
const operators = new Map<string, TokenKind>([
  ["and", "LOGICAL_AND"],
  ["or", "LOGICAL_OR"],
  ["lt", "LOGICAL_LT"],
  ["le", "LOGICAL_LE"],
  ["gt", "LOGICAL_GT"],
  ["ge", "LOGICAL_GE"],
  ["eq", "LOGICAL_EQUALS"],
  ["ne", "LOGICAL_NOT_EQUALS"],
  ["not", "LOGICAL_NOT"],
  ["true", "TRUE"],
  ["false", "FALSE"],
]);
const signs = new Map<string, TokenKind>([
  ["&&", "LOGICAL_AND"],
  ["||", "LOGICAL_OR"],
  ["<=", "LOGICAL_LE"],
  [">=", "LOGICAL_GE"],
  ["==", "LOGICAL_EQUALS"],
  ["!=", "LOGICAL_NOT_EQUALS"],
  ["..", "DOUBLEDOT"],
  ["<", "LOGICAL_LT"],
  [">", "LOGICAL_GT"],
  ["=", "EQUALS"],
  ["!", "LOGICAL_NOT"],
  ["-", "MINUS"],
  ["+", "PLUS"],
  ["*", "MULTIPLY"],
  ["/", "DIVIDE"],
  ["%", "MODULUS"],
  ["[", "LBRACKET"],
  ["]", "RBRACKET"],
  [",", "COMMA"],
  [":", "COLON"],
  ["{", "LEFT_CURLEY"],
  ["}", "RIGHT_CURLEY"],
  ["(", "LPAREN"],
]);

const setPattern = /[ \t]*(?:#set|#\{set\}) *\(/y;
const textPattern = /[^$#\\]+/y;
const spacePattern = /[ \t\n\r]+/y;
const escapedWordPattern = /#(?:[A-Za-z_@][A-Za-z0-9_@]*|\{[A-Za-z_][A-Za-z0-9_@]*\})/y;
const integerPattern = /-?[0-9]+(?:\.\.)?/y;
const floatPattern = /-?(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)/y;
const wordPattern = /[A-Za-z_@][A-Za-z0-9_@]*/y;
const bracketedPattern = /\{[A-Za-z_][A-Za-z0-9_@]*\}/y;
const identifierPattern = /[A-Za-z_][A-Za-z0-9_-]*/y;
const rparenPattern = /\)(?:[ \t]*(?:\r\n|\n|\r))?/y;
const blockWordPattern = /(?:end|else|\{end\}|\{else\})(?:[ \t]*(?:\r\n|\n|\r))?/y;
const commentSkipPattern = /[^$#\\\r\n*\]]+/y;

/**
 * The longest match of a lexical state at a place of the text; on a tie the rule that stands first in Parser.jjt. What the
 * match does to the state is the lexer's.
 */
export class Scanner {
  pos = 0;
  #backslashFrom = 0;
  #backslashTo = 0;

  constructor(
    readonly text: string,
    private readonly fail: (start: number, message: string) => never,
  ) {}

  /** Longest match of the current state; moves `pos` behind it. */
  match(state: State): Step {
    switch (state) {
      case State.Default:
        return this.#matchDefault();
      case State.Reference:
      case State.RefModifier:
        return this.#matchReference(state);
      case State.RefMod2:
      case State.RefIndex:
        return this.#matchArguments(state);
      case State.PreDirective:
        return this.#matchWord();
      case State.Directive:
        return this.#matchDirective();
      default:
        return this.#matchComment(state);
    }
  }

  #take<S extends Step>(step: S, end: number): S {
    this.pos = end;
    return step;
  }

  /** End of a sticky match at `pos`, or -1. */
  #end(pattern: RegExp): number {
    pattern.lastIndex = this.pos;
    return pattern.test(this.text) ? pattern.lastIndex : -1;
  }

  /** End of the run of backslashes at `at`; each run is measured once. */
  #backslashes(at: number): number {
    if (at >= this.#backslashFrom && at < this.#backslashTo) return this.#backslashTo;
    let end = at;
    while (this.text.charCodeAt(end) === backslash) end++;
    this.#backslashFrom = at;
    this.#backslashTo = end;
    return end;
  }

  /** The rules of every state: `$`, `$!`, `#[[`, `#**`, `#*`, `#`. Undefined when none fits. */
  #matchAnywhere(): Step | undefined {
    const { text, pos } = this;
    const char = text[pos];
    if (char === "#") {
      if (text.startsWith("[[", pos + 1)) return this.#take("TEXTBLOCK_START", pos + 3);
      if (text[pos + 1] === "*") {
        if (text[pos + 2] === "*" && pos + 3 < text.length && text[pos + 3] !== "#")
          return this.#take("FORMAL_START", pos + 4);
        return this.#take("MULTI_START", pos + 2);
      }
      return this.#take("HASH", pos + 1);
    }
    if (char !== "$" && char !== "\\") return undefined;
    const dollar = char === "$" ? pos : this.#backslashes(pos);
    if (text[dollar] !== "$") return undefined;
    const bang = text[dollar + 1] === "\\" ? this.#backslashes(dollar + 1) : dollar + 1;
    return this.#take("DOLLAR", text[bang] === "!" ? bang + 1 : dollar + 1);
  }

  #matchDefault(): Step {
    const { text, pos } = this;
    const char = text[pos];
    if (char === " " || char === "\t" || char === "#") {
      const end = this.#end(setPattern);
      if (end >= 0) return this.#take("SET_DIRECTIVE", end);
    }
    if (char === "\\") return this.#matchBackslash();
    if (char === "$") {
      const empty = emptyIndex(text, pos);
      if (empty > 0) return this.#take("EMPTY_INDEX", pos + empty);
    }
    if (char === "#" && text[pos + 1] === "#") return this.#take("SINGLE_LINE_COMMENT_START", pos + 2);
    const step = this.#matchAnywhere();
    if (step !== undefined) return step;
    return this.#take("TEXT", this.#end(textPattern));
  }

  #matchBackslash(): Step {
    const { text, pos } = this;
    const end = this.#backslashes(pos);
    if (text[end] === "$") return this.#matchAnywhere() ?? "ESCAPE";
    if (text[end] === "#" && (end - pos) % 2 === 1) {
      escapedWordPattern.lastIndex = end;
      if (escapedWordPattern.test(text)) return this.#take("ESCAPE_DIRECTIVE", escapedWordPattern.lastIndex);
    }
    return end - pos >= 2 ? this.#take("DOUBLE_ESCAPE", pos + 2) : this.#take("ESCAPE", pos + 1);
  }

  #matchReference(state: State): Step {
    const { text, pos } = this;
    const char = text[pos] ?? "";
    if (char === " " || char === "\t" || char === "#") {
      const end = this.#end(setPattern);
      if (end >= 0) return this.#take("SET_DIRECTIVE", end);
    }
    const plain = state === State.Reference;
    if (plain && char === "$") {
      const empty = emptyIndex(text, pos);
      if (empty > 0) return this.#take("EMPTY_INDEX", pos + empty);
    }
    if (plain && char === "#" && text[pos + 1] === "#") return this.#take("SINGLE_LINE_COMMENT_START", pos + 2);
    const step = this.#matchAnywhere();
    if (step !== undefined) return step;
    if (char === "[") return this.#take("INDEX_LBRACKET", pos + 1);
    if (char === "(" && !plain) return this.#take("LPAREN", pos + 1);
    const name = this.#matchName();
    if (name !== undefined) return name;
    if (char === "{") return this.#take("LCURLY", pos + 1);
    if (char === "}") return this.#take("RCURLY", pos + 1);
    return this.#take("TERMINATOR", pos + 1);
  }

  /** TRUE, FALSE, IDENTIFIER and DOT of the reference states. */
  #matchName(): Step | undefined {
    const { text, pos } = this;
    if (text[pos] === "." && isLetter(text.charCodeAt(pos + 1))) return this.#take("DOT", pos + 2);
    const end = this.#end(identifierPattern);
    if (end < 0) return undefined;
    const word = end - pos <= 5 ? text.slice(pos, end) : "";
    return this.#take(word === "true" ? "TRUE" : word === "false" ? "FALSE" : "IDENTIFIER", end);
  }

  /** Inside the parentheses of a method or the brackets of an index. */
  #matchArguments(state: State): Step {
    const { text, pos } = this;
    const inMethod = state === State.RefMod2;
    const char = text[pos] ?? "";
    if (inMethod && (char === " " || char === "\t" || char === "#")) {
      const end = this.#end(setPattern);
      if (end >= 0) return this.#take("SET_DIRECTIVE", end);
    }
    const step = this.#matchAnywhere();
    if (step !== undefined) return step;
    const space = this.#end(spacePattern);
    if (space >= 0) return this.#take("WHITESPACE", space);
    const literal = this.#matchLiteral();
    if (literal !== undefined) return literal;
    if (!inMethod) {
      if (char === "]") return this.#take("INDEX_RBRACKET", pos + 1);
      if (text.startsWith("true", pos)) return this.#take("TRUE", pos + 4);
      if (text.startsWith("false", pos)) return this.#take("FALSE", pos + 5);
      return this.fail(pos, `"${char}" cannot stand inside the brackets of a reference`);
    }
    if (char === ")") return this.#take("REFMOD2_RPAREN", pos + 1);
    const name = this.#matchName();
    if (name !== undefined) return name;
    if (text.startsWith("..", pos)) return this.#take("DOUBLEDOT", pos + 2);
    const sign = signs.get(char);
    if (sign !== undefined && "[],:{}".includes(char)) return this.#take(sign, pos + 1);
    return this.fail(pos, `"${char}" cannot stand among the arguments of a method`);
  }

  /** Strings and numbers. */
  #matchLiteral(): Step | undefined {
    const { text, pos } = this;
    const char = text[pos] ?? "";
    if (char === '"' || char === "'") {
      const end = stringEnd(text, pos);
      if (end < 0) this.fail(pos, "this string is not closed");
      return this.#take("STRING_LITERAL", end);
    }
    if (char !== "-" && char !== "." && !(char >= "0" && char <= "9")) return undefined;
    const integer = this.#end(integerPattern);
    const float = this.#end(floatPattern);
    if (integer < 0 && float < 0) return undefined;
    return integer >= float ? this.#take("INTEGER_LITERAL", integer) : this.#take("FLOATING_POINT_LITERAL", float);
  }

  /** After `#`: the word of a directive, or nothing of the kind. */
  #matchWord(): Step {
    const { text, pos } = this;
    const word = Math.max(this.#end(wordPattern), this.#end(bracketedPattern));
    if (word >= 0) {
      const block = this.#end(blockWordPattern);
      if (block >= word)
        return this.#take(text.startsWith("end", text[pos] === "{" ? pos + 1 : pos) ? "END" : "ELSE_DIRECTIVE", block);
      const name = text.slice(pos, Math.min(word, pos + 10));
      if (name === "if" || name === "{if}") return this.#take("IF_DIRECTIVE", word);
      if (name === "elseif" || name === "{elseif}") return this.#take("ELSEIF_DIRECTIVE", word);
      return this.#take(text[pos] === "{" ? "BRACKETED_WORD" : "WORD", word);
    }
    const number = text[pos] === '"' || text[pos] === "'" ? undefined : this.#matchLiteral();
    if (number !== undefined) return number;
    if (text[pos] === "#" && text[pos + 1] === "#") return this.#take("SINGLE_LINE_COMMENT_START", pos + 2);
    return this.#matchAnywhere() ?? this.#take("TERMINATOR", pos + 1);
  }

  /** Between the parentheses of a directive. */
  #matchDirective(): Step {
    const { text, pos } = this;
    const char = text[pos] ?? "";
    if (char === "#" && text[pos + 1] === "#") return this.#take("SINGLE_LINE_COMMENT_START", pos + 2);
    const step = this.#matchAnywhere();
    if (step !== undefined) return step;
    const space = this.#end(spacePattern);
    if (space >= 0) return this.#take("WHITESPACE", space);
    if (char === ")") return this.#take("RPAREN", this.#end(rparenPattern));
    const literal = this.#matchLiteral();
    if (literal !== undefined) return literal;
    const word = Math.max(this.#end(wordPattern), this.#end(bracketedPattern));
    if (word >= 0) {
      if (char === "{") return this.#take("BRACKETED_WORD", word);
      return this.#take((word - pos <= 5 ? operators.get(text.slice(pos, word)) : undefined) ?? "WORD", word);
    }
    const two = signs.get(text.slice(pos, pos + 2));
    if (two !== undefined) return this.#take(two, pos + 2);
    const one = signs.get(char);
    if (one !== undefined) return this.#take(one, pos + 1);
    return this.fail(pos, `"${char}" cannot stand inside a directive`);
  }

  /** Inside a comment or `#[[ … ]]#`. What looks like VTL there is passed over, in the machine's own strides. */
  #matchComment(state: State): Step {
    const { text, pos } = this;
    const char = text[pos];
    const textblock = state === State.Textblock;
    if (state === State.LineComment) {
      if (char === "\n") return this.#take("SINGLE_LINE_COMMENT", pos + 1);
      if (char === "\r") return this.#take("SINGLE_LINE_COMMENT", text[pos + 1] === "\n" ? pos + 2 : pos + 1);
    } else if (textblock) {
      if (text.startsWith("]]#", pos)) return this.#take("TEXTBLOCK", pos + 3);
    } else if (text.startsWith("*#", pos)) {
      return this.#take(state === State.FormalComment ? "FORMAL_COMMENT" : "MULTI_LINE_COMMENT", pos + 2);
    }
    const step = this.#matchAnywhere();
    if (step !== undefined) return step;
    const end = this.#end(commentSkipPattern);
    return this.#take(textblock ? "MORE" : "SKIP", end >= 0 ? end : pos + 1);
  }
}

/** Length of `$[`, `$![`, `$\![` or `$.` at `pos`, else 0. */
function emptyIndex(text: string, pos: number): number {
  for (const form of ["$[", "$.", "$![", "$\\!["]) if (text.startsWith(form, pos)) return form.length;
  return 0;
}

/** End of the string that opens at `pos`: a doubled quote stands for itself where a closing one still follows. */
function stringEnd(text: string, pos: number): number {
  const quote = text[pos] ?? "";
  let accepted = -1;
  for (let at = text.indexOf(quote, pos + 1); at >= 0; at = text.indexOf(quote, at + 2)) {
    accepted = at + 1;
    if (text[at + 1] !== quote) break;
  }
  return accepted;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
