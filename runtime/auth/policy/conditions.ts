import { operators, type ValueTest } from "./operators.js";
import { type PolicyContext, PolicyError } from "./policy.js";
import { policyText } from "./variables.js";

/** Whether a `Condition` block holds; all of its operators and keys must. */
export type ConditionTest = (context: PolicyContext) => boolean;

/**
 * Compiles a `Condition` block.
 *
 * @throws PolicyError  unknown operator, or a value of another type
 * @see IAM user guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys"
 */
export function compileConditions(block: unknown, hasVariables: boolean): readonly ConditionTest[] {
  if (block === undefined) return [];
  const tests: ConditionTest[] = [];
  for (const [operator, keys] of membersOf(block, "Condition")) {
    for (const [key, values] of membersOf(keys, operator)) {
      tests.push(compileCondition(operator, key.toLowerCase(), textsOf(values, `${operator} ${key}`), hasVariables));
    }
  }
  return tests;
}

function compileCondition(name: string, key: string, values: readonly string[], hasVariables: boolean): ConditionTest {
  const [, set, base = "", ifExists] = /^(ForAnyValue:|ForAllValues:)?(.*?)(IfExists)?$/.exec(name) ?? [];
  if (base === "Null") {
    if (set !== undefined || ifExists !== undefined) throw new PolicyError(`there is no condition operator "${name}"`);
    return nullTest(key, values);
  }
  const operator = operators.get(base);
  if (operator === undefined) throw new PolicyError(`there is no condition operator "${name}"`);
  const tests = values.map((value) => operator.test(policyText(value, hasVariables)));
  const { isNegated } = operator;
  const matches = (given: string, context: PolicyContext) => matchesOne(tests, given, context) !== isNegated;
  const whenAbsent = ifExists !== undefined || (set === undefined ? isNegated : set === "ForAllValues:");
  return (context) => {
    const given = context.get(key);
    if (given === undefined || given.length === 0) return given === "" ? matches("", context) : whenAbsent;
    if (typeof given === "string") return matches(given, context);
    // Without a set operator a negated comparison wants none of the values to match, the others any of them.
    const wantsAll = set === undefined ? isNegated : set === "ForAllValues:";
    return wantsAll ? given.every((value) => matches(value, context)) : given.some((value) => matches(value, context));
  };
}

function matchesOne(tests: readonly ValueTest[], given: string, context: PolicyContext): boolean {
  for (const test of tests) if (test(given, context)) return true;
  return false;
}

function nullTest(key: string, values: readonly string[]): ConditionTest {
  const wanted = values.map((value) => {
    if (value !== "true" && value !== "false") throw new PolicyError(`Null is "true" or "false", not "${value}"`);
    return value === "true";
  });
  return (context) => {
    const given = context.get(key);
    const isAbsent = given === undefined || (typeof given !== "string" && given.length === 0);
    return wanted.includes(isAbsent);
  };
}

/** Members of an object, as pairs. @throws PolicyError when it is none */
export function membersOf(value: unknown, what: string): readonly [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError(`${what} has to be an object`);
  }
  return Object.entries(value);
}

/** A text or a list of texts; numbers and truth values count as texts. @throws PolicyError */
export function textsOf(value: unknown, what: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyError(`${what} is empty`);
  return list.map((item) => {
    if (typeof item === "string") return item;
    if (typeof item === "number" || typeof item === "boolean") return String(item);
    throw new PolicyError(`${what} has to be a text or a list of texts`);
  });
}
