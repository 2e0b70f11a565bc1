import { methodError } from "../template-error.js";
import { compareNumbers, JavaBigInteger, JavaLong, type JavaNumber, toDouble } from "../values/numbers.js";
import type { Value } from "../values/value.js";
import { numberMethods } from "./number-methods.js";
import { int, type MethodTable, methodTable, number, wrongClass } from "./signature.js";

/** No result has more digits than one of Velocity's own arithmetic. */
const largest = 10n ** 2000n;

const comparing = methodTable<JavaNumber>(
  {
    "compareTo(Object)": (self, [other]) =>
      self.constructor === (other as object | null)?.constructor
        ? compareNumbers(self, other as JavaNumber)
        : wrongClass(),
    "signum()": (self) => Math.sign(toDouble(self)),
  },
  numberMethods,
);

/** `java.math.BigDecimal`: what all numbers have, and comparison. */
export const decimalMethods: MethodTable<JavaNumber> = comparing;

/** `java.math.BigInteger`. */
export const bigIntegerMethods: MethodTable<JavaNumber> = methodTable<JavaNumber>(
  {
    "abs()": (self) => made(size(big(self))),
    "negate()": (self) => made(-big(self)),
    "add(BigInteger)": (self, [other]) => made(big(self) + big(other)),
    "subtract(BigInteger)": (self, [other]) => made(big(self) - big(other)),
    "multiply(BigInteger)": (self, [other]) => made(big(self) * big(other)),
    "divide(BigInteger)": (self, [other]) => made(big(self) / divisor(other)),
    "remainder(BigInteger)": (self, [other]) => made(big(self) % divisor(other)),
    "mod(BigInteger)": (self, [other]) => {
      const by = big(other);
      if (by <= 0n) throw methodError("ArithmeticException: BigInteger: modulus not positive");
      return made(((big(self) % by) + by) % by);
    },
    "max(BigInteger)": (self, [other]) => made(big(self) >= big(other) ? big(self) : big(other)),
    "min(BigInteger)": (self, [other]) => made(big(self) <= big(other) ? big(self) : big(other)),
    "gcd(BigInteger)": (self, [other]) => made(greatestDivisor(size(big(self)), size(big(other)))),
    "pow(int)": (self, [exponent]) => power(big(self), int(exponent)),
    "bitLength()": (self) => {
      const value = big(self);
      const bits = value < 0n ? -value - 1n : value;
      return bits === 0n ? 0 : bits.toString(2).length;
    },
    "toString(int)": (self, [radix]) => big(self).toString(int(radix) >= 2 && int(radix) <= 36 ? int(radix) : 10),
    "valueOf(long)": (_self, [value]) => made(BigInt(wholeOf(number(value)))),
  },
  comparing,
);

function made(value: bigint): Value {
  if (size(value) > largest) throw methodError("a number has more than 2,000 digits");
  return new JavaBigInteger(value);
}

function big(value: Value | undefined): bigint {
  if (value instanceof JavaBigInteger) return value.value;
  throw methodError("NullPointerException");
}

function wholeOf(value: JavaNumber): bigint | number {
  return value instanceof JavaLong ? value.value : toDouble(value);
}

function divisor(value: Value | undefined): bigint {
  const by = big(value);
  if (by === 0n) throw methodError("ArithmeticException: BigInteger divide by zero");
  return by;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

function power(base: bigint, exponent: number): Value {
  if (exponent < 0) throw methodError("ArithmeticException: Negative exponent");
  if (base.toString().length * exponent > 4000 && size(base) > 1n)
    throw methodError("a number has more than 2,000 digits");
  return made(base ** BigInt(exponent));
}
