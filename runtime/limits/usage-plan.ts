import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { Client } from "./admission.js";

/**
 * Takes the request out of its client's limits: on this route, over all routes, quota (aws-behaviour.md section 17). A
 * request that one limit refuses takes nothing from the others.
 */
export function usagePlan(x: Exchange): boolean {
  const { client } = x;
  if (client === undefined) throw new GatewayError("INVALID_API_KEY");
  const now = x.program.clock.monotonic();
  const onRoute = client.routes?.get(x.route.key);
  if (onRoute !== undefined && !onRoute.take(now)) throw new GatewayError("THROTTLED");
  if (client.bucket !== undefined && !client.bucket.take(now)) {
    onRoute?.giveBack();
    throw new GatewayError("THROTTLED");
  }
  const counted = client.quota === undefined ? "taken" : client.quota.take(x.receivedAt);
  if (counted !== "taken") {
    onRoute?.giveBack();
    client.bucket?.giveBack();
    throw new GatewayError(counted === "busy" ? "THROTTLED" : "QUOTA_EXCEEDED");
  }
  client.usage.add(x.receivedAt, 1);
  return false;
}

/** Undoes `usagePlan` for a request that a later limit refuses. */
export function giveBackUsage(x: Exchange, client: Client): void {
  client.routes?.get(x.route.key)?.giveBack();
  client.bucket?.giveBack();
  client.quota?.giveBack();
  client.usage.add(x.receivedAt, -1);
}
