import type { Code } from "../../diagnostics/catalogue.js";
import type { Params } from "../../diagnostics/diagnostic.js";
import type { Constraints, JsonValue } from "../../model/types.js";

/** One schema, and how its mistakes are reported: at a path below it. */
export interface SchemaPlace {
  readonly schema: { readonly [name: string]: JsonValue };
  readonly report: <C extends Code>(code: C, below: readonly (string | number)[], params: Params<C>) => void;
}

/** Keywords that speak about one kind of value, for schemas without `type`. */
export const kindKeywords: ReadonlyMap<string, readonly string[]> = new Map([
  ["object", ["properties", "required", "additionalProperties", "minProperties", "maxProperties"]],
  ["array", ["items", "additionalItems", "minItems", "maxItems", "uniqueItems"]],
  ["string", ["minLength", "maxLength", "pattern"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
]);

export const knownKeywords: ReadonlySet<string> = new Set([
  ...[...kindKeywords.values()].flat(),
  "$schema",
  "$ref",
  "allOf",
  "anyOf",
  "default",
  "definitions",
  "description",
  "enum",
  "format",
  "oneOf",
  "title",
  "type",
]);

type Test = (value: JsonValue) => boolean;

const isNumber: Test = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Test = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isFlag: Test = (value) => typeof value === "boolean";

const numeric = {
  minimum: [isNumber, "a number"],
  maximum: [isNumber, "a number"],
  exclusiveMinimum: [isFlag, "true or false, beside `minimum` (draft-04)"],
  exclusiveMaximum: [isFlag, "true or false, beside `maximum` (draft-04)"],
  multipleOf: [(value: JsonValue) => isNumber(value) && Number(value) > 0, "a number greater than 0"],
} as const;

const count = [isCount, "a whole number, 0 or greater"] as const;

const byKind: Readonly<Record<string, Readonly<Record<string, readonly [Test, string]>>>> = {
  number: numeric,
  integer: numeric,
  string: {
    minLength: count,
    maxLength: count,
    pattern: [(value) => typeof value === "string", "a regular expression"],
  },
  array: { minItems: count, maxItems: count, uniqueItems: [isFlag, "true or false"] },
  object: { minProperties: count, maxProperties: count },
};

/** The constraints that a schema has for values of one kind; wrong values are reported and left out. */
export function readConstraints(kind: string, { schema, report }: SchemaPlace): Constraints {
  const found: Record<string, JsonValue> = {};
  for (const [keyword, [accepts, wanted]] of Object.entries(byKind[kind] ?? {})) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (!accepts(value)) report("schema-value", [keyword], { keyword, wanted });
    else if (value !== false) found[keyword] = value;
  }
  return found as Constraints;
}
