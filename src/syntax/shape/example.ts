import { quoted } from "../yaml/repair.js";
import type { Place } from "./shape.js";

/** Longer ones, and those of several lines, show nothing at a glance. */
const longestExample = 100;

/** The place of a value among the user's own names: the example of the whole map shows it by its first entry. */
export function exampleInside(example: unknown): unknown {
  return isObject(example) ? Object.values(example)[0] : undefined;
}

/** For the help of a diagnostic: `for example throttle: { rate: 1000, burst: 2000 }`. */
export function exampleHelp({ owner, example }: Pick<Place, "owner" | "example">): string | undefined {
  return owner && example !== undefined ? helpOf(owner.text, example) : undefined;
}

/** As `exampleHelp`, of a key that is not there. */
export function helpOf(name: string, example: unknown): string | undefined {
  const text = `${name}: ${flowText(example)}`;
  return text.length > longestExample || text.includes("\n") ? undefined : `for example ${text}`;
}

/** JSON as YAML on one line. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${scalarText(name)}: ${flowText(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return typeof value === "string" ? scalarText(value) : String(value);
}

function scalarText(text: string): string {
  const isPlain = /^(?:[A-Za-z$/.][\w ./$@+-]*|\d+[a-z]+)$/.test(text) && !/ $|^(?:true|false|null)$/.test(text);
  return isPlain ? text : quoted(text);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
