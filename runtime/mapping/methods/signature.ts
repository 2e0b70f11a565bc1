import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { JavaArray, JavaCollection, JavaMap } from "../values/collections.js";
import { isDouble, isNumber, JavaBigInteger, JavaFloat, JavaLong, type JavaNumber } from "../values/numbers.js";
import { JavaChar, type Value } from "../values/value.js";

/** Types of parameters. Those in lower case are primitive: null does not fit. */
export type ParameterType =
  | "int"
  | "long"
  | "double"
  | "boolean"
  | "char"
  | "String"
  | "Object"
  | "Collection"
  | "Map"
  | "Integer"
  | "Long"
  | "Float"
  | "BigInteger"
  | "Double"
  | "Boolean"
  | "Character"
  | "Strings"
  | "Characters"
  | "Objects";

/** One overload. `Strings`, `Characters` and `Objects` take all arguments that are left. */
export interface Method<T> {
  readonly parameters: readonly ParameterType[];
  readonly call: (self: T, args: readonly Value[], budget: Budget) => Value;
}

/** Overloads by name, the most specific first. */
export type MethodTable<T> = ReadonlyMap<string, readonly Method<T>[]>;

type Definitions<T> = Readonly<Record<string, Method<T>["call"]>>;

/**
 * A table from definitions such as `"substring(int,int)": (text, [from, to]) => …`. Overloads of a name are tried in
 * the order written.
 */
export function methodTable<T>(definitions: Definitions<T>, inherited?: MethodTable<T>): MethodTable<T> {
  const table = new Map<string, Method<T>[]>();
  for (const [signature, call] of Object.entries(definitions)) {
    const open = signature.indexOf("(");
    const name = signature.slice(0, open);
    const list = signature.slice(open + 1, -1);
    const parameters = list === "" ? [] : (list.split(",") as ParameterType[]);
    const overloads = table.get(name) ?? [];
    overloads.push({ parameters, call });
    table.set(name, overloads);
  }
  for (const [name, overloads] of inherited ?? []) table.set(name, [...(table.get(name) ?? []), ...overloads]);
  return table;
}

/** Calls the overload that fits. Null where none does, as Velocity has it for an unknown method. */
export function callMethod<T>(
  table: MethodTable<T>,
  self: T,
  name: string,
  args: readonly Value[],
  budget: Budget,
): Value {
  const overloads = table.get(name);
  if (overloads === undefined) return null;
  for (const method of overloads) {
    if (fits(method.parameters, args)) return method.call(self, args, budget);
  }
  // Velocity's MethodMap takes a method without parameters for any arguments, and Java then refuses the call.
  if (overloads.some(({ parameters }) => parameters.length === 0)) throw methodError("wrong number of arguments");
  return null;
}

function fits(parameters: readonly ParameterType[], args: readonly Value[]): boolean {
  const last = parameters[parameters.length - 1];
  const open = last === "Strings" || last === "Characters" || last === "Objects";
  const fixed = open ? parameters.length - 1 : parameters.length;
  if (open ? args.length < fixed : args.length !== fixed) return false;
  return args.every((arg, index) =>
    accepts(index < fixed ? (parameters[index] as ParameterType) : (last as ParameterType), arg),
  );
}

function accepts(type: ParameterType, arg: Value): boolean {
  switch (type) {
    case "int":
      return isInt(arg);
    case "long":
      return isInt(arg) || arg instanceof JavaLong;
    case "double":
      return isInt(arg) || arg instanceof JavaLong || arg instanceof JavaFloat || isDouble(arg);
    case "boolean":
      return typeof arg === "boolean";
    case "char":
      return arg instanceof JavaChar;
    case "Characters":
      return arg instanceof JavaChar || (arg instanceof JavaArray && arg.type === "C");
    default:
      return arg === null || acceptsObject(type, arg);
  }
}

function acceptsObject(type: ParameterType, arg: Value): boolean {
  switch (type) {
    case "String":
    case "Strings":
      return typeof arg === "string";
    case "Collection":
      return arg instanceof JavaCollection;
    case "Map":
      return arg instanceof JavaMap;
    case "Integer":
      return isInt(arg);
    case "Long":
      return arg instanceof JavaLong;
    case "Float":
      return arg instanceof JavaFloat;
    case "BigInteger":
      return arg instanceof JavaBigInteger;
    case "Double":
      return isDouble(arg);
    case "Boolean":
      return typeof arg === "boolean";
    case "Character":
      return arg instanceof JavaChar;
    default:
      return true;
  }
}

export function isInt(value: Value): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

/** A text argument; null makes Java throw. */
export function text(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw methodError("NullPointerException");
}

/** A whole-number argument. */
export function int(value: Value | undefined): number {
  return value as number;
}

/** A number that `long` or `double` takes. */
export function number(value: Value | undefined): JavaNumber {
  if (isNumber(value)) return value;
  throw methodError("NullPointerException");
}

/** `compareTo` of another class, which Java's bridge method takes and refuses. */
export function wrongClass(): never {
  throw methodError("ClassCastException");
}
