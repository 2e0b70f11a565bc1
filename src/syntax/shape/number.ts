import type { Node, ScalarNode } from "../tree.js";
import type { BooleanValue, NumberValue } from "../values-syntax.js";
import { type JsonSchema, type Place, reportWrongType, type Shape } from "./shape.js";

interface NumberRange {
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
}

export function number(range: NumberRange = {}, expected = "a number"): Shape<NumberValue> {
  return {
    expected,
    schema: () => numberSchema(range),
    read(node, place) {
      if (node.kind === "scalar" && typeof node.value === "number") return inRange(node, node.value, range, place);
      if (node.kind === "scalar" && reportNumberText(node, place)) return undefined;
      reportWrongType(node, expected, place);
      return undefined;
    },
  };
}

export function integer(min: number, max?: number): Shape<NumberValue> {
  return number({ integer: true, min, ...(max === undefined ? {} : { max }) }, "a whole number");
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A whole number of `unit`, or a text with its own unit: `500ms`, `29s`, `5m`, `1h`. The value is in `unit`. */
export function duration(unit: "ms" | "s", range: NumberRange = {}): Shape<NumberValue> {
  const name = unit === "ms" ? "milliseconds" : "seconds";
  const expected = `a whole number of ${name}, or a duration such as ${unit === "ms" ? "29s" : "5m"}`;
  const whole = { integer: true, ...range };
  const plain = number(whole, expected);
  return {
    expected,
    schema: () => ({ anyOf: [numberSchema(whole), { type: "string", pattern: "^\\d{1,9}(ms|s|m|h)$" }] }),
    read(node, place) {
      const match = node.kind === "scalar" && typeof node.value === "string" && /^(\d{1,9})(ms|s|m|h)$/.exec(node.text);
      if (!match || node.kind !== "scalar") return plain.read(node, place);
      const value = (Number(match[1]) * (unitMs[match[2] ?? ""] ?? 1)) / (unitMs[unit] ?? 1);
      return inRange(node, value, whole, place);
    },
  };
}

const booleanWords: Readonly<Record<string, string>> = {
  yes: "true",
  on: "true",
  y: "true",
  no: "false",
  off: "false",
  n: "false",
};

export function boolean(expected = "true or false"): Shape<BooleanValue> {
  return {
    expected,
    schema: () => ({ type: "boolean" }),
    read(node, place) {
      if (node.kind === "scalar" && typeof node.value === "boolean") return { value: node.value, span: node.span };
      const word = node.kind === "scalar" && typeof node.value === "string" ? node.text.toLowerCase() : "";
      const fixed = /^(?:true|false)$/.test(word)
        ? word
        : Object.hasOwn(booleanWords, word)
          ? booleanWords[word]
          : undefined;
      if (fixed === undefined || node.kind !== "scalar") reportWrongType(node, expected, place);
      else {
        place.report("boolean-word", node.span, { text: node.text, fixed }, { fix: { span: node.span, text: fixed } });
      }
      return undefined;
    },
  };
}

function inRange(node: ScalarNode, value: number, range: NumberRange, place: Place): NumberValue | undefined {
  const { report } = place;
  if (node.style === "plain" && /^[-+]?0\d/.test(node.text) && typeof node.value === "number") {
    const fix = { span: node.span, text: String(value) };
    report("number-leading-zero", node.span, { text: node.text, fixed: fix.text }, { fix });
    return undefined;
  }
  const wanted = wantedRange(value, range);
  if (wanted === undefined) return { value, span: node.span };
  report("wrong-number", node.span, { text: node.text, wanted });
  return undefined;
}

function wantedRange(value: number, { integer, min = -Number.MAX_SAFE_INTEGER, max }: NumberRange): string | undefined {
  const kind = integer ? "a whole number" : "a number";
  if (!Number.isFinite(value) || (integer && !Number.isSafeInteger(value))) return kind;
  if (max !== undefined && (value < min || value > max)) return `${kind} from ${min} to ${max}`;
  return value < min ? `${kind} of at least ${min}` : undefined;
}

/** `1_000`, `1,000`, "5": numbers to a person. */
function reportNumberText(node: ScalarNode, { report }: Place): boolean {
  const digits = typeof node.value === "string" ? node.text.replace(/(?<=\d)[_, ](?=\d{3})/g, "") : "";
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(digits)) return false;
  report("number-text", node.span, { text: node.text, fixed: digits }, { fix: { span: node.span, text: digits } });
  return true;
}

function numberSchema({ integer, min, max }: NumberRange): JsonSchema {
  return {
    type: integer ? "integer" : "number",
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}

/** JSON's numbers are doubles to whoever reads them: a whole number that one cannot hold would come out as another. */
export function reportInexactNumbers(node: Node, place: Place): void {
  switch (node.kind) {
    case "map":
      for (const { value } of node.entries) reportInexactNumbers(value, place);
      return;
    case "list":
      for (const item of node.items) reportInexactNumbers(item, place);
      return;
    case "scalar":
      if (typeof node.value !== "number" || isExact(node.value, node.text)) return;
      place.report("inexact-number", node.span, { text: node.text, value: String(node.value) });
  }
}

function isExact(value: number, text: string): boolean {
  if (!Number.isFinite(value)) return false;
  return Number.isSafeInteger(value) || !/^[-+]?\d+$/.test(text) || BigInt(text) === BigInt(value);
}
