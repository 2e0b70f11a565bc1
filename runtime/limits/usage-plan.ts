import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { Limit } from "../state/state.js";
import type { Client } from "./admission.js";
import { takeLimits } from "./take-limits.js";

/** Takes the request out of its client's limits: on this route, over all routes, quota (aws-behaviour.md section 17). */
export function usagePlan(x: Exchange): false | Promise<false> {
  if (x.trace?.test !== undefined) return false;
  const { client } = x;
  if (client === undefined) throw new GatewayError("INVALID_API_KEY");
  const later = takeLimits(x, limitsOf(client, x), nothingElse);
  if (later === false) return count(x, client);
  return later.then(() => count(x, client));
}

function count({ receivedAt }: Exchange, { usage }: Client): false {
  usage.add(receivedAt, 1);
  return false;
}

function nothingElse(): void {
  // It is the first step that takes something.
}

/** Undoes `usagePlan` for a request that a later limit refuses. */
export function giveBackUsage(x: Exchange): void {
  const { client } = x;
  if (client === undefined) return;
  for (const limit of limitsOf(client, x)) limit.giveBack();
  client.usage.add(x.receivedAt, -1);
}

function limitsOf({ limits, byRoute }: Client, { route }: Exchange): readonly Limit[] {
  return byRoute?.get(route.key) ?? limits;
}
