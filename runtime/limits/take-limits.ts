import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { Limit } from "../state/state.js";

/**
 * Takes a request out of limits, one after the other. What one refuses takes nothing from the others.
 *
 * @param undo  gives back what other steps have taken
 * @returns false: the route goes on; a promise where it is not known here whether there is something left
 * @throws GatewayError THROTTLED or QUOTA_EXCEEDED
 */
export function takeLimits(x: Exchange, limits: readonly Limit[], undo: (x: Exchange) => void): false | Promise<false> {
  const monotonicMs = x.program.clock.monotonic();
  for (let at = 0; at < limits.length; at++) {
    const isTaken = limits[at]?.take(monotonicMs, x.receivedAt);
    if (isTaken === undefined) return takeLater(x, limits, at, undo);
    if (!isTaken) refuse(x, limits, at, undo);
  }
  return false;
}

async function takeLater(
  x: Exchange,
  limits: readonly Limit[],
  from: number,
  undo: (x: Exchange) => void,
): Promise<false> {
  for (let at = from; at < limits.length; at++) {
    const limit = limits[at] as Limit;
    const known = at === from ? undefined : limit.take(x.program.clock.monotonic(), x.receivedAt);
    if (!(known ?? (await limit.wait()))) refuse(x, limits, at, undo);
  }
  return false;
}

function refuse(x: Exchange, limits: readonly Limit[], at: number, undo: (x: Exchange) => void): never {
  for (const limit of limits.slice(0, at)) limit.giveBack();
  undo(x);
  const { account } = x.program.admission;
  if (account !== undefined && limits[at] !== account) account.giveBack();
  throw new GatewayError(limits[at]?.refusal ?? "THROTTLED");
}
