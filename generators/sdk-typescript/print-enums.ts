import { printPlanned } from "../emit/code-literal.js";
import type { Enumeration } from "./plan.js";

/** `enums.js`: the values of enumerations, for lists of choices and checks at run time. */
export function printEnums(enumerations: readonly Enumeration[]): string {
  return enumerations
    .map(({ name, values }) => `export const ${name} = /* @__PURE__ */ Object.freeze(${printPlanned(values)});\n`)
    .join("\n");
}

export function printEnumTypes(enumerations: readonly Enumeration[]): string {
  return enumerations
    .map(
      ({ name, model, values }) =>
        `/** The values of \`${model}\`, frozen. */\nexport declare const ${name}: readonly ${printPlanned(values)};\n`,
    )
    .join("\n");
}
