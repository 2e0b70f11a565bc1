import type { Budget } from "../budget.js";
import { JavaCollection, JavaMap } from "./collections.js";
import { isNumber, numberText } from "./numbers.js";
import { innerText, TextBuilder } from "./text.js";
import type { Value } from "./value.js";

/** Compact JSON of a value, as API Gateway prints arrays and `$input.json` (aws-behaviour 14.2). */
export function jsonText(value: Value, budget: Budget, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isNumber(value)) return numberText(value);
  budget.depth(depth);
  if (value instanceof JavaMap) return mapText(value, budget, depth);
  if (value instanceof JavaCollection) return listText(value, budget, depth);
  return JSON.stringify(innerText(value, budget, depth));
}

function listText(list: JavaCollection, budget: Budget, depth: number): string {
  const out = new TextBuilder(budget);
  out.add("[");
  list.items.forEach((item, index) => {
    if (index > 0) out.add(",");
    out.add(jsonText(item, budget, depth + 1));
  });
  out.add("]");
  return out.text;
}

function mapText(map: JavaMap, budget: Budget, depth: number): string {
  const out = new TextBuilder(budget);
  out.add("{");
  let first = true;
  for (const [key, value] of map.entries) {
    if (!first) out.add(",");
    first = false;
    out.add(JSON.stringify(innerText(key, budget, depth + 1)));
    out.add(":");
    out.add(jsonText(value, budget, depth + 1));
  }
  out.add("}");
  return out.text;
}
