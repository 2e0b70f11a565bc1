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

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #elapsedMs = 0;
  #steppedMs = 0;

  constructor(readonly startMs: number) {}

  now(): number {
    return this.startMs + this.#elapsedMs + this.#steppedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  /** Time passes: both readings move. */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError("a clock moves forward only");
    this.#elapsedMs += ms;
  }

  /** The wall clock is set, as by an operator or by NTP: forwards or back, and no time passes. */
  step(ms: number): void {
    this.#steppedMs += ms;
  }
}

/** The system's clock with an offset that tests and developers move: quotas, expiry and buckets follow. */
export class OffsetClock implements Clock {
  #offsetMs = 0;

  constructor(private readonly base: Clock = systemClock) {}

  now(): number {
    return this.base.now() + this.#offsetMs;
  }

  monotonic(): number {
    return this.base.monotonic() + this.#offsetMs;
  }

  /** Milliseconds that it is ahead of the system's clock. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** @throws RangeError for an offset that would turn it back */
  set offsetMs(ms: number) {
    if (!(ms >= this.#offsetMs && ms < 1e14)) throw new RangeError("a clock moves forward only");
    this.#offsetMs = ms;
  }
}
