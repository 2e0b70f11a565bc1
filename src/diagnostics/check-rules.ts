import type { Rule } from "./rule.js";

export const checkRules = {} as const satisfies Record<string, Rule>;
