import type { Rule } from "./rule.js";

export const syntaxRules = {} as const satisfies Record<string, Rule>;
