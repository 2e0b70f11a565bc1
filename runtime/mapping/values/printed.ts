import type { Budget } from "../budget.js";
import { JavaMap } from "./collections.js";
import { textOf } from "./text.js";
import type { Value } from "./value.js";

/**
 * A map inside `$context` (`identity`, `requestOverride` …). Printed by itself it shows nothing, as AWS was recorded to
 * do (aws-behaviour 14.5); as part of `$context` it prints as any map.
 */
export class ContextMap extends JavaMap {}

/** What a reference prints: nothing for null. */
export function printedText(value: Value, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value instanceof ContextMap) return "";
  return textOf(value, budget) ?? "";
}
