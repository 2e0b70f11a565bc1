import type ts from "typescript";
import type { Code } from "../../diagnostics/catalogue.js";
import type { Params, ReportExtras } from "../../diagnostics/diagnostic.js";
import { primitive } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";
import { rangeOf } from "./frame.js";
import type { Source } from "./table.js";

/** Stands where a type could not be resolved; what contains it stays silent. Such a file never gets past the checks. */
export const brokenType: Type = Object.freeze(primitive("any"));

/** Reports a mistake at a node and yields the broken type. */
export function broken<C extends Code>(
  source: Source,
  node: ts.Node,
  code: C,
  params: Params<C>,
  extras?: ReportExtras,
): Type {
  source.frame.report(code, source.frame.span(rangeOf(node, source.file)), params, extras);
  return brokenType;
}
