import * as helpers from "../../runtime/validation/index.js";
import type { ValidatorSource } from "./validator.js";

export type Validator = (value: unknown) => string | undefined;

/**
 * Runs generated validators in this process, for tests and vectors. The generated gateway never does this; it has the
 * code in its bundle.
 */
export function loadValidators(source: ValidatorSource): ReadonlyMap<string, Validator> {
  const names = [...source.code.matchAll(/^export function (\w+)/gm)].map((match) => match[1] ?? "");
  const body = `${source.code.replace(/^export /gm, "")}\nreturn { ${names.join(", ")} };`;
  const make = new Function(...source.helpers, `"use strict";\n${body}`) as (
    ...values: unknown[]
  ) => Record<string, Validator>;
  const values = new Map<string, unknown>(Object.entries(helpers));
  return new Map(Object.entries(make(...source.helpers.map((name) => values.get(name)))));
}
