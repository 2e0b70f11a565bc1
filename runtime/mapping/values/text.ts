import type { Budget } from "../budget.js";
import { numberText } from "./numbers.js";
import { JavaObject, type Value } from "./value.js";

/** `toString()` of a value that stands inside another one: null shows as `null`. */
export function innerText(value: Value, budget: Budget, depth: number): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof JavaObject) return value.toText(budget, depth) ?? "null";
  return numberText(value);
}

/** `toString()` of a value: null where there is none. */
export function textOf(value: Value, budget: Budget): string | null {
  if (typeof value === "string") return value;
  if (value === null) return null;
  if (typeof value === "number") return numberText(value);
  if (value instanceof JavaObject) return value.toText(budget, 0);
  return typeof value === "boolean" ? (value ? "true" : "false") : numberText(value);
}

/** Joins the texts of many values, stopping as soon as the whole is too long. */
export class TextBuilder {
  #text = "";

  constructor(readonly budget: Budget) {}

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > this.budget.limits.textLength) this.budget.length(this.#text.length);
    else this.budget.step();
  }

  get text(): string {
    return this.#text;
  }
}
