import { accessRules } from "./access-rules.js";
import { expressionRules } from "./expression-rules.js";
import { generalRules } from "./general-rules.js";
import { integrationRules } from "./integration-rules.js";
import { routeRules } from "./route-rules.js";
import type { Rule } from "./rule.js";
import { sdkRules } from "./sdk-rules.js";
import { stageRules } from "./stage-rules.js";
import { websocketRules } from "./websocket-rules.js";

/** What can be wrong with the meaning of a file that has the right shape. */
export const checkRules = {
  ...expressionRules,
  ...generalRules,
  ...routeRules,
  ...integrationRules,
  ...accessRules,
  ...stageRules,
  ...websocketRules,
  ...sdkRules,
} as const satisfies Record<string, Rule>;
