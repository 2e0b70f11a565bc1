import type { Exchange } from "../../http/exchange.js";
import type { State } from "../../state/state.js";

/** The rules in front of a Program. */
export interface Waf {
  /** Name of the rule that blocks the request; undefined: it passes. */
  blockedBy(x: Exchange): string | undefined;
}

/** @param apiId  whose requests are counted together, in all processes that share the state */
export type WafFactory = (state: State, apiId: string) => Waf;
