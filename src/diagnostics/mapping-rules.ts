import type { Rule } from "./rule.js";

export const mappingRules = {} as const satisfies Record<string, Rule>;
