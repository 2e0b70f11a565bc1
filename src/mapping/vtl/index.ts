import { TemplateSyntaxError, type TemplateTree } from "../../../runtime/mapping/velocity/nodes.js";
import { parseTemplate } from "../../../runtime/mapping/velocity/parser.js";
import type { Report } from "../../diagnostics/diagnostic.js";
import { type CheckOptions, checkTemplate } from "./check/check-template.js";
import { compileTree, type TemplateCode } from "./compile-tree.js";
import { type TemplateFacts, templateFacts } from "./facts.js";

export type { CheckOptions } from "./check/check-template.js";
export type { TemplateCode } from "./compile-tree.js";
export type { RuntimeImport, TemplateModule, TypeImport } from "./expression-printer.js";
export { contextNameSource, pathSource } from "./expression-printer.js";
export type { NameUse, PathUse, TemplateFacts } from "./facts.js";

/** AWS: a mapping template has at most 300 KB. */
const maxTemplateBytes = 300 * 1024;

export interface TemplateOptions extends CheckOptions {
  /** Gets every mistake, with spans in the template's own offsets; the caller maps them into gateway.yaml. */
  readonly report: Report;
  /** Whether the code has the types that TypeScript's `strict` wants. Default: true. */
  readonly typed?: boolean;
}

export interface CompiledTemplate extends TemplateCode {
  readonly facts: TemplateFacts;
}

/**
 * Parses a mapping template of API Gateway (Velocity 1.7), checks it and compiles it to JavaScript.
 *
 * @returns undefined where the template is refused; why has been reported
 * @see aws-behaviour.md section 14; Velocity 1.7's Parser.jjt
 */
export function compileTemplate(text: string, options: TemplateOptions): CompiledTemplate | undefined {
  const tree = readTemplate(text, options.report);
  if (tree === undefined) return undefined;
  checkTemplate(tree, options);
  return { ...compileTree(tree, options.typed ?? true), facts: templateFacts(tree) };
}

/** Parses and checks without compiling: what `gateway check` needs. */
export function checkTemplateText(text: string, options: TemplateOptions): TemplateFacts | undefined {
  const tree = readTemplate(text, options.report);
  if (tree === undefined) return undefined;
  checkTemplate(tree, options);
  return templateFacts(tree);
}

function readTemplate(text: string, report: Report): TemplateTree | undefined {
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes > maxTemplateBytes) {
    report("template-too-long", { start: 0, end: 1 }, { bytes, most: maxTemplateBytes });
    return undefined;
  }
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const { opened, span } = error;
    const notes = opened === undefined || opened.start === span.start ? [] : [{ span: opened, message: "opened here" }];
    report("template-syntax", clamp(span, text.length), { problem: error.message }, { notes });
    return undefined;
  }
}

/** A span of at least one character where the text has any. */
function clamp(span: { readonly start: number; readonly end: number }, length: number) {
  const start = Math.max(0, Math.min(span.start, length - 1));
  return { start, end: Math.max(start, Math.min(Math.max(span.end, start + 1), length)) };
}
