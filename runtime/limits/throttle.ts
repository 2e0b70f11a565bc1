import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { giveBackUsage } from "./usage-plan.js";

/** Limits over all clients: of the route on its stage, then of the account (aws-behaviour.md section 17). */
export function throttle(x: Exchange): boolean {
  const { admission, clock } = x.program;
  const now = clock.monotonic();
  const onRoute = admission.route(x.route, x.stage);
  if (onRoute === undefined || onRoute.take(now)) {
    if (admission.account === undefined || admission.account.take(now)) return false;
    onRoute?.giveBack();
  }
  if (x.client !== undefined) giveBackUsage(x, x.client);
  throw new GatewayError("THROTTLED");
}
