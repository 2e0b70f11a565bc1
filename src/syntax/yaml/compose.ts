import type { Composer, Document, ParsedNode, YAMLError } from "yaml";
import { library } from "./library.js";
import { limits } from "./limits.js";

export interface Composed {
  readonly contents: ParsedNode | null;
  readonly errors: readonly YAMLError[];
  /** Where the text nests deeper than `limits.depth`; nothing after it was read. */
  readonly tooDeepAt: number | undefined;
  /** There are more than `limits.tokens` tokens; nothing was composed. */
  readonly isTooLarge: boolean;
  /** A text looks like one that YAML reads, but otherwise: `{ a: Map<string, Order> }`, `{ a: x; b: y }`, `[*.x.org]`. */
  readonly isSuspect: boolean;
}

/**
 * Composes the first document. Depth is watched while the parser builds its stack, since what comes after it recurses.
 * Keys are compared by us (the library compares each with each), and JavaScript values are made by nobody.
 */
export function compose(text: string): Composed {
  const before = Error.stackTraceLimit;
  // The library makes an Error of each mistake; a hundred thousand stack traces would take seconds.
  Error.stackTraceLimit = 0;
  try {
    return composeText(text);
  } finally {
    Error.stackTraceLimit = before;
  }
}

function composeText(text: string): Composed {
  const nothing = { contents: null, errors: [], tooDeepAt: undefined, isTooLarge: false, isSuspect: false };
  const { Lexer, Parser } = library();
  const parser = new Parser();
  const found = [];
  let left = limits.tokens;
  let flow = 0;
  let isSuspect = false;
  for (const token of new Lexer().lex(text)) {
    for (const item of parser.next(token)) found.push(item);
    if (token === "{" || token === "[") flow++;
    else if (token === "}" || token === "]") flow--;
    else if (flow > 0 && token.length > 2 && /^[^"'#].*[;<]/.test(token)) isSuspect = true;
    else if (token.startsWith("*") && !/^\*[\w-]+$/.test(token)) isSuspect = true;
    if (parser.stack.length > limits.depth + 1) return { ...nothing, tooDeepAt: parser.offset };
    if (--left < 0) return { ...nothing, isTooLarge: true };
  }
  for (const item of parser.end()) found.push(item);
  const documents = composeAll(found, text.length);
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  return { ...nothing, contents: documents[0]?.contents ?? null, errors, isSuspect };
}

function composeAll(tokens: Parameters<Composer["compose"]>[0], length: number): readonly Document.Parsed[] {
  const { Composer } = library();
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    logLevel: "silent",
  });
  return [...composer.compose(tokens, true, length)] as Document.Parsed[];
}
