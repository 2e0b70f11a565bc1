import { doubleText, floatText } from "./double-text.js";
import { JavaClass } from "./value.js";

/**
 * Java's numbers. A JavaScript number stands for an `Integer` when it is whole and for a `Double` when it is not; a
 * `Double` that is whole (10.0) and everything past 32 bits have classes of their own, so that what shows is kept.
 */
export class JavaDouble extends JavaClass {
  constructor(readonly value: number) {
    super();
  }
}

/** `Float`: what `floatValue()` gives. */
export class JavaFloat extends JavaClass {
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = Math.fround(value);
  }
}

/** `Long`: 64 bits. */
export class JavaLong extends JavaClass {
  constructor(readonly value: bigint) {
    super();
  }
}

export class JavaBigInteger extends JavaClass {
  constructor(readonly value: bigint) {
    super();
  }
}

/** `BigDecimal`: `unscaled × 10^-scale`. Arises where a BigInteger meets a Double. */
export class JavaBigDecimal extends JavaClass {
  constructor(
    readonly unscaled: bigint,
    readonly scale: number,
  ) {
    super();
  }
}

export type JavaNumber = number | JavaDouble | JavaFloat | JavaLong | JavaBigInteger | JavaBigDecimal;

const minInt = -2147483648;
const maxInt = 2147483647;
const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;

export function isNumber(value: unknown): value is JavaNumber {
  return (
    typeof value === "number" ||
    value instanceof JavaDouble ||
    value instanceof JavaFloat ||
    value instanceof JavaLong ||
    value instanceof JavaBigInteger ||
    value instanceof JavaBigDecimal
  );
}

/** A `Double`. */
export function double(value: number): JavaNumber {
  return Number.isInteger(value) ? new JavaDouble(value) : value;
}

/** The smallest of Integer, Long and BigInteger that holds the digits. */
export function integerOf(digits: string): JavaNumber {
  if (digits.length < 10) return Number(digits) + 0;
  const value = BigInt(digits);
  if (value >= BigInt(minInt) && value <= BigInt(maxInt)) return Number(value);
  return value >= minLong && value <= maxLong ? new JavaLong(value) : new JavaBigInteger(value);
}

/** A Long as Velocity's arithmetic gives it back: an Integer stays one unless it overflows or meets a Long. */
function wrap(value: bigint, wide: boolean): JavaNumber {
  if (value < minLong || value > maxLong) return new JavaBigInteger(value);
  if (!wide && value >= BigInt(minInt) && value <= BigInt(maxInt)) return Number(value);
  return new JavaLong(value);
}

function isInt(value: JavaNumber): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

function isWhole(value: JavaNumber): boolean {
  return isInt(value) || value instanceof JavaLong || value instanceof JavaBigInteger;
}

export function isDouble(value: unknown): value is number | JavaDouble {
  return value instanceof JavaDouble || (typeof value === "number" && !Number.isInteger(value));
}

/** `longValue()` of what is whole. */
function whole(value: JavaNumber): bigint {
  return typeof value === "number" ? BigInt(value) : (value as JavaLong).value;
}

/** `doubleValue()`. */
export function toDouble(value: JavaNumber): number {
  if (typeof value === "number") return value;
  if (value instanceof JavaBigDecimal) return Number(decimalText(value));
  return Number(value.value);
}

/** `intValue()`: narrowed as Java does. */
export function toInt(value: JavaNumber): number {
  if (isInt(value)) return value | 0;
  if (value instanceof JavaLong || value instanceof JavaBigInteger) return Number(BigInt.asIntN(32, value.value));
  if (value instanceof JavaBigDecimal) return Number(BigInt.asIntN(32, wholePart(value)));
  const number = toDouble(value);
  if (Number.isNaN(number)) return 0;
  return Math.max(minInt, Math.min(maxInt, Math.trunc(number))) + 0;
}

/** `longValue()`: narrowed as Java does. */
export function toLong(value: JavaNumber): JavaLong {
  if (isWhole(value)) return new JavaLong(BigInt.asIntN(64, whole(value)));
  if (value instanceof JavaBigDecimal) return new JavaLong(BigInt.asIntN(64, wholePart(value)));
  const number = toDouble(value);
  if (Number.isNaN(number)) return new JavaLong(0n);
  if (number >= 2 ** 63) return new JavaLong(maxLong);
  if (number <= -(2 ** 63)) return new JavaLong(minLong);
  return new JavaLong(BigInt(Math.trunc(number)));
}

function wholePart({ unscaled, scale }: JavaBigDecimal): bigint {
  return unscaled / 10n ** BigInt(scale);
}

export type Operator = "+" | "-" | "*" | "/" | "%";

/** No template needs whole numbers of more digits than this; longer ones cost more time than a step may. */
const largest = 10n ** 2000n;

function bounded(value: bigint): bigint {
  if (value > largest || value < -largest) throw new RangeError("a number has more than 2,000 digits");
  return value;
}

/**
 * Velocity's MathUtils. Null where Velocity gives null: division by zero.
 *
 * @throws RangeError for the modulo of BigDecimals, which Java refuses
 */
export function arithmetic(operator: Operator, left: JavaNumber, right: JavaNumber): JavaNumber | null {
  if (isInt(left) && isInt(right)) return intArithmetic(operator, left, right);
  const decimal = left instanceof JavaBigDecimal || right instanceof JavaBigDecimal;
  const big = left instanceof JavaBigInteger || right instanceof JavaBigInteger;
  if (isWhole(left) && isWhole(right)) return wholeArithmetic(operator, left, right, big);
  if (decimal || big) return decimalArithmetic(operator, toDecimal(left), toDecimal(right));
  if (!isDouble(left) && !isDouble(right)) return floatArithmetic(operator, left, right);
  return doubleArithmetic(operator, toDouble(left), toDouble(right));
}

function intArithmetic(operator: Operator, left: number, right: number): JavaNumber | null {
  switch (operator) {
    case "+":
      return narrowest(left + right);
    case "-":
      return narrowest(left - right);
    case "*": {
      const product = left * right;
      return Number.isSafeInteger(product) ? narrowest(product) : wrap(BigInt(left) * BigInt(right), false);
    }
    case "/":
      return right === 0 ? null : narrowest(Math.trunc(left / right));
    case "%":
      return right === 0 ? null : (left % right) + 0;
  }
}

/** A whole number of at most 53 bits. */
function narrowest(value: number): JavaNumber {
  return value >= minInt && value <= maxInt ? value + 0 : new JavaLong(BigInt(value));
}

function wholeArithmetic(operator: Operator, left: JavaNumber, right: JavaNumber, big: boolean): JavaNumber | null {
  const a = whole(left);
  const b = whole(right);
  const result = wholeResult(operator, a, b, big);
  if (result === null) return null;
  // wrapPrimitive keeps the wider of the two classes: a Long stays a Long.
  return big
    ? new JavaBigInteger(bounded(result))
    : wrap(result, left instanceof JavaLong || right instanceof JavaLong);
}

function wholeResult(operator: Operator, a: bigint, b: bigint, big: boolean): bigint | null {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      // The one overflow that MathUtils does not see.
      return !big && a === minLong && b === -1n ? minLong : a * b;
    case "/":
      return b === 0n ? null : big ? a / b : BigInt.asIntN(64, a / b);
    case "%":
      if (b === 0n) return null;
      if (!big) return a % b;
      if (b < 0n) throw new RangeError("BigInteger: modulus not positive");
      return ((a % b) + b) % b;
  }
}

function doubleArithmetic(operator: Operator, a: number, b: number): JavaNumber | null {
  switch (operator) {
    case "+":
      return double(a + b);
    case "-":
      return double(a - b);
    case "*":
      return double(a * b);
    case "/":
      return b === 0 ? null : double(a / b);
    case "%":
      return b === 0 ? null : double(a % b);
  }
}

/** A Float with a whole number or another Float. */
function floatArithmetic(operator: Operator, left: JavaNumber, right: JavaNumber): JavaNumber | null {
  const result = doubleArithmetic(operator, Math.fround(toDouble(left)), Math.fround(toDouble(right)));
  return result === null ? null : new JavaFloat(toDouble(result));
}

function decimalArithmetic(operator: Operator, a: JavaBigDecimal, b: JavaBigDecimal): JavaNumber | null {
  const scale = Math.max(a.scale, b.scale);
  const x = a.unscaled * 10n ** BigInt(scale - a.scale);
  const y = b.unscaled * 10n ** BigInt(scale - b.scale);
  switch (operator) {
    case "+":
      return new JavaBigDecimal(bounded(x + y), scale);
    case "-":
      return new JavaBigDecimal(bounded(x - y), scale);
    case "*":
      return new JavaBigDecimal(bounded(a.unscaled * b.unscaled), a.scale + b.scale);
    case "/":
      return b.unscaled === 0n ? null : new JavaBigDecimal(bounded(halfDown(x * 10n ** BigInt(a.scale), y)), a.scale);
    case "%":
      if (b.unscaled === 0n) return null;
      throw new RangeError("Cannot calculate the modulo of BigDecimals.");
  }
}

/** Quotient rounded to the nearest, a half towards zero. */
function halfDown(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  const rest = (a % b) * 2n;
  const past = (rest < 0n ? -rest : rest) > (b < 0n ? -b : b);
  return past ? quotient + (a < 0n === b < 0n ? 1n : -1n) : quotient;
}

/** `new BigDecimal(double)`: the exact value of the binary fraction. */
function toDecimal(value: JavaNumber): JavaBigDecimal {
  if (value instanceof JavaBigDecimal) return value;
  if (value instanceof JavaBigInteger) return new JavaBigDecimal(value.value, 0);
  let number = toDouble(value);
  if (!Number.isFinite(number)) throw new RangeError("Infinite or NaN");
  let scale = 0;
  while (!Number.isInteger(number)) {
    number *= 2;
    scale++;
  }
  return new JavaBigDecimal(BigInt(number) * 5n ** BigInt(scale), scale);
}

/** MathUtils.compare: below zero, zero or above. */
export function compareNumbers(left: JavaNumber, right: JavaNumber): number {
  if (typeof left === "number" && typeof right === "number") return left < right ? -1 : left > right ? 1 : 0;
  const big = left instanceof JavaBigInteger || right instanceof JavaBigInteger;
  const decimal = left instanceof JavaBigDecimal || right instanceof JavaBigDecimal;
  if (isWhole(left) && isWhole(right)) return order(whole(left), whole(right));
  if (decimal || big) {
    const a = toDecimal(left);
    const b = toDecimal(right);
    return order(a.unscaled * 10n ** BigInt(b.scale), b.unscaled * 10n ** BigInt(a.scale));
  }
  if (!isDouble(left) && !isDouble(right)) return order(Math.fround(toDouble(left)), Math.fround(toDouble(right)));
  return order(toDouble(left), toDouble(right));
}

function order(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `equals` of Java holds: the same class and the same value. */
export function sameNumber(left: JavaNumber, right: JavaNumber): boolean {
  if (typeof left === "number" || typeof right === "number")
    return left === right || (Number.isNaN(left) && Number.isNaN(right));
  if (left instanceof JavaBigDecimal) {
    return right instanceof JavaBigDecimal && left.unscaled === right.unscaled && left.scale === right.scale;
  }
  return left.constructor === right.constructor && Object.is(left.value, (right as typeof left).value);
}

/** `toString()`. */
export function numberText(value: JavaNumber): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value + 0) : doubleText(value);
  if (value instanceof JavaDouble) return doubleText(value.value);
  if (value instanceof JavaFloat) return floatText(value.value);
  if (value instanceof JavaBigDecimal) return decimalText(value);
  return String(value.value);
}

/** BigDecimal.toString for scales of zero and above. */
function decimalText(value: JavaBigDecimal): string {
  const negative = value.unscaled < 0n;
  const digits = String(negative ? -value.unscaled : value.unscaled);
  const sign = negative ? "-" : "";
  if (value.scale === 0) return sign + digits;
  const exponent = digits.length - 1 - value.scale;
  if (exponent < -6) {
    const rest = digits.slice(1);
    return `${sign}${digits[0]}${rest === "" ? "" : `.${rest}`}E${exponent}`;
  }
  const padded = digits.padStart(value.scale + 1, "0");
  return `${sign}${padded.slice(0, -value.scale)}.${padded.slice(-value.scale)}`;
}
