import type { Span } from "../../source.js";
import { library } from "./library.js";

/** Marks that the lexer puts between the slices of the text. */
const scalarMark = "\u001f";
const documentMark = "\u0002";
const flowErrorMark = "\u0018";

export type LexemeKind =
  | "plain"
  | "quoted"
  | "blockHeader"
  | "blockText"
  | "flowStart"
  | "flowEnd"
  | "comma"
  | "colon"
  | "dash"
  | "alias"
  | "anchor"
  | "tag"
  | "directive"
  | "documentStart"
  | "documentEnd"
  | "newline"
  | "space"
  | "comment"
  | "other";

export interface Lexeme extends Span {
  readonly kind: LexemeKind;
  readonly source: string;
}

/** The text in YAML's lexical tokens; those that take no room are left out. */
export function* lexemesOf(text: string): Generator<Lexeme> {
  const { Lexer } = library();
  let start = 0;
  let isScalar = false;
  let isBlockText = false;
  for (const source of new Lexer().lex(text)) {
    if (source === scalarMark) {
      isScalar = true;
      continue;
    }
    if (source === documentMark || source === flowErrorMark) continue;
    const kind = isScalar ? (isBlockText ? "blockText" : "plain") : kindOf(source);
    if (kind === "blockHeader") isBlockText = true;
    else if (isScalar) isBlockText = false;
    isScalar = false;
    const end = start + source.length;
    yield { kind, source, start, end };
    start = end;
  }
}

function kindOf(source: string): LexemeKind {
  switch (source) {
    case "---":
      return "documentStart";
    case "...":
      return "documentEnd";
    case "":
    case "\n":
    case "\r\n":
      return "newline";
    case "-":
      return "dash";
    case ":":
      return "colon";
    case ",":
      return "comma";
    case "{":
    case "[":
      return "flowStart";
    case "}":
    case "]":
      return "flowEnd";
  }
  return kindByFirst[source[0] ?? ""] ?? "other";
}

const kindByFirst: Readonly<Record<string, LexemeKind>> = Object.assign(Object.create(null), {
  " ": "space",
  "\t": "space",
  "#": "comment",
  "%": "directive",
  "*": "alias",
  "&": "anchor",
  "!": "tag",
  "'": "quoted",
  '"': "quoted",
  "|": "blockHeader",
  ">": "blockHeader",
});
