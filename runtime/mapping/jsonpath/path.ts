/**
 * A JSONPath as Jayway's JsonPath reads it, as plain data: a literal path of a template is parsed when the gateway is
 * built and stands in the generated code in this form.
 */
export interface JsonPath {
  readonly steps: readonly Step[];
  /** Whether the path names one value. If not, the result is a list of all matches. */
  readonly definite: boolean;
}

export type Step =
  /** `.a`, `['a']`; several names give an object of them at the end of a path, each of them before it. */
  | { readonly kind: "names"; readonly names: readonly string[] }
  /** `[0]`, `[-1]`, `[0,2]` */
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  /** `[1:]`, `[:2]`, `[1:2]` */
  | { readonly kind: "slice"; readonly from: number | null; readonly to: number | null }
  | { readonly kind: "wildcard" }
  /** `..`: the next step is tried on the value and on everything below it. */
  | { readonly kind: "scan" }
  | { readonly kind: "filter"; readonly test: Filter }
  /** `.length()`, `.sum()` … */
  | { readonly kind: "function"; readonly name: FunctionName; readonly args: readonly Operand[] };

export const functionNames = [
  "avg",
  "stddev",
  "sum",
  "min",
  "max",
  "concat",
  "length",
  "size",
  "append",
  "keys",
  "first",
  "last",
  "index",
] as const;
export type FunctionName = (typeof functionNames)[number];

export const filterOperators = [
  "==",
  "===",
  "!=",
  "!==",
  "<",
  "<=",
  ">",
  ">=",
  "=~",
  "in",
  "nin",
  "contains",
  "all",
  "size",
  "empty",
  "type",
  "subsetof",
  "anyof",
  "noneof",
] as const;
export type FilterOperator = (typeof filterOperators)[number];

export type Filter =
  | { readonly kind: "or" | "and"; readonly tests: readonly Filter[] }
  | { readonly kind: "not"; readonly test: Filter }
  /** `@.a` or `!@.a` alone. */
  | { readonly kind: "exists"; readonly operand: Operand; readonly wanted: boolean }
  | { readonly kind: "compare"; readonly operator: FilterOperator; readonly left: Operand; readonly right: Operand };

export type Operand =
  /** Relative to the item (`@`) or to the document (`$`). */
  | { readonly kind: "path"; readonly from: "@" | "$"; readonly path: JsonPath }
  /** JSON text of a literal. */
  | { readonly kind: "json"; readonly text: string }
  /** `/pattern/flags`, a Java regular expression. */
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string };

/** A path that Jayway refuses, with the offset of the trouble. */
export class JsonPathError extends Error {
  override readonly name = "JsonPathError";

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Whether a path needs regular expressions. */
export function usesPattern(path: JsonPath): boolean {
  return path.steps.some((step) =>
    step.kind === "filter"
      ? filterUsesPattern(step.test)
      : step.kind === "function" && step.args.some(operandUsesPattern),
  );
}

function filterUsesPattern(filter: Filter): boolean {
  switch (filter.kind) {
    case "or":
    case "and":
      return filter.tests.some(filterUsesPattern);
    case "not":
      return filterUsesPattern(filter.test);
    case "exists":
      return operandUsesPattern(filter.operand);
    case "compare":
      return operandUsesPattern(filter.left) || operandUsesPattern(filter.right);
  }
}

function operandUsesPattern(operand: Operand): boolean {
  return operand.kind === "pattern" || (operand.kind === "path" && usesPattern(operand.path));
}
