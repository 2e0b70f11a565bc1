import type { Exchange } from "../http/exchange.js";
import type { SocketObserver } from "../websocket/observer.js";

/**
 * Told of every request once its answer has been written or given up, and of every event of a WebSocket API once its route
 * is done. It must not throw, and never waits.
 */
export interface Observer {
  answered(x: Exchange): void;
  /** Told of a request that was refused unread, because there are too many; undefined: it does not count them. */
  readonly refused?: (() => void) | undefined;
  /** Told of connections and messages beside; undefined: it does not count them. */
  readonly sockets?: SocketObserver | undefined;
  /** Writes out what it holds. */
  close(): Promise<void>;
}

/**
 * All observers as one function; undefined when there are none, so that nothing is measured. What one throws is told, and
 * harms neither the others nor the request: it may be called where nobody would catch it.
 */
export function observed(
  observers: readonly Observer[],
  onFault: (error: unknown) => void,
): ((x: Exchange) => void) | undefined {
  if (observers.length === 0) return undefined;
  return (x) => {
    for (const observer of observers) {
      try {
        observer.answered(x);
      } catch (error) {
        onFault(error);
      }
    }
  };
}

/** The same of events of WebSocket APIs: each is answered once it is over. */
export function observedSockets(
  observers: readonly Observer[],
  onFault: (error: unknown) => void,
): SocketObserver | undefined {
  if (observers.length === 0) return undefined;
  const counting = observers.map(({ sockets }) => sockets).filter((sockets) => sockets !== undefined);
  return {
    count: (metric, stage, routeKey) => tell(counting, onFault, (one) => one.count(metric, stage, routeKey)),
    finished: (x) => {
      tell(counting, onFault, (one) => one.finished?.(x));
      tell(observers, onFault, (observer) => observer.answered(x));
    },
  };
}

function tell<T>(all: readonly T[], onFault: (error: unknown) => void, one: (told: T) => void): void {
  for (const each of all) {
    try {
      one(each);
    } catch (error) {
      onFault(error);
    }
  }
}
