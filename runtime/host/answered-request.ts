import type { Clock } from "../clock.js";
import type { Exchange } from "../http/exchange.js";
import type { Observer } from "../observe/observer.js";

/** One answered request. No headers, no bodies: nothing secret. */
export interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly routeKey: string | undefined;
  readonly status: number;
  readonly elapsedMs: number;
}

/** An observer that tells a function. */
export function tellRequests(onRequest: (request: AnsweredRequest) => void, clock: Clock): Observer {
  return { answered: (x) => onRequest(answeredRequest(x, clock.monotonic())), close: async () => undefined };
}

function answeredRequest(x: Exchange, monotonicMs: number): AnsweredRequest {
  const routeKey = (x.route as Exchange["route"] | undefined)?.key;
  return {
    method: x.socket?.eventType ?? x.method,
    path: x.rawPath,
    routeKey,
    status: x.status,
    elapsedMs: x.startedAt === -1 ? 0 : monotonicMs - x.startedAt,
  };
}
