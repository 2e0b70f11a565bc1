import type { JsonPath } from "../jsonpath/path.js";

/** What only the evaluator of paths can answer. */
export const otherPath = Symbol("a path with more than names and indexes");

/** What JSON.parse gives. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * Value at a path of names and indexes in what JSON.parse gave, as `readPath` has it in a template's values, which need
 * not be made: for those who read and change nothing.
 *
 * @returns undefined where there is none
 */
export function plainAt(root: Plain, { steps, definite }: JsonPath): Plain | undefined | typeof otherPath {
  if (!definite) return otherPath;
  let value: Plain | undefined = root;
  for (const step of steps) {
    if (step.kind === "names" && step.names.length === 1) value = memberOf(value, step.names[0] as string);
    else if (step.kind === "indexes") value = itemOf(value, step.indexes[0] as number);
    else return otherPath;
    if (value === undefined) return undefined;
  }
  return value;
}

function memberOf(value: Plain, name: string): Plain | undefined {
  if (typeof value !== "object" || value === null || isList(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function itemOf(value: Plain, index: number): Plain | undefined {
  if (!isList(value)) return undefined;
  return value[index < 0 ? value.length + index : index];
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
