import { systemClock } from "../../../runtime/clock.js";
import { redisState } from "../../../runtime/state/redis/redis-state.js";
import type { State } from "../../../runtime/state/state.js";

/** State of one node that shares a Redis with others. */
export async function openState(url: string): Promise<State> {
  const logger = { write: () => undefined };
  return redisState({ url, name: "sockets", onFailure: "open", clock: systemClock, logger });
}
