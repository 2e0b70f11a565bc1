import { expressionRules } from "./expression-rules.js";
import type { Rule } from "./rule.js";

/** What can be wrong with the meaning of a file that has the right shape. */
export const checkRules = { ...expressionRules } as const satisfies Record<string, Rule>;
