import type { Exchange } from "../http/exchange.js";
import { takeLimits } from "./take-limits.js";
import { giveBackUsage } from "./usage-plan.js";

/** The limit over all clients of the route on its stage (aws-behaviour.md section 17). */
export function throttle(x: Exchange): false | Promise<false> {
  if (x.trace?.test !== undefined) return false;
  return takeLimits(x, x.program.admission.route(x.route, x.stage), giveBackUsage);
}
