/** Kinds of token of Velocity 1.7's grammar (Parser.jjt), under its own names. */
export type TokenKind =
  | "EOF"
  | "INDEX_LBRACKET"
  | "INDEX_RBRACKET"
  | "LBRACKET"
  | "RBRACKET"
  | "COMMA"
  | "DOUBLEDOT"
  | "COLON"
  | "LEFT_CURLEY"
  | "RIGHT_CURLEY"
  | "LPAREN"
  | "RPAREN"
  | "REFMOD2_RPAREN"
  | "ESCAPE_DIRECTIVE"
  | "SET_DIRECTIVE"
  | "SINGLE_LINE_COMMENT_START"
  | "SINGLE_LINE_COMMENT"
  | "FORMAL_COMMENT"
  | "MULTI_LINE_COMMENT"
  | "TEXTBLOCK"
  | "DOUBLE_ESCAPE"
  | "ESCAPE"
  | "TEXT"
  | "WHITESPACE"
  | "STRING_LITERAL"
  | "TRUE"
  | "FALSE"
  | "MINUS"
  | "PLUS"
  | "MULTIPLY"
  | "DIVIDE"
  | "MODULUS"
  | "LOGICAL_AND"
  | "LOGICAL_OR"
  | "LOGICAL_LT"
  | "LOGICAL_LE"
  | "LOGICAL_GT"
  | "LOGICAL_GE"
  | "LOGICAL_EQUALS"
  | "LOGICAL_NOT_EQUALS"
  | "LOGICAL_NOT"
  | "EQUALS"
  | "END"
  | "IF_DIRECTIVE"
  | "ELSEIF_DIRECTIVE"
  | "ELSE_DIRECTIVE"
  | "INTEGER_LITERAL"
  | "FLOATING_POINT_LITERAL"
  | "WORD"
  | "BRACKETED_WORD"
  | "IDENTIFIER"
  | "DOT"
  | "LCURLY"
  | "RCURLY"
  | "EMPTY_INDEX";

/** Steps of the token machine that yield no token of their own. */
export type Step =
  | TokenKind
  | "DOLLAR"
  | "HASH"
  | "TEXTBLOCK_START"
  | "FORMAL_START"
  | "MULTI_START"
  | "SKIP"
  | "MORE"
  | "TERMINATOR";

export interface Token {
  readonly kind: TokenKind;
  /**
   * Text of the token with the `$`, `#` and backslashes that led to it. A reference takes from its first token what
   * prints apart from it, as Velocity's ASTReference does.
   */
  image: string;
  readonly start: number;
  readonly end: number;
  /** `$` and `#` that turned out to begin nothing, printed before this token where it is text. */
  readonly special: string;
}

/** Lexical states of Parser.jjt. */
export enum State {
  Default,
  Reference,
  RefModifier,
  RefMod2,
  RefIndex,
  PreDirective,
  Directive,
  LineComment,
  FormalComment,
  MultiComment,
  Textblock,
}
