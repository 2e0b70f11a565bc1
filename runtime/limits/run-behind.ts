import type { Exchange } from "../http/exchange.js";
import type { RouteEntry } from "../program.js";
import { takeLimits } from "./take-limits.js";

/** Runs a route behind the account's limit, which is over all routes. Nothing but a comparison where there is none. */
export function runBehind(x: Exchange, route: RouteEntry): boolean | Promise<boolean> {
  const { account } = x.program.admission;
  if (account === undefined) return route.run(x);
  const later = takeLimits(x, [account], () => undefined);
  return later === false ? route.run(x) : later.then(() => route.run(x));
}
