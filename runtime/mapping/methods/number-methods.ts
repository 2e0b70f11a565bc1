import { methodError } from "../template-error.js";
import { equalValues, hashOf } from "../values/equality.js";
import {
  compareNumbers,
  double,
  JavaFloat,
  JavaLong,
  type JavaNumber,
  numberText,
  toDouble,
  toInt,
  toLong,
} from "../values/numbers.js";
import { JavaChar, type Value } from "../values/value.js";
import { int, type Method, type MethodTable, methodTable, number, text, wrongClass } from "./signature.js";
import { isWhite } from "./string-methods.js";

/** `java.lang.Number` and what Integer, Long and Double add alike. */
export const numberMethods = methodTable<JavaNumber>({
  "intValue()": (self) => toInt(self),
  "longValue()": (self) => toLong(self),
  "doubleValue()": (self) => double(toDouble(self)),
  "floatValue()": (self) => new JavaFloat(toDouble(self)),
  "shortValue()": (self) => (toInt(self) << 16) >> 16,
  "byteValue()": (self) => (toInt(self) << 24) >> 24,
  "toString()": (self) => numberText(self),
  "equals(Object)": (self, [other]) => equalValues(self, other ?? null),
  "hashCode()": (self, _args, budget) => hashOf(self, budget),
});

/** `java.lang.Integer`, its static methods included: Velocity calls those on a value. */
export const integerMethods: MethodTable<JavaNumber> = methodTable<JavaNumber>(
  {
    "compareTo(Integer)": (self, [other]) => compareNumbers(self, number(other)),
    "compareTo(Object)": wrongClass,
    "hashCode(int)": (_self, [value], budget) => hashOf(int(value), budget),
    "parseInt(String)": (_self, [digits]) => parseInt32(text(digits), 10),
    "parseInt(String,int)": (_self, [digits, radix]) => parseInt32(text(digits), int(radix)),
    "valueOf(int)": (_self, [value]) => value ?? null,
    "valueOf(String)": (_self, [digits]) => parseInt32(text(digits), 10),
    "valueOf(String,int)": (_self, [digits, radix]) => parseInt32(text(digits), int(radix)),
    "toString(int)": (_self, [value]) => String(int(value)),
    "toString(int,int)": (_self, [value, radix]) => int(value).toString(radixOf(int(radix))),
    "toHexString(int)": (_self, [value]) => (int(value) >>> 0).toString(16),
    "toOctalString(int)": (_self, [value]) => (int(value) >>> 0).toString(8),
    "toBinaryString(int)": (_self, [value]) => (int(value) >>> 0).toString(2),
    "max(int,int)": (_self, [a, b]) => Math.max(int(a), int(b)),
    "min(int,int)": (_self, [a, b]) => Math.min(int(a), int(b)),
    "sum(int,int)": (_self, [a, b]) => (int(a) + int(b)) | 0,
    "compare(int,int)": (_self, [a, b]) => compareNumbers(int(a), int(b)),
    "signum(int)": (_self, [a]) => Math.sign(int(a)),
    "bitCount(int)": (_self, [a]) => (int(a) >>> 0).toString(2).replaceAll("0", "").length,
    "reverse(int)": (_self, [a]) =>
      Number.parseInt((int(a) >>> 0).toString(2).padStart(32, "0").split("").reverse().join(""), 2) | 0,
  },
  numberMethods,
);

/** `java.lang.Long`. */
export const longMethods: MethodTable<JavaNumber> = methodTable<JavaNumber>(
  {
    "compareTo(Long)": (self, [other]) => compareNumbers(self, number(other)),
    "compareTo(Object)": wrongClass,
    "hashCode(long)": (_self, [value], budget) => hashOf(toLong(number(value)), budget),
    "parseLong(String)": (_self, [digits]) => parseInt64(text(digits)),
    "valueOf(long)": (_self, [value]) => toLong(number(value)),
    "valueOf(String)": (_self, [digits]) => parseInt64(text(digits)),
    "parseLong(String,int)": (_self, [digits, radix]) => parseInt64(text(digits), int(radix)),
    "toHexString(long)": (_self, [value]) => BigInt.asUintN(64, toLong(number(value)).value).toString(16),
    "toOctalString(long)": (_self, [value]) => BigInt.asUintN(64, toLong(number(value)).value).toString(8),
    "toBinaryString(long)": (_self, [value]) => BigInt.asUintN(64, toLong(number(value)).value).toString(2),
    "sum(long,long)": (_self, [a, b]) =>
      new JavaLong(BigInt.asIntN(64, toLong(number(a)).value + toLong(number(b)).value)),
    "compare(long,long)": (_self, [a, b]) => compareNumbers(number(a), number(b)),
    "signum(long)": (_self, [a]) => Math.sign(toDouble(number(a))),
    "toString(long,int)": (_self, [value, radix]) => toLong(number(value)).value.toString(radixOf(int(radix))),
    "toString(long)": (_self, [value]) => numberText(number(value)),
    "max(long,long)": (_self, [a, b]) => toLong(compareNumbers(number(a), number(b)) >= 0 ? number(a) : number(b)),
    "min(long,long)": (_self, [a, b]) => toLong(compareNumbers(number(a), number(b)) <= 0 ? number(a) : number(b)),
  },
  numberMethods,
);

/** `java.lang.Double`. */
export const doubleMethods: MethodTable<JavaNumber> = methodTable<JavaNumber>(
  {
    "compareTo(Double)": (self, [other]) => compareNumbers(self, number(other)),
    "compareTo(Object)": wrongClass,
    "hashCode(double)": (_self, [value], budget) => hashOf(double(toDouble(number(value))), budget),
    "isNaN()": (self) => Number.isNaN(toDouble(self)),
    "isInfinite()": (self) => Math.abs(toDouble(self)) === Number.POSITIVE_INFINITY,
    "isNaN(double)": (_self, [value]) => Number.isNaN(toDouble(number(value))),
    "isInfinite(double)": (_self, [value]) => Math.abs(toDouble(number(value))) === Number.POSITIVE_INFINITY,
    "parseDouble(String)": (_self, [digits]) => parseDouble(text(digits)),
    "valueOf(double)": (_self, [value]) => double(toDouble(number(value))),
    "valueOf(String)": (_self, [digits]) => parseDouble(text(digits)),
    "toString(double)": (_self, [value]) => numberText(double(toDouble(number(value)))),
    "max(double,double)": (_self, [a, b]) => double(Math.max(toDouble(number(a)), toDouble(number(b)))),
    "min(double,double)": (_self, [a, b]) => double(Math.min(toDouble(number(a)), toDouble(number(b)))),
    "sum(double,double)": (_self, [a, b]) => double(toDouble(number(a)) + toDouble(number(b))),
    "compare(double,double)": (_self, [a, b]) => compareNumbers(toDouble(number(a)), toDouble(number(b))),
  },
  numberMethods,
);

/** `java.lang.Float`. */
export const floatMethods: MethodTable<JavaNumber> = methodTable<JavaNumber>(
  {
    "compareTo(Float)": (self, [other]) => compareNumbers(self, number(other)),
    "compareTo(Object)": wrongClass,
    "isNaN()": (self) => Number.isNaN(toDouble(self)),
    "isInfinite()": (self) => Math.abs(toDouble(self)) === Number.POSITIVE_INFINITY,
    "parseFloat(String)": (_self, [digits]) => new JavaFloat(toDouble(parseDouble(text(digits)))),
    "valueOf(String)": (_self, [digits]) => new JavaFloat(toDouble(parseDouble(text(digits)))),
  },
  numberMethods,
);

/** `java.lang.Boolean`. */
export const booleanMethods: MethodTable<boolean> = methodTable<boolean>({
  "booleanValue()": (self) => self,
  "toString()": (self) => String(self),
  "equals(Object)": (self, [other]) => self === other,
  "compareTo(Boolean)": (self, [other]) => {
    if (typeof other !== "boolean") throw methodError("NullPointerException");
    return Number(self) - Number(other);
  },
  "compareTo(Object)": wrongClass,
  "hashCode(boolean)": (_self, [value]) => (value === true ? 1231 : 1237),
  "hashCode()": (self) => (self ? 1231 : 1237),
  "parseBoolean(String)": (_self, [word]) => typeof word === "string" && word.toLowerCase() === "true",
  "valueOf(boolean)": (_self, [value]) => value ?? null,
  "valueOf(String)": (_self, [word]) => typeof word === "string" && word.toLowerCase() === "true",
  "toString(boolean)": (_self, [value]) => String(value),
  "compare(boolean,boolean)": (_self, [a, b]) => Number(a) - Number(b),
  "logicalAnd(boolean,boolean)": (_self, [a, b]) => a === true && b === true,
  "logicalOr(boolean,boolean)": (_self, [a, b]) => a === true || b === true,
  "logicalXor(boolean,boolean)": (_self, [a, b]) => a !== b,
});

/** `java.lang.Character`. */
export const charMethods: MethodTable<JavaChar> = methodTable<JavaChar>({
  "charValue()": (self) => self,
  "toString()": (self) => self.value,
  "equals(Object)": (self, [other]) => other instanceof JavaChar && other.value === self.value,
  "hashCode()": (self) => self.value.charCodeAt(0),
  "compareTo(Character)": (self, [other]) => self.value.charCodeAt(0) - charOf(other).value.charCodeAt(0),
  "compareTo(Object)": wrongClass,
  ...classTests({ isDigit: /^\p{Nd}$/u, isLetter: /^\p{L}$/u, isLetterOrDigit: /^[\p{L}\p{Nd}]$/u }),
  ...classTests({ isUpperCase: /^\p{Lu}$/u, isLowerCase: /^\p{Ll}$/u, isAlphabetic: /^\p{Alphabetic}$/u }),
  "isWhitespace(char)": (_self, [char]) => isWhite(charOf(char).value.charCodeAt(0)),
  "isWhitespace(int)": (_self, [code]) => isWhite(int(code)),
  ...classTests({ isSpaceChar: /^\p{Z}$/u }),
  "toUpperCase(char)": (_self, [char]) => new JavaChar(charOf(char).value.toUpperCase().slice(0, 1)),
  "toLowerCase(char)": (_self, [char]) => new JavaChar(charOf(char).value.toLowerCase().slice(0, 1)),
  "toUpperCase(int)": (_self, [code]) => codeText(int(code)).toUpperCase().codePointAt(0) ?? int(code),
  "toLowerCase(int)": (_self, [code]) => codeText(int(code)).toLowerCase().codePointAt(0) ?? int(code),
  "getNumericValue(char)": (_self, [char]) => {
    const value = Number.parseInt(charOf(char).value, 36);
    return Number.isNaN(value) ? -1 : value;
  },
  "hashCode(char)": (_self, [char]) => charOf(char).value.charCodeAt(0),
  "toString(char)": (_self, [char]) => charOf(char).value,
  "valueOf(char)": (_self, [char]) => char ?? null,
});

/** Tests of a class of characters, each for a char and for a code point. */
function classTests(patterns: Readonly<Record<string, RegExp>>): Record<string, Method<JavaChar>["call"]> {
  const tests = Object.entries(patterns).flatMap(([name, pattern]): [string, Method<JavaChar>["call"]][] => [
    [`${name}(char)`, (_self, [char]) => pattern.test(charOf(char).value)],
    [`${name}(int)`, (_self, [code]) => pattern.test(codeText(int(code)))],
  ]);
  return Object.fromEntries(tests);
}

function codeText(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function charOf(value: Value | undefined): JavaChar {
  if (value instanceof JavaChar) return value;
  throw methodError("NullPointerException");
}

function radixOf(radix: number): number {
  return radix >= 2 && radix <= 36 ? radix : 10;
}

function parseInt32(digits: string, radix: number): number {
  const value = wholeOf(digits, radix);
  if (value === undefined || value < -2147483648n || value > 2147483647n)
    throw methodError(`NumberFormatException: "${digits}"`);
  return Number(value);
}

function parseInt64(digits: string, radix = 10): JavaLong {
  const value = wholeOf(digits, radix);
  if (value === undefined || value < -(2n ** 63n) || value >= 2n ** 63n)
    throw methodError(`NumberFormatException: "${digits}"`);
  return new JavaLong(value);
}

function wholeOf(digits: string, radix: number): bigint | undefined {
  if (digits.length > 80 || radix < 2 || radix > 36) return undefined;
  const match = /^([+-]?)([0-9a-z]+)$/i.exec(digits);
  if (match === null) return undefined;
  let value = 0n;
  for (const digit of match[2] ?? "") {
    const number = Number.parseInt(digit, radix);
    if (Number.isNaN(number)) return undefined;
    value = value * BigInt(radix) + BigInt(number);
  }
  return match[1] === "-" ? -value : value;
}

function parseDouble(digits: string): JavaNumber {
  const trimmed = digits.trim();
  if (!/^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/.test(trimmed)) {
    throw methodError(`NumberFormatException: "${digits}"`);
  }
  return double(Number(trimmed.replace(/[fFdD]$/, "")));
}
