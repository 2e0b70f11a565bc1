import type { TemplateTree } from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import type { Model, Type } from "../../../model/types.js";
import { checkNames } from "./names.js";

/** What a template can be checked against. */
export interface CheckOptions {
  readonly kind: "request" | "response";
  /** The declared type of the payload that `$input` reads; undefined where none is declared. */
  readonly bodyType?: Type | undefined;
  /** Resolves the names in `bodyType`. */
  readonly lookupModel?: ((name: string) => Model | undefined) | undefined;
  /** Whether what the template prints is declared to be JSON. */
  readonly givesJson?: boolean | undefined;
}

/** Everything that can be wrong with a template that parses. Rules do not know each other. */
export function checkTemplate(tree: TemplateTree, options: CheckOptions & { readonly report: Report }): void {
  checkNames(tree, options);
}
