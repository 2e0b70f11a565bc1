import { expect, test } from "vitest";
import { doubleText } from "../../runtime/mapping/values/double-text.js";

/** Printed by Java 17 (System.out.println). */
const printed: readonly (readonly [number, string])[] = [
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [10, "10.0"],
  [0.1 + 0.2, "0.30000000000000004"],
  [1 / 3, "0.3333333333333333"],
  [0.001, "0.001"],
  [0.0001, "1.0E-4"],
  [9999999, "9999999.0"],
  [12345678, "1.2345678E7"],
  [1e8, "1.0E8"],
  [1e21, "1.0E21"],
  [1e23, "9.999999999999999E22"],
  [Number("123456789012345678") / 2.5, "4.9382715604938272E16"],
  [1 / -2147483648, "-4.6566128730773926E-10"],
  [2 ** -44, "5.6843418860808015E-14"],
  [2 ** 63 - 1.5e10, "9.2233720218547753E18"],
  [Number.MIN_VALUE, "4.9E-324"],
  [Number.MAX_VALUE, "1.7976931348623157E308"],
  [2.2250738585072014e-308, "2.2250738585072014E-308"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [Number.NaN, "NaN"],
];

test.each(printed)("%d prints as Java 17 prints it", (value, text) => {
  expect(doubleText(value)).toBe(text);
});
