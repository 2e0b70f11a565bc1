import type { Budget } from "./budget.js";
import type { Json } from "./json/read-json.js";
import { callOn } from "./methods/call.js";
import { methodError } from "./template-error.js";
import type { TemplateScope } from "./template-scope.js";
import { JavaCollection, JavaIterator, JavaList, JavaMap } from "./values/collections.js";
import { arithmetic, isNumber, type Operator, toInt } from "./values/numbers.js";
import { textOf } from "./values/text.js";
import { JavaObject, type Value } from "./values/value.js";

/** `$x.name`. */
export function property(self: Value, name: string): Value {
  if (self instanceof JavaObject) return self.property(name);
  if (typeof self === "string") {
    if (name === "empty" || name === "Empty") return self === "";
    if (name === "blank" || name === "Blank") return self.trim() === "";
  }
  return null;
}

/** `$x.name(…)`. */
export function call(scope: TemplateScope, self: Value, name: string, args: readonly Value[]): Value {
  return callOn(self, name, args, scope.budget, scope.regex);
}

/** `$x.get(…)` of a map or a list, the method that templates call most. */
export function get(scope: TemplateScope, self: Value, key: Value): Value {
  if (self instanceof JavaMap) {
    scope.budget.step();
    return self.get(key);
  }
  return call(scope, self, "get", [key]);
}

/** `$x[index]`; a negative index counts from the end (ASTIndex). */
export function index(self: Value, at: Value): Value {
  if (self === null) return null;
  const position = fromEnd(self, at);
  return self instanceof JavaObject ? (self.at(position) ?? null) : null;
}

function fromEnd(self: Value, at: Value): Value {
  if (typeof at !== "number" || !Number.isInteger(at) || at >= 0) return at;
  const size = self instanceof JavaObject ? self.count() : undefined;
  if (size === undefined) throw methodError("a negative index needs a value with a size");
  return size + at;
}

/** `#set($x.name = value)`. */
export function setProperty(scope: TemplateScope, self: Value, name: string, value: Value): void {
  if (self instanceof JavaObject) self.setProperty(name, value, scope.budget);
}

/** `#set($x[index] = value)`. */
export function setIndex(scope: TemplateScope, self: Value, at: Value, value: Value): void {
  if (self instanceof JavaObject) self.setAt(fromEnd(self, at), value, scope.budget);
}

/** Whether a reference counts as true: not null and not false. */
export function truth(value: Json): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !(value instanceof JavaObject) || value.isTrue();
}

/** `+`: joins where one side is text, the source of a null standing for it (ASTAddNode). */
export function add(budget: Budget, left: Value, right: Value, leftLiteral: string, rightLiteral: string): Value {
  if (typeof left === "number" && typeof right === "number") return calculate("+", left, right);
  if (typeof left === "string" || typeof right === "string") {
    const a = left === null ? leftLiteral : (textOf(left, budget) ?? "null");
    const b = right === null && left !== null ? rightLiteral : (textOf(right, budget) ?? "null");
    return budget.text(a + b);
  }
  return calculate("+", left, right);
}

/** `-`, `*`, `/`, `%` and `+` of numbers; null where one side is none. */
export function calculate(operator: Operator, left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) return null;
  try {
    return arithmetic(operator, left, right);
  } catch (error) {
    if (error instanceof RangeError) throw methodError(error.message);
    throw error;
  }
}

/** Ends of `[from..to]` as whole numbers; undefined where Velocity makes no range. */
function rangeEnds(from: Value, to: Value): readonly [number, number] | undefined {
  return isNumber(from) && isNumber(to) ? [toInt(from), toInt(to)] : undefined;
}

/** `[from..to]`. */
export function range(budget: Budget, from: Value, to: Value): Value {
  const ends = rangeEnds(from, to);
  if (ends === undefined) return null;
  const [start, end] = ends;
  const count = Math.abs(end - start) + 1;
  budget.items(count);
  budget.through(count);
  const step = start >= end ? -1 : 1;
  return new JavaList(
    Array.from({ length: count }, (_, position) => start + position * step),
    false,
  );
}

/** Items of a range as a loop needs them: no more than one loop may go through, and one to see that there are more. */
export function rangeItems(budget: Budget, from: Value, to: Value): readonly Value[] | null {
  const ends = rangeEnds(from, to);
  if (ends === undefined) return null;
  const [start, end] = ends;
  const count = Math.min(Math.abs(end - start) + 1, budget.limits.iterations + 1);
  const step = start >= end ? -1 : 1;
  return Array.from({ length: count }, (_, position) => start + position * step);
}

/** What `#foreach` goes over; null where it cannot. */
export function items(budget: Budget, value: Value): readonly Value[] | null {
  if (value instanceof JavaList) return value.items;
  if (!(value instanceof JavaObject)) return null;
  if (value instanceof JavaCollection || value instanceof JavaMap) budget.through(value.count() ?? 0);
  const found = value.iterate();
  if (found === undefined) return null;
  if (value instanceof JavaIterator) return taken(found, budget.limits.iterations + 1);
  return Array.isArray(found) ? found : [...found];
}

/** What `#foreach` goes over in `$x.keySet()`. */
export function keys(scope: TemplateScope, self: Value): readonly Value[] | null {
  if (!(self instanceof JavaMap)) return items(scope.budget, call(scope, self, "keySet", []));
  const all = self.keys();
  scope.budget.step(2 + (all.length >> 6));
  return all;
}

function taken(found: Iterable<Value>, most: number): Value[] {
  const out: Value[] = [];
  for (const item of found) {
    out.push(item);
    if (out.length >= most) break;
  }
  return out;
}

/** A list changed while a loop went over it: Java's iterator refuses to go on. */
export function changedInLoop(): never {
  throw methodError("ConcurrentModificationException");
}

export function list(values: Value[]): Value {
  return new JavaList(values, false);
}

/** A map literal: a key given twice keeps its place and takes the last value. */
export function map(budget: Budget, ...pairs: Value[]): Value {
  const out = new JavaMap();
  for (let i = 0; i < pairs.length; i += 2) out.put(pairs[i] ?? null, pairs[i + 1] ?? null, budget);
  return out;
}
