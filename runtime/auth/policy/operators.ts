import { isInBlock, parseAddress, parseBlock } from "./addresses.js";
import { type PolicyContext, PolicyError } from "./policy.js";
import type { PolicyText } from "./variables.js";
import { patternParts, wildcardMatcher } from "./wildcards.js";

/** Whether one value of the request matches one value of the policy. */
export type ValueTest = (given: string, context: PolicyContext) => boolean;

export interface Operator {
  /** True for `StringNotEquals` and its like: none of the policy's values may match. */
  readonly isNegated: boolean;
  /** @throws PolicyError when the policy's value is none of this type */
  readonly test: (wanted: PolicyText) => ValueTest;
}

/** Every condition operator but `Null`, which asks for no value. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair("StringEquals", "StringNotEquals", byText(equals)),
  ...pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", byText(equalsIgnoringCase)),
  ...pair("StringLike", "StringNotLike", like),
  ...pair(
    "NumericEquals",
    "NumericNotEquals",
    byOrder(numberOf, (order) => order === 0),
  ),
  ...ordered("Numeric", numberOf),
  ...pair(
    "DateEquals",
    "DateNotEquals",
    byOrder(dateOf, (order) => order === 0),
  ),
  ...ordered("Date", dateOf),
  ["Bool", { isNegated: false, test: byText(equalsIgnoringCase) }],
  ["BinaryEquals", { isNegated: false, test: byText(equals) }],
  ...pair("IpAddress", "NotIpAddress", inBlock),
  ...pair("ArnEquals", "ArnNotEquals", arnLike),
  ...pair("ArnLike", "ArnNotLike", arnLike),
]);

function pair(name: string, negated: string, test: Operator["test"]): readonly [string, Operator][] {
  return [
    [name, { isNegated: false, test }],
    [negated, { isNegated: true, test }],
  ];
}

function ordered(type: string, read: (text: string) => number): readonly [string, Operator][] {
  const entry = (name: string, holds: (order: number) => boolean): [string, Operator] => [
    `${type}${name}`,
    { isNegated: false, test: byOrder(read, holds) },
  ];
  return [
    entry("LessThan", (order) => order < 0),
    entry("LessThanEquals", (order) => order <= 0),
    entry("GreaterThan", (order) => order > 0),
    entry("GreaterThanEquals", (order) => order >= 0),
  ];
}

function byText(compare: (given: string, wanted: string) => boolean): Operator["test"] {
  return (wanted) => {
    if (!wanted.isFixed) {
      return (given, context) => {
        const value = wanted.value(context);
        return value !== undefined && compare(given, value);
      };
    }
    const fixed = wanted.value(noContext) as string;
    return (given) => compare(given, fixed);
  };
}

const noContext: PolicyContext = { get: () => undefined };

function equals(given: string, wanted: string): boolean {
  return given === wanted;
}

function equalsIgnoringCase(given: string, wanted: string): boolean {
  return given.toLowerCase() === wanted.toLowerCase();
}

function like(wanted: PolicyText): ValueTest {
  if (wanted.isFixed) return wildcardMatcher(wanted.parts(noContext) ?? []);
  return (given, context) => {
    const parts = wanted.parts(context);
    return parts !== undefined && wildcardMatcher(parts)(given);
  };
}

/** @param read  NaN for what is no value of the type: it is neither less, equal nor greater */
function byOrder(read: (text: string) => number, holds: (order: number) => boolean): Operator["test"] {
  const compare = (given: string, wanted: number) => {
    const order = read(given) - wanted;
    return !Number.isNaN(order) && holds(order);
  };
  return (text) => {
    if (!text.isFixed) return (given, context) => compare(given, read(text.value(context) ?? ""));
    const value = text.value(noContext) as string;
    const wanted = read(value);
    if (Number.isNaN(wanted)) throw new PolicyError(`"${value}" is no value of this condition`);
    return (given) => compare(given, wanted);
  };
}

function numberOf(text: string): number {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** ISO 8601, or seconds since the epoch (IAM user guide, "Date condition operators"). */
function dateOf(text: string): number {
  if (/^\d+$/.test(text) && text.length !== 4) return Number(text) * 1_000;
  return /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/.test(text)
    ? Date.parse(isZoned.test(text) || !text.includes("T") ? text : `${text}Z`)
    : Number.NaN;
}

const isZoned = /(?:Z|[+-]\d\d:?\d\d)$/;

function inBlock(text: PolicyText): ValueTest {
  if (!text.isFixed) {
    return (given, context) => {
      const block = parseBlock(text.value(context) ?? "");
      const address = parseAddress(given);
      return block !== undefined && address !== undefined && isInBlock(address, block);
    };
  }
  const value = text.value(noContext) as string;
  const block = parseBlock(value);
  if (block === undefined) throw new PolicyError(`"${value}" is no address and no address block`);
  return (given) => {
    const address = parseAddress(given);
    return address !== undefined && isInBlock(address, block);
  };
}

/** The six parts of an ARN are compared one by one: a wildcard does not cross a colon but in the last. */
function arnLike(text: PolicyText): ValueTest {
  const fixed = text.isFixed ? arnMatchers(text.value(noContext) as string) : undefined;
  return (given, context) => {
    const matchers = fixed ?? arnMatchers(text.value(context) ?? "");
    const parts = arnParts(given);
    return parts.length === matchers.length && matchers.every((matches, at) => matches(parts[at] as string));
  };
}

function arnMatchers(pattern: string) {
  return arnParts(pattern).map((part) => wildcardMatcher(patternParts(part)));
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
