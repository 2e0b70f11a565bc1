import type { TemplateTree } from "../../../runtime/mapping/velocity/nodes.js";
import type { RuntimeImport, TypeImport } from "./expression-printer.js";
import { PlainPrinter } from "./plain-printer.js";
import { SharedPrinter } from "./shared-printer.js";
import { variablesArePlain } from "./strategy.js";

export interface TemplateCode {
  /** An expression that gives a `Template` of the runtime; it names the imports and nothing else. */
  readonly code: string;
  readonly imports: readonly RuntimeImport[];
  /** Types that the code names; none where it is JavaScript. */
  readonly types: readonly TypeImport[];
}

/** Prints a template as a function, in TypeScript (`typed`) or JavaScript. */
export function compileTree(tree: TemplateTree, typed: boolean): TemplateCode {
  if (variablesArePlain(tree)) {
    const printer = new PlainPrinter(typed);
    const code = printer.print(tree.body);
    return { code, imports: printer.imports, types: printer.types };
  }
  const printer = new SharedPrinter(typed);
  const code = printer.print(tree);
  return { code, imports: printer.imports, types: printer.types };
}
