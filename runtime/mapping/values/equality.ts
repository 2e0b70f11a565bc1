import type { Budget } from "../budget.js";
import { JavaCollection, JavaEntry, JavaMap, JavaMapView } from "./collections.js";
import { MissingValue } from "./missing.js";
import {
  compareNumbers,
  isNumber,
  JavaBigInteger,
  JavaFloat,
  JavaLong,
  type JavaNumber,
  sameNumber,
  toDouble,
} from "./numbers.js";
import { textOf } from "./text.js";
import { JavaChar, JavaObject, type Value } from "./value.js";

const maxDepth = 200;

/** Java's `equals`. */
export function equalValues(left: Value, right: Value, depth = 0): boolean {
  if (left === right) return true;
  if (left === null || right === null || depth > maxDepth) return false;
  if (isNumber(left)) return isNumber(right) && sameNumber(left, right);
  if (left instanceof JavaCollection) return right instanceof JavaCollection && equalItems(left, right, depth);
  if (left instanceof JavaMap) return right instanceof JavaMap && equalEntries(left, right, depth);
  if (left instanceof JavaEntry) {
    return (
      right instanceof JavaEntry &&
      equalValues(left.key, right.key, depth + 1) &&
      equalValues(left.value, right.value, depth + 1)
    );
  }
  return left instanceof JavaChar && right instanceof JavaChar && left.value === right.value;
}

function equalItems(left: JavaCollection, right: JavaCollection, depth: number): boolean {
  const sets = [left, right].filter(isSet).length;
  if (sets === 1 || isValues(left) || isValues(right)) return false;
  if (sets === 2) {
    const all = right.items;
    return (
      left.items.length === all.length &&
      left.items.every((item) => all.some((other) => equalValues(item, other, depth + 1)))
    );
  }
  const others = right.items;
  return (
    left.items.length === others.length &&
    left.items.every((item, index) => equalValues(item, others[index] ?? null, depth + 1))
  );
}

/** A set equals a set in whatever order; what `values()` gives equals itself only. */
function isSet(collection: JavaCollection): boolean {
  return collection instanceof JavaMapView && collection.of !== "values";
}

function isValues(collection: JavaCollection): boolean {
  return collection instanceof JavaMapView && collection.of === "values";
}

function equalEntries(left: JavaMap, right: JavaMap, depth: number): boolean {
  if (left.entries.size !== right.entries.size) return false;
  for (const [key, value] of left.entries) {
    if (!right.has(key) || !equalValues(value, right.get(key), depth + 1)) return false;
  }
  return true;
}

/** `==` of Velocity 1.7 (ASTEQNode): numbers by value, one class by `equals`, everything else by its text. */
export function looselyEqual(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  if (left === right && typeof left !== "number") return true;
  if (left === null || right === null) return isVoid(left) && isVoid(right);
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (sameClass(left, right)) {
    if (left instanceof JavaObject) budget.step(left.count() ?? 1);
    return equalValues(left, right);
  }
  return textOf(left, budget) === textOf(right, budget);
}

/** Null, or what `$input.path` gives for nothing. */
function isVoid(value: Value): boolean {
  return value === null || value instanceof MissingValue;
}

function sameClass(left: Value, right: Value): boolean {
  if (left instanceof JavaCollection) return right instanceof JavaCollection;
  if (left instanceof JavaMap) return right instanceof JavaMap;
  return (
    left !== null && right !== null && typeof left === "object" && left.constructor === (right as object).constructor
  );
}

/** `<`, `>`, `<=`, `>=`: false unless both are numbers. */
export function compare(operator: "<" | ">" | "<=" | ">=", left: Value, right: Value): boolean {
  if (!isNumber(left) || !isNumber(right)) return false;
  const order = compareNumbers(left, right);
  switch (operator) {
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
  }
}

/** Java's `hashCode`, where it follows from the value. */
export function hashOf(value: Value, budget: Budget, depth = 0): number {
  budget.depth(depth);
  budget.step();
  if (value === null) return 0;
  if (typeof value === "string") return stringHash(value, budget);
  if (typeof value === "boolean") return value ? 1231 : 1237;
  if (isNumber(value)) return numberHash(value);
  if (value instanceof JavaChar) return value.value.charCodeAt(0);
  if (value instanceof JavaEntry) return hashOf(value.key, budget, depth + 1) ^ hashOf(value.value, budget, depth + 1);
  if (value instanceof JavaMap) {
    let hash = 0;
    for (const [key, item] of value.entries)
      hash = (hash + (hashOf(key, budget, depth + 1) ^ hashOf(item, budget, depth + 1))) | 0;
    return hash;
  }
  if (!(value instanceof JavaCollection)) return 0;
  if (isSet(value)) return value.items.reduce((sum: number, item) => (sum + hashOf(item, budget, depth + 1)) | 0, 0);
  let hash = 1;
  for (const item of value.items) hash = (Math.imul(31, hash) + hashOf(item, budget, depth + 1)) | 0;
  return hash;
}

function stringHash(text: string, budget: Budget): number {
  budget.through(text.length);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

function numberHash(value: JavaNumber): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (value instanceof JavaLong) return Number(BigInt.asIntN(32, value.value ^ (value.value >> 32n)));
  if (value instanceof JavaBigInteger) return bigHash(value.value);
  const view = new DataView(new ArrayBuffer(8));
  if (value instanceof JavaFloat) {
    view.setFloat32(0, value.value);
    return view.getInt32(0);
  }
  view.setFloat64(0, toDouble(value));
  return view.getInt32(0) ^ view.getInt32(4);
}

/** `BigInteger.hashCode`: of its words of 32 bits, the highest first. */
function bigHash(value: bigint): number {
  let digits = (value < 0n ? -value : value).toString(16);
  digits = digits.padStart(Math.ceil(digits.length / 8) * 8, "0");
  let hash = 0;
  for (let at = 0; at < digits.length; at += 8) {
    hash = (Math.imul(31, hash) + Number.parseInt(digits.slice(at, at + 8), 16)) | 0;
  }
  return value < 0n ? -hash | 0 : hash;
}
