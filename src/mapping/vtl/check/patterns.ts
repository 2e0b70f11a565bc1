import { RegexSyntaxError, translateRegex } from "../../../../runtime/mapping/regex/translate.js";
import type { TemplateTree } from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import { walkBlock } from "../walk.js";

const regexMethods: ReadonlySet<string> = new Set(["matches", "replaceAll", "replaceFirst", "split"]);

/** Patterns that stand in the template can run on the linear engine. */
export function checkPatterns(tree: TemplateTree, { report }: { readonly report: Report }): void {
  for (const block of [tree.body, ...[...tree.macros.values()].map((macro) => macro.body)]) {
    walkBlock(block, {
      reference: (node) => {
        for (const segment of node.path) {
          if (segment.kind !== "method" || !regexMethods.has(segment.name)) continue;
          const [pattern] = segment.args;
          if (pattern?.kind !== "string" || pattern.body !== undefined) continue;
          const problem = problemOf(pattern.text);
          if (problem !== undefined) report("template-regex", pattern.span, { pattern: pattern.text, problem });
        }
      },
    });
  }
}

function problemOf(pattern: string): string | undefined {
  try {
    translateRegex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.message;
    throw error;
  }
}
