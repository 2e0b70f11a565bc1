import type { Budget } from "../budget.js";
import { parseJson } from "../json/parse-json.js";
import { JavaCollection, JavaMap } from "../values/collections.js";
import { equalValues } from "../values/equality.js";
import { compareNumbers, double, integerOf, isNumber, type JavaNumber } from "../values/numbers.js";
import type { Value } from "../values/value.js";
import { type PathContext, PathNotFound, readPath } from "./evaluate.js";
import type { Filter, FilterOperator, Operand } from "./path.js";

/** A pattern, or undefined for a path that leads nowhere. */
type Side = Value | undefined | { readonly source: string; readonly flags: string };

/** Thrown where Jayway throws InvalidPathException: an operator whose operand is of no kind that it takes. */
class OperandRefused extends Error {}

/**
 * Whether an item passes a filter (Jayway's PredicatePathToken.accept). With an operand that an operator does not take,
 * it does not pass, whatever stands around the operator.
 */
export function acceptFilter(filter: Filter, item: Value, context: PathContext): boolean {
  try {
    return accepts(filter, item, context);
  } catch (error) {
    if (error instanceof OperandRefused) return false;
    throw error;
  }
}

function accepts(filter: Filter, item: Value, context: PathContext): boolean {
  context.budget.step();
  switch (filter.kind) {
    case "or":
      return filter.tests.some((test) => accepts(test, item, context));
    case "and":
      return filter.tests.every((test) => accepts(test, item, context));
    case "not":
      return !accepts(filter.test, item, context);
    case "exists":
      return exists(filter.operand, item, context) === filter.wanted;
    case "compare":
      return compare(filter.operator, sideOf(filter.left, item, context), sideOf(filter.right, item, context), context);
  }
}

function exists(operand: Operand, item: Value, context: PathContext): boolean {
  if (operand.kind !== "path") return true;
  return operandValue(operand, item, context) !== undefined;
}

/** Value of an operand; undefined where a path leads nowhere. */
export function operandValue(
  operand: Extract<Operand, { kind: "path" | "json" }>,
  item: Value,
  context: PathContext,
): Value | undefined {
  if (operand.kind === "json") return parseJson(operand.text, context.budget);
  try {
    return readPath(operand.path, operand.from === "@" ? item : context.root, context);
  } catch (error) {
    if (error instanceof PathNotFound) return undefined;
    throw error;
  }
}

function sideOf(operand: Operand, item: Value, context: PathContext): Side {
  return operand.kind === "pattern" ? operand : operandValue(operand, item, context);
}

function isPattern(side: Side): side is { readonly source: string; readonly flags: string } {
  return typeof side === "object" && side !== null && "source" in side && "flags" in side;
}

function compare(operator: FilterOperator, left: Side, right: Side, context: PathContext): boolean {
  if (operator === "=~") {
    if (isPattern(right) && !isPattern(left)) return matchesAny(right, left, context);
    return isPattern(left) && !isPattern(right) && matchesAny(left, right, context);
  }
  if (isPattern(left) || isPattern(right)) return false;
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "===":
      return typeName(left) === typeName(right) && equal(left, right);
    case "!==":
      return !(typeName(left) === typeName(right) && equal(left, right));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ordered(operator, left, right);
    case "type":
      return typeof right === "string" && typeName(left) === right.toLowerCase();
    default:
      return compareLists(operator, left, right, context.budget);
  }
}

function matchesAny(
  pattern: { readonly source: string; readonly flags: string },
  side: Side,
  { matches, budget }: PathContext,
): boolean {
  if (matches === undefined || isPattern(side)) return false;
  const items = side instanceof JavaCollection ? side.items : [side];
  return items.some((item) => matches(pattern.source, pattern.flags, inputText(item), budget));
}

function inputText(item: Value | undefined): string {
  if (typeof item === "string") return item;
  return isNumber(item) || typeof item === "boolean" ? String(typeof item === "object" ? item.toString() : item) : "";
}

function compareLists(
  operator: FilterOperator,
  left: Value | undefined,
  right: Value | undefined,
  budget: Budget,
): boolean {
  switch (operator) {
    case "in":
      return isAmong(listed(right), left, budget);
    case "nin":
      return !compareLists("in", left, right, budget);
    case "contains":
      if (typeof left === "string") return typeof right === "string" && left.includes(right);
      return left instanceof JavaCollection && contains(left, right, budget);
    case "all":
      return (
        left instanceof JavaCollection &&
        right instanceof JavaCollection &&
        right.items.every((item) => contains(left, item, budget))
      );
    case "subsetof":
      return compareItems(left, right, (items, wanted) => items.every((item) => contains(wanted, item, budget)));
    case "anyof":
      return compareItems(left, right, (items, wanted) => items.some((item) => contains(wanted, item, budget)));
    case "noneof":
      return compareItems(left, right, (items, wanted) => !items.some((item) => contains(wanted, item, budget)));
    case "size":
      return typeof right === "number" && sizeOf(left) === right;
    case "empty": {
      const size = sizeOf(left);
      if (size === undefined) return false;
      if (typeof right !== "boolean") throw new OperandRefused();
      return (size === 0) === right;
    }
    default:
      return false;
  }
}

/** Whether both sides are lists, and their items as wanted. */
function compareItems(
  left: Value | undefined,
  right: Value | undefined,
  test: (items: readonly Value[], wanted: JavaCollection) => boolean,
): boolean {
  const wanted = listed(right);
  const items = wanted && listed(left);
  return items !== undefined && wanted !== undefined && test(items.items, wanted);
}

/** A list; undefined for an object. Anything else is no operand of an operator for lists. */
function listed(value: Value | undefined): JavaCollection | undefined {
  if (value instanceof JavaCollection) return value;
  if (value instanceof JavaMap) return undefined;
  throw new OperandRefused();
}

function sizeOf(value: Value | undefined): number | undefined {
  if (typeof value === "string") return value.length;
  return value instanceof JavaMap || value instanceof JavaCollection ? value.count() : undefined;
}

function isAmong(list: JavaCollection | undefined, item: Value | undefined, budget: Budget): boolean {
  return list !== undefined && contains(list, item, budget);
}

function contains(list: JavaCollection, item: Value | undefined, budget: Budget): boolean {
  budget.step(list.items.length);
  return list.items.some((candidate) => equal(candidate, item));
}

/** ValueNode.equals: a number equals the text of that number; what is undefined equals nothing. */
function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (isNumber(left) && typeof right === "string") return sameAsText(left, right);
  if (isNumber(right) && typeof left === "string") return sameAsText(right, left);
  return equalValues(left, right);
}

function sameAsText(number: JavaNumber, text: string): boolean {
  const parsed = numberOf(text);
  return parsed !== undefined && compareNumbers(number, parsed) === 0;
}

function numberOf(text: string): JavaNumber | undefined {
  if (/^-?\d+$/.test(text) && text.length < 400) return integerOf(text);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? double(Number(text)) : undefined;
}

function ordered(operator: "<" | "<=" | ">" | ">=", left: Value | undefined, right: Value | undefined): boolean {
  let order: number;
  if (isNumber(left) && isNumber(right)) order = compareNumbers(left, right);
  else if (typeof left === "string" && typeof right === "string") order = left < right ? -1 : left > right ? 1 : 0;
  else return false;
  if (operator === "<") return order < 0;
  if (operator === ">") return order > 0;
  return operator === "<=" ? order <= 0 : order >= 0;
}

function typeName(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (isNumber(value)) return "number";
  return typeof value === "object" ? "json" : typeof value;
}
