import { Composer, type Document, type ParsedNode, Parser, type YAMLError } from "yaml";
import type { Lexemes } from "./lexemes.js";
import { limits } from "./limits.js";

export interface Composed {
  readonly contents: ParsedNode | null;
  readonly errors: readonly YAMLError[];
  /** Where the text nests deeper than `limits.depth`; nothing after it was read. */
  readonly tooDeepAt: number | undefined;
}

/**
 * Composes the first document. Depth is watched while the parser builds its stack, since what comes after it recurses.
 * Keys are compared by us (the library compares each with each), and JavaScript values are made by nobody.
 */
export function compose({ text, tokens }: Lexemes): Composed {
  const parser = new Parser();
  const found = [];
  for (const token of tokens) {
    for (const item of parser.next(token)) found.push(item);
    if (parser.stack.length > limits.depth + 1) return { contents: null, errors: [], tooDeepAt: parser.offset };
  }
  for (const item of parser.end()) found.push(item);
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    logLevel: "silent",
  });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(found, true, text.length)) documents.push(document);
  const [first] = documents;
  return {
    contents: first?.contents ?? null,
    errors: documents.flatMap((document) => [...document.errors, ...document.warnings]),
    tooDeepAt: undefined,
  };
}
