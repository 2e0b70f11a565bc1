import { JavaBigDecimal, JavaBigInteger, JavaFloat, JavaLong, type JavaNumber } from "../values/numbers.js";
import { bigIntegerMethods, decimalMethods } from "./big-methods.js";
import { doubleMethods, floatMethods, integerMethods, longMethods } from "./number-methods.js";
import type { MethodTable } from "./signature.js";

/** Table of a number. */
export function numberTable(value: JavaNumber): MethodTable<JavaNumber> {
  if (typeof value === "number") return Number.isInteger(value) ? integerMethods : doubleMethods;
  if (value instanceof JavaLong) return longMethods;
  if (value instanceof JavaFloat) return floatMethods;
  if (value instanceof JavaBigInteger) return bigIntegerMethods;
  return value instanceof JavaBigDecimal ? decimalMethods : doubleMethods;
}
