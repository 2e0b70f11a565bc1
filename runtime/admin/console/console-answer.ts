import type { AdminAnswer, AdminRequest } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";

/** Answers a request of the console; undefined: it is none. */
export function consoleAnswer(_target: AdminTarget, _request: AdminRequest): AdminAnswer | undefined {
  return undefined;
}
