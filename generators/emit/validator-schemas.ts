import { stringLiteral } from "./code-literal.js";
import { isSchema, type SchemaObject } from "./schema-references.js";
import type { ValidatorWriter } from "./validator-writer.js";

/** Keywords that say nothing about what is valid. */
export const annotations: ReadonlySet<string> = new Set([
  "$schema",
  "default",
  "definitions",
  "description",
  "example",
  "id",
  "title",
]);

/** A schema that everything passes. */
export function isTrivial(schema: SchemaObject): boolean {
  return Object.keys(schema).every((keyword) => annotations.has(keyword));
}

/** A schema of a scalar, or of an array of such: short enough to be checked where it is met. */
export function isSmall(schema: SchemaObject): boolean {
  if (typeof schema.$ref === "string") return true;
  const large = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "dependencies",
  ];
  if (large.some((keyword) => keyword in schema) || Array.isArray(schema.items)) return false;
  return !isSchema(schema.items) || (isSmall(schema.items) && !("items" in schema.items));
}

/** What a function is named after: the schema's title, or nothing. */
export function aboutOf(schema: SchemaObject): string {
  return typeof schema.title === "string" ? schema.title : "";
}

/** Last step of a reference into `definitions`. */
export function refName(reference: unknown): string | undefined {
  if (typeof reference !== "string") return undefined;
  return /\/([A-Za-z0-9_]+)$/.exec(reference)?.[1];
}

/** Condition that a value is one of some. */
export function enumCondition(values: readonly unknown[], v: string, writer: ValidatorWriter): string {
  const tests = values.map((value) => {
    if (typeof value === "object" && value !== null) return `${writer.use("equals")}(${v}, ${writer.constant(value)})`;
    return `${v} === ${typeof value === "string" ? stringLiteral(value) : String(value)}`;
  });
  return tests.join(" || ") || "false";
}

/** A condition without parentheses around all of it. */
export function unwrapped(condition: string): string {
  return /^\([^()]*(?:\([^()]*\)[^()]*)*\)$/.test(condition) ? condition.slice(1, -1) : condition;
}
