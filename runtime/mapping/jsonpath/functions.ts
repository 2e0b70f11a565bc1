import { JavaCollection, JavaList, JavaMap, JavaMapView } from "../values/collections.js";
import { double, isNumber, toDouble, toInt } from "../values/numbers.js";
import type { Value } from "../values/value.js";
import { FunctionRefused, type PathContext } from "./evaluate.js";
import { operandValue } from "./filter.js";
import type { FunctionName, Operand } from "./path.js";

/** Jayway's path functions. What they refuse counts as not found. */
export function applyFunction(name: FunctionName, args: readonly Operand[], model: Value, context: PathContext): Value {
  const values = args.flatMap((arg): Value[] => {
    if (arg.kind === "pattern") return [];
    const value = operandValue(arg, model, context);
    return value === undefined ? [] : [value];
  });
  switch (name) {
    case "length":
    case "size":
      return lengthOf(values[0] instanceof JavaCollection ? values[0] : model);
    case "keys":
      return model instanceof JavaMap ? new JavaMapView(model, "keys") : null;
    case "concat":
      return context.budget.text(strings(model, values).join(""));
    case "append":
      return appended(model, values, context);
    case "first":
      return itemOf(model, 0);
    case "last":
      return itemOf(model, -1);
    case "index":
      return itemOf(model, isNumber(values[0]) ? toInt(values[0]) : 0);
    default:
      return aggregate(name, numbers(model, values));
  }
}

function lengthOf(model: Value): Value {
  return model instanceof JavaCollection || model instanceof JavaMap ? (model.count() ?? 0) : null;
}

function appended(model: Value, values: readonly Value[], { budget }: PathContext): Value {
  if (!(model instanceof JavaList)) return model;
  budget.items(model.items.length + values.length);
  return new JavaList([...model.items, ...values], model.fromJson);
}

function itemOf(model: Value, index: number): Value {
  if (!(model instanceof JavaCollection)) throw new FunctionRefused();
  const item = model.items[index < 0 ? model.items.length + index : index];
  if (item === undefined) throw new FunctionRefused();
  return item;
}

/** Items of the model, if it is a list, and of the arguments. */
function itemsOf(model: Value, values: readonly Value[]): Value[] {
  return [model, ...values].flatMap((value, index) => {
    if (value instanceof JavaCollection) return [...value.items];
    return index === 0 ? [] : [value];
  });
}

function strings(model: Value, values: readonly Value[]): string[] {
  return itemsOf(model, values).filter((item) => typeof item === "string");
}

function numbers(model: Value, values: readonly Value[]): number[] {
  return itemsOf(model, values).filter(isNumber).map(toDouble);
}

/** Aggregations give a Double. */
function aggregate(name: "avg" | "stddev" | "sum" | "min" | "max", values: readonly number[]): Value {
  if (values.length === 0) throw new FunctionRefused();
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case "sum":
      return double(sum);
    case "avg":
      return double(sum / values.length);
    case "min":
      return double(values.reduce((a, b) => Math.min(a, b)));
    case "max":
      return double(values.reduce((a, b) => Math.max(a, b)));
    case "stddev": {
      const squares = values.reduce((total, value) => total + value * value, 0);
      const mean = sum / values.length;
      return double(Math.sqrt(squares / values.length - mean * mean));
    }
  }
}
