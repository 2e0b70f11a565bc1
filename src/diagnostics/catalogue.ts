import { checkCommandRules } from "./check-command-rules.js";
import { checkRules } from "./check-rules.js";
import { importRules } from "./import-rules.js";
import { mappingRules } from "./mapping-rules.js";
import { modelRules } from "./model-rules.js";
import { syntaxRules } from "./syntax-rules.js";

/**
 * Every diagnostic there is, by its stable code. A code never changes its meaning. Each family lives in a file of its
 * own: syntax (text and shape), models (TypeScript declarations), mapping (VTL, expressions, rules), checks (meaning),
 * import (other descriptions).
 */
export const catalogue = {
  ...syntaxRules,
  ...modelRules,
  ...mappingRules,
  ...checkRules,
  ...checkCommandRules,
  ...importRules,
} as const;

export type Code = keyof typeof catalogue;
