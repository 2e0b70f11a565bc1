import type ts from "typescript";
import type { TypeScript } from "../../typescript/load.js";
import { type Annotations, readAnnotations } from "./annotations.js";
import { tooDeepAt } from "./brackets.js";
import { leadingComment, parseComment, type Range } from "./comment.js";
import type { Frame } from "./frame.js";
import { limits } from "./limits.js";
import type { Source } from "./table.js";

/**
 * Parses a text with TypeScript's parser: the syntax tree only, no program, no other file. Reports what it cannot read
 * and returns undefined then.
 */
export function parseSource(
  text: string,
  frame: Frame,
  maxLength: number,
  loadTypeScript: () => TypeScript,
): Source | undefined {
  if (text.length > maxLength) {
    frame.report("model-text-too-long", frame.span({ start: maxLength, end: maxLength + 1 }), { limit: maxLength });
    return undefined;
  }
  const deep = tooDeepAt(text, limits.brackets);
  if (deep !== undefined) {
    frame.report("type-too-deep", frame.span({ start: deep, end: deep + 1 }), { limit: limits.brackets });
    return undefined;
  }
  const typescript = loadTypeScript();
  const file = createFile(text, typescript);
  if (!file) {
    frame.report("type-too-deep", frame.span({ start: 0, end: 1 }), { limit: limits.brackets });
    return undefined;
  }
  const errors = syntaxErrors(file);
  for (const error of errors.slice(0, 10)) {
    const start = Math.max(0, Math.min(error.start, text.trimEnd().length - 1));
    const range = { start, end: Math.max(start + 1, Math.min(start + error.length, text.length)) };
    const detail = typescript.flattenDiagnosticMessageText(error.messageText, " ").replace(/\.$/, "");
    frame.report("model-syntax", frame.span(range), { detail: detail.charAt(0).toLowerCase() + detail.slice(1) });
  }
  return errors.length > 0 ? undefined : { ts: typescript, file, frame, readComments: new Set() };
}

/** Undefined when the parser runs out of stack, which its chains of prefixes (`keyof keyof …`) can do. */
function createFile(text: string, typescript: TypeScript): ts.SourceFile | undefined {
  try {
    return typescript.createSourceFile(
      "models.ts",
      text,
      {
        languageVersion: typescript.ScriptTarget.Latest,
        jsDocParsingMode: typescript.JSDocParsingMode.ParseNone,
      },
      false,
      typescript.ScriptKind.TS,
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The parser's own diagnostics, which TypeScript keeps on the file without declaring them. */
function syntaxErrors(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as unknown as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
}

/** The JSDoc comment before a node. */
export function commentOf(node: ts.Node, source: Source, isFirst = false): Range | undefined {
  return leadingComment(source.frame.text, node.pos, node.getStart(source.file, false), isFirst);
}

/** Reads the comment, and remembers that its tags have found their place. */
export function annotationsOf(comment: Range | undefined, source: Source): Annotations | undefined {
  if (!comment) return undefined;
  source.readComments.add(comment.start);
  return readAnnotations(parseComment(source.frame.text, comment), source.frame);
}
