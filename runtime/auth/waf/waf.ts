import type { Clock } from "../../clock.js";
import type { Exchange } from "../../http/exchange.js";

/** The rules in front of a Program. */
export interface Waf {
  /** Name of the rule that blocks the request; undefined: it passes. */
  blockedBy(x: Exchange): string | undefined;
}

export type WafFactory = (clock: Clock) => Waf;
