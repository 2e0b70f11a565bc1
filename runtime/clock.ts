/** The two clocks of the gateway. Tests pass one that they move. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch, UTC: request times, tokens, quotas. */
  now(): number;
  /** Monotonic milliseconds with fractions: latencies, time-outs, token buckets. Never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
};

/** A clock that stands still until it is moved; both readings move together. */
export class ManualClock implements Clock {
  #elapsedMs = 0;

  constructor(readonly startMs: number) {}

  now(): number {
    return this.startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  advance(ms: number): void {
    if (ms < 0) throw new RangeError("a clock moves forward only");
    this.#elapsedMs += ms;
  }
}
