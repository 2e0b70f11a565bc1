/** Requests that wait for the store's answer about one limit, in the order they came. */
export class Waiters {
  readonly #waiting: ((isTaken: boolean) => void)[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  add(): Promise<boolean> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Answers the first so many, as `take` decides for each. */
  answer(count: number, take: () => boolean): void {
    for (const resolve of this.#waiting.splice(0, count)) resolve(take());
  }
}

/** Beyond so many, requests on one limit are refused rather than made to wait. */
export const maxWaiters = 1000;

const windowMs = 100;

/** What a process has been granted of a bucket of late: its share of what all get. */
export class Share {
  #since = Number.NEGATIVE_INFINITY;
  #now = 0;
  #before = 0;

  add(monotonicMs: number, granted: number): void {
    const elapsed = monotonicMs - this.#since;
    if (elapsed >= 1000) {
      this.#before = elapsed < 2000 ? this.#now : 0;
      this.#now = 0;
      this.#since = monotonicMs;
    }
    this.#now += granted;
  }

  /** Tokens in a second. */
  inSecond(monotonicMs: number): number {
    return monotonicMs - this.#since >= 2000 ? 0 : Math.max(this.#now, this.#before);
  }
}

/** Requests on a limit of late, refused ones too: how much it is worth to hold ahead of need. */
export class Demand {
  #since = 0;
  #now = 0;
  #before = 0;

  add(monotonicMs: number): void {
    const elapsed = monotonicMs - this.#since;
    if (elapsed >= windowMs) {
      this.#before = elapsed < 2 * windowMs ? this.#now : 0;
      this.#now = 0;
      this.#since = monotonicMs;
    }
    this.#now++;
  }

  /** Twice what was asked for in a tenth of a second; nothing where that was a single request. */
  ahead(monotonicMs: number): number {
    if (monotonicMs - this.#since >= 2 * windowMs) return 0;
    const inTenth = Math.max(this.#now, this.#before);
    return inTenth < 2 ? 0 : inTenth * 2;
  }
}
