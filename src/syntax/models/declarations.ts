import type ts from "typescript";
import { awsModelNames } from "../../model/aws-model-names.js";
import { leadingComment, parseComment } from "./comment.js";
import { rangeOf } from "./frame.js";
import { limits } from "./limits.js";
import { isReservedName } from "./names.js";
import { commentOf } from "./source-text.js";
import type { Declaration, DeclarationNode, Source, Table } from "./table.js";
import { tagNames } from "./tag-names.js";

/** Enters the declarations of the model block into the table, and reports statements that are none. */
export function collectDeclarations(source: Source, table: Table): void {
  const { frame, file, ts } = source;
  for (const statement of file.statements) {
    if (table.declarations.size >= limits.declarations) {
      frame.report("too-many-models", frame.span(rangeOf(statement, file)), { limit: limits.declarations });
      return;
    }
    if (
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      declare(statement, source, table);
    } else if (!ts.isEmptyStatement(statement) && !isEmptyExport(statement, ts)) {
      const start = statement.getStart(file, false);
      const firstLine = /^[^\n]*/.exec(frame.text.slice(start, statement.end))?.[0] ?? "";
      frame.report("model-statement", frame.span({ start, end: start + Math.max(1, firstLine.trimEnd().length) }), {
        what: describe(statement, ts),
      });
    }
  }
}

function isEmptyExport(statement: ts.Statement, ts: Source["ts"]): boolean {
  return (
    ts.isExportDeclaration(statement) &&
    !statement.moduleSpecifier &&
    !!statement.exportClause &&
    ts.isNamedExports(statement.exportClause) &&
    statement.exportClause.elements.length === 0
  );
}

function describe(statement: ts.Statement, ts: Source["ts"]): string {
  if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) return "an import";
  if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return "an export of another name";
  if (ts.isClassDeclaration(statement)) return "a class";
  if (ts.isFunctionDeclaration(statement)) return "a function";
  if (ts.isModuleDeclaration(statement)) return "a namespace";
  if (ts.isVariableStatement(statement)) return "a variable";
  return "a statement";
}

function declare(node: DeclarationNode, source: Source, table: Table): void {
  const { frame, file } = source;
  const name = node.name.text;
  const range = rangeOf(node.name, file);
  const earlier = table.declarations.get(name);
  if (isReservedName(name)) {
    frame.report("model-reserved-name", frame.span(range), { name });
    return;
  }
  if (earlier) {
    const first = earlier.source.frame.span(rangeOf(earlier.node.name, earlier.source.file));
    const notes = [{ span: first, message: "first declared here" }];
    frame.report("model-duplicate", frame.span(range), { name }, { notes });
    return;
  }
  const parameters = ("typeParameters" in node && node.typeParameters) || [];
  const declaration: Declaration = {
    name,
    node,
    source,
    comment: commentOf(node, source),
    parameters,
    shape: undefined,
    isShaping: false,
    isResolving: false,
  };
  table.declarations.set(name, declaration);
}

/** Says which models have another name on AWS. */
export function reportAwsNames(table: Table): void {
  const written = awsModelNames(table.declarations.keys());
  for (const { name, node, source } of table.declarations.values()) {
    const other = written.get(name) ?? name;
    if (other === name) continue;
    source.frame.report("aws-model-name", source.frame.span(rangeOf(node.name, source.file)), { name, written: other });
  }
}

/** Comments with tags that nothing has read: a constraint that would silently do nothing. */
export function reportUnreadComments(source: Source): void {
  const { ts, frame, readComments } = source;
  const { text } = frame;
  if (!text.includes("/**") || !text.includes("@")) return;
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    const range = { start: scanner.getTokenStart(), end: scanner.getTokenEnd() };
    if (readComments.has(range.start) || !leadingComment(text, range.start, range.end, true)) continue;
    const known = parseComment(text, range).tags.filter((tag) => tagNames.has(tag.name));
    if (known.length > 0) frame.report("tag-unattached", frame.span(range), undefined);
  }
}
