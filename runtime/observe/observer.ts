import type { Exchange } from "../http/exchange.js";

/** Told of every request once its answer has been written or given up. It must not throw, and never waits. */
export interface Observer {
  answered(x: Exchange): void;
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
