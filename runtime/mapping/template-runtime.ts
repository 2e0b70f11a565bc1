/**
 * What compiled templates call. The generator imports from here the names that `compileTemplate` lists; everything that
 * only some templates need stands in modules of its own (`TemplateModule`).
 */
import { escapeJavaScript } from "./host/util-object.js";
import { type Json, show, wholeBodyNeeded } from "./json/read-json.js";
import type { JsonPath } from "./jsonpath/path.js";
import { TemplateError } from "./template-error.js";
import { type TemplateInput, TemplateScope } from "./template-scope.js";
import { missing } from "./values/missing.js";
import { printedText } from "./values/printed.js";
import type { Value } from "./values/value.js";

export { Rendering } from "./interpret/rendering.js";
export {
  add,
  calculate,
  call,
  changedInLoop,
  get,
  index,
  items,
  keys,
  list,
  map,
  property,
  range,
  rangeItems,
  setIndex,
  setProperty,
  truth,
} from "./operations.js";
export { compare, looselyEqual } from "./values/equality.js";
export { double, integerOf } from "./values/numbers.js";

/** A compiled template. */
export type Template = (scope: TemplateScope) => string;

/**
 * Renders a compiled template.
 *
 * @throws TemplateError where Velocity's rendering would fail, or the budget of a rendering is used up: answer 500
 */
export function renderTemplate(template: Template, input: TemplateInput): string {
  try {
    return template(new TemplateScope(input));
  } catch (error) {
    if (error === wholeBodyNeeded) return renderWhole(template, input);
    throw known(error);
  }
}

/** Renders with a body that is read as a template's value from the start. */
function renderWhole(template: Template, input: TemplateInput): string {
  const scope = new TemplateScope(input);
  scope.readWhole();
  try {
    return template(scope);
  } catch (error) {
    throw known(error);
  }
}

/** JavaScript's own limits: length of a string, depth of the stack. */
function known(error: unknown): unknown {
  return error instanceof RangeError ? new TemplateError("budget", error.message) : error;
}

/** What a reference prints. */
export function print(scope: TemplateScope, value: Value): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (typeof value === "number" && Number.isInteger(value)) return `${value}`;
  return printedText(value, scope.budget);
}

/** What a reference after an odd number of backslashes prints: its source, with a backslash where it has no value. */
export function printEscaped(value: Value, literal: string): string {
  return value === null ? `\\${literal}` : literal;
}

/** Called at each iteration: counts it, and looks at how long the output has become. */
export function tick(scope: TemplateScope, output: string): void {
  const { budget } = scope;
  budget.step();
  if (output.length > budget.limits.textLength) budget.length(output.length);
}

/** The whole output, when it is not too long. */
export function finish(scope: TemplateScope, output: string): string {
  if (output.length > scope.limits.textLength) scope.budget.length(output.length);
  return output;
}

/** Text of an interpolated string, when it is not too long. */
export function text(scope: TemplateScope, output: string): string {
  return scope.budget.text(output);
}

/** Text of an interpolated string that lost its last character, as Velocity cuts it. */
export function cutText(scope: TemplateScope, output: string): string {
  return scope.budget.text(output.slice(0, -1));
}

/** `$input.path('…')` of a literal. */
export function inputPath(scope: TemplateScope, path: JsonPath): Value {
  return (path.steps.length === 0 ? scope.json : scope.read(path)) ?? missing;
}

/** `$util.escapeJavaScript(…)`. */
export function escapeText(scope: TemplateScope, value: Json): Value {
  return (value ?? null) === null ? null : escapedText(scope, value);
}

/** What `$util.escapeJavaScript(…)` prints. */
export function escapedText(scope: TemplateScope, value: Json): string {
  return scope.budget.text(escapeJavaScript(show(scope, value)));
}
