import type { Budget } from "../budget.js";
import { JavaCollection, JavaMap } from "./collections.js";
import { isNumber, numberText } from "./numbers.js";
import { innerText } from "./text.js";
import type { Value } from "./value.js";

/** Compact JSON of a value, as API Gateway prints arrays and `$input.json` (aws-behaviour 14.2). */
export function jsonText(value: Value, budget: Budget, depth = 0): string {
  if (typeof value === "string") return quoted(value);
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isNumber(value)) return numberText(value);
  budget.depth(depth);
  if (value instanceof JavaMap) return mapText(value, budget, depth);
  if (value instanceof JavaCollection) return listText(value, budget, depth);
  return quoted(innerText(value, budget, depth));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape.
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text without special characters needs no look at each of them. */
function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function listText(list: JavaCollection, budget: Budget, depth: number): string {
  const { items } = list;
  budget.step(1 + items.length);
  let out = "[";
  for (let i = 0; i < items.length; i++) {
    if (i > 0) out += ",";
    out += jsonText(items[i] ?? null, budget, depth + 1);
    if (out.length > budget.limits.textLength) budget.length(out.length);
  }
  return `${out}]`;
}

function mapText(map: JavaMap, budget: Budget, depth: number): string {
  const { entries } = map;
  budget.step(1 + entries.size);
  let out = "{";
  for (const [key, value] of entries) {
    if (out.length > 1) out += ",";
    out += `${quoted(innerText(key, budget, depth + 1))}:${jsonText(value, budget, depth + 1)}`;
    if (out.length > budget.limits.textLength) budget.length(out.length);
  }
  return `${out}}`;
}
