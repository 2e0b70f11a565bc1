import type { TemplateTree } from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import type { ModelLookup } from "../../../model/type-questions.js";
import type { Type } from "../../../model/types.js";
import type { TemplateContext } from "./context-names.js";
import { checkJsonEscapes } from "./json-escapes.js";
import { checkJsonOutput } from "./json-output.js";
import { checkModelPaths } from "./model-paths.js";
import { checkNames } from "./names.js";
import { checkOverrides } from "./overrides.js";
import { checkPatterns } from "./patterns.js";

/** What a template can be checked against. */
export interface CheckOptions {
  readonly kind: "request" | "response";
  /** The declared type of the payload that `$input` reads; undefined where none is declared. */
  readonly bodyType?: Type | undefined;
  /** Resolves the names in `bodyType`. */
  readonly lookupModel?: ModelLookup | undefined;
  /** Whether what the template prints is declared to be JSON. */
  readonly givesJson?: boolean | undefined;
  /** Whether what it prints is of a JSON media type. */
  readonly isJson?: boolean | undefined;
  /** Of which kind of API it is. Default: REST. */
  readonly context?: TemplateContext | undefined;
}

/** Everything that can be wrong with a template that parses. Rules do not know each other. */
export function checkTemplate(tree: TemplateTree, options: CheckOptions & { readonly report: Report }): void {
  checkNames(tree, options);
  checkModelPaths(tree, options);
  checkPatterns(tree, options);
  checkOverrides(tree, options);
  checkJsonOutput(tree, options);
  checkJsonEscapes(tree, options);
}
