/**
 * What templates call that read bodies and change nothing of them (`jsonVariables` of the compiler says which): they work on
 * what JSON.parse gave, and template values are made of a part where one needs more than its members, items and text.
 */
import type { Budget } from "../budget.js";
import type { JsonPath } from "../jsonpath/path.js";
import { call, get, index, items, keys, property } from "../operations.js";
import { methodError } from "../template-error.js";
import type { TemplateScope } from "../template-scope.js";
import { JavaList, JavaMap } from "../values/collections.js";
import { missing } from "../values/missing.js";
import { numberText } from "../values/numbers.js";
import { printedText } from "../values/printed.js";
import { JavaClass, type Value } from "../values/value.js";
import { isList, otherPath, type Plain } from "./plain-path.js";

/** A part of a body; of one that JSON.parse would not keep whole, a template's value. Undefined: there is none. */
export type Json = Value | Plain | undefined;

/** Whether a value is an object of JSON.parse. Generated code asks before it reads a member. */
export function isObject(value: Json): value is { readonly [name: string]: Plain } {
  return typeof value === "object" && value !== null && !(value instanceof JavaClass) && !Array.isArray(value);
}

/**
 * Thrown where something would be shown that JSON.parse has not kept. The template has changed nothing so far, and is rendered
 * again with the body as a template's value.
 */
export const wholeBodyNeeded = new Error("the body is not kept whole by JSON.parse");

/** `$input.path('…')` of a literal, in a template that changes nothing and can be rendered twice. */
export function readJson(r: TemplateScope, path: JsonPath): Json {
  const { plain } = r;
  const value = plain === undefined ? otherPath : plain.partAt(path);
  return (value === otherPath ? r.read(path) : value) ?? missing;
}

/** The same in a template that changes something: what JSON.parse does not keep is seen to at once. */
export function readJsonOnce(r: TemplateScope, path: JsonPath): Json {
  const { plain } = r;
  const value = plain === undefined || !plain.keepsAll ? otherPath : plain.partAt(path);
  return (value === otherPath ? r.read(path) : value) ?? missing;
}

/** `$x.name`, where `x` is no object of JSON.parse, or the name is one that every object of JavaScript has. */
export function jsonProperty(value: Json, name: string): Json {
  if (isPlainList(value)) return name === "empty" || name === "Empty" ? value.length === 0 : null;
  if (isObject(value)) return Object.hasOwn(value, name) ? value[name] : null;
  return property(value ?? null, name);
}

/** `$x[at]`. */
export function jsonIndex(value: Json, at: Value): Json {
  if (isObject(value)) return typeof at === "string" && Object.hasOwn(value, at) ? value[at] : null;
  if (!isPlainList(value)) return index(value ?? null, at);
  return typeof at === "number" && Number.isInteger(at) ? itemOf(value, at < 0 ? value.length + at : at) : null;
}

/** `$x.get(key)`. */
export function jsonGet(r: TemplateScope, value: Json, key: Value): Json {
  if (isObject(value)) {
    r.budget.step();
    return typeof key === "string" && Object.hasOwn(value, key) ? value[key] : null;
  }
  if (!isPlainList(value)) return get(r, value ?? null, key);
  if (typeof key !== "number" || !Number.isInteger(key)) return call(r, made(r, value), "get", [key]);
  r.budget.step();
  return itemOf(value, key);
}

/** `$x.size()`. */
export function jsonSize(r: TemplateScope, value: Json): Value {
  if (isPlainList(value)) return value.length;
  return call(r, made(r, value), "size", []);
}

/** `$x.isEmpty()`. */
export function jsonIsEmpty(r: TemplateScope, value: Json): Value {
  if (isPlainList(value)) return value.length === 0;
  return call(r, made(r, value), "isEmpty", []);
}

/** What `#foreach` goes over; null where it cannot. */
export function jsonItems(r: TemplateScope, value: Json): readonly Json[] | null {
  if (isPlainList(value)) return value;
  if (!isObject(value)) return items(r.budget, value ?? null);
  needsAll(r);
  const all = Object.values(value);
  r.budget.through(all.length);
  return all;
}

/** What `#foreach` goes over in `$x.keySet()`. */
export function jsonKeys(r: TemplateScope, value: Json): readonly Value[] | null {
  if (!isObject(value)) return keys(r, made(r, value));
  needsAll(r);
  const all = Object.keys(value);
  r.budget.step(2 + (all.length >> 6));
  return all;
}

/** What a part of a body prints. */
export function show(r: TemplateScope, value: Json): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (typeof value === "number") {
    needsNumber(r, value);
    return Number.isInteger(value) ? `${value}` : numberText(value);
  }
  if (isPlainList(value)) {
    needsAll(r);
    return r.budget.text(JSON.stringify(value));
  }
  return printedText(made(r, value), r.budget);
}

function needsNumber({ plain }: TemplateScope, value: number): void {
  if (plain !== undefined && !plain.keepsNumber(value)) throw wholeBodyNeeded;
}

function needsAll({ plain }: TemplateScope): void {
  if (plain !== undefined && !plain.keepsAll) throw wholeBodyNeeded;
}

/** A part of a body as a template's value: a copy, whose making is charged. */
export function made(r: TemplateScope, value: Json): Value {
  if (value === undefined) return null;
  if (typeof value === "number") needsNumber(r, value);
  if (typeof value !== "object" || value === null || value instanceof JavaClass) return value;
  needsAll(r);
  return copyOf(value, r.budget);
}

function copyOf(value: Plain, budget: Budget): Value {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) {
    budget.step(1 + value.length);
    return new JavaList(
      value.map((item) => copyOf(item, budget)),
      true,
    );
  }
  const entries = new Map<Value, Value>();
  for (const name of Object.keys(value)) entries.set(name, copyOf(value[name] ?? null, budget));
  budget.step(1 + entries.size);
  return new JavaMap(entries);
}

function isPlainList(value: Json): value is readonly Plain[] {
  return Array.isArray(value);
}

/** Throws as `get(int)` does. */
function itemOf(list: readonly Plain[], at: number): Plain {
  const item = list[at];
  if (item === undefined) throw methodError(`Index ${at} out of bounds for length ${list.length}`);
  return item;
}
