import type { Rule } from "./rule.js";

export const modelRules = {} as const satisfies Record<string, Rule>;
