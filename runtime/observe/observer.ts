import type { Exchange } from "../http/exchange.js";

/** Told of every request once its answer has been written or given up. It must not throw, and never waits. */
export interface Observer {
  answered(x: Exchange): void;
  /** Writes out what it holds. */
  close(): Promise<void>;
}

/** All observers as one function; undefined when there are none, so that nothing is measured. */
export function observed(observers: readonly Observer[]): ((x: Exchange) => void) | undefined {
  const [first, ...others] = observers;
  if (first === undefined) return undefined;
  if (others.length === 0) return (x) => first.answered(x);
  return (x) => {
    for (const observer of observers) observer.answered(x);
  };
}
