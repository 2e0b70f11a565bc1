/** How often a turn of the event loop begins anew at least, ms. */
const tickMs = 25;
/** So much work in turns that are all too long is an overload; one slow turn is none. */
const patienceMs = 1000;
/** What a stop between two requests counts at most: a blocking function or a process that was paused is no queue. */
const longestGapMs = 50;
/** The clock is read at so many requests while they are quick. */
const looksApart = 16;
/** Without a refusal for so long: it is over. */
const calmMs = 2000;

/** What is told of an overload. */
export interface OverloadReport {
  begins(): void;
  /** A request is refused. */
  refuses(): void;
  /** @param refused  requests, over so many seconds */
  ends(refused: number, seconds: number): void;
}

/**
 * Keeps a process that has more requests than it can answer from answering none in time.
 *
 * Whoever comes waits for the turn of the event loop before him. In an overload these turns grow without end (libuv reads
 * sockets until less than 1,024 of them have something, and no timer runs and no connection is accepted meanwhile). Then
 * each turn serves requests for `maxLagMs` and refuses those behind them, before anything is done for them. Refusing takes
 * a quarter of that time at most, so that most of what the process can do is done whatever comes. A connection whose
 * request was refused is read again in the next turn: who asks again at once costs no more than who waits.
 */
export class Overload {
  /** Requests refused since the process began. */
  refused = 0;
  #isActive = false;
  #timer: NodeJS.Timeout | undefined = undefined;
  /** When the turn, or its next share of service, began. */
  #turnAt = 0;
  /** -1: the turn serves. */
  #refusesUntil = -1;
  #lookedAt = 0;
  #untilLook = 1;
  #apart = looksApart;
  /** What was before it may have been idle. */
  #isFirstLook = true;
  /** Work of this turn, and of the long ones right before it. */
  #busyMs = 0;
  #streakMs = 0;
  #activeSince = 0;
  #refusedBefore = 0;
  #lastRefusalAt = 0;
  #held: { resume(): void }[] = [];

  /**
   * @param maxLagMs  length of a turn that is borne
   * @param now       monotonic, ms
   */
  constructor(
    private readonly maxLagMs: number,
    private readonly report: OverloadReport,
    private readonly now: () => number,
  ) {}

  /** Called while there are connections. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#serveFrom(this.now());
    this.#lookedAt = this.#turnAt;
    this.#timer = setInterval(() => this.tick(), tickMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#streakMs = 0;
    this.#busyMs = 0;
    this.#resumeHeld();
    if (this.#isActive) this.#end(this.now());
  }

  /** Whether the next request is served. Costs a count, and a reading of the clock now and then. */
  takes(): boolean {
    if (--this.#untilLook > 0) return true;
    const now = this.now();
    const gap = now - this.#lookedAt;
    this.#lookedAt = now;
    if (this.#isActive) {
      this.#untilLook = 1;
      return this.#takesAt(now);
    }
    if (this.#isFirstLook) this.#isFirstLook = false;
    else {
      this.#busyMs += Math.min(gap, longestGapMs);
      this.#apart = Math.max(1, Math.min(looksApart, Math.floor((longestGapMs / 4 / gap) * this.#apart)));
    }
    this.#untilLook = this.#apart;
    if (this.#busyMs <= this.maxLagMs || this.#streakMs + this.#busyMs < patienceMs) return true;
    this.#begin(now);
    return true;
  }

  /** Reads a connection whose request was refused no more until the next turn. */
  hold(connection: { resume(): void }): void {
    this.#held.push(connection);
  }

  /** A turn begins: timers run. */
  tick(): void {
    const now = this.now();
    const lastedMs = now - this.#turnAt;
    this.#serveFrom(now);
    this.#lookedAt = now;
    this.#resumeHeld();
    if (this.#isActive) {
      if (now - this.#lastRefusalAt > calmMs) this.#end(now);
      return;
    }
    if (this.#busyMs > this.maxLagMs) this.#streakMs += this.#busyMs;
    else this.#streakMs = 0;
    this.#busyMs = 0;
    this.#untilLook = 1;
    this.#isFirstLook = true;
    // Few requests that take long are looked at one by one.
    this.#apart = lastedMs > this.maxLagMs ? 1 : looksApart;
  }

  #takesAt(now: number): boolean {
    if (now - this.#turnAt <= this.maxLagMs) return true;
    if (this.#refusesUntil === -1) this.#refusesUntil = now + this.maxLagMs / 4;
    if (now > this.#refusesUntil) {
      this.#serveFrom(now);
      return true;
    }
    this.refused++;
    this.report.refuses();
    this.#lastRefusalAt = now;
    return false;
  }

  #serveFrom(now: number): void {
    this.#turnAt = now;
    this.#refusesUntil = -1;
  }

  #begin(now: number): void {
    this.#isActive = true;
    this.#untilLook = 1;
    this.#serveFrom(now);
    this.#activeSince = now;
    this.#lastRefusalAt = now;
    this.#refusedBefore = this.refused;
    this.report.begins();
  }

  #end(now: number): void {
    this.#isActive = false;
    this.#busyMs = 0;
    this.#streakMs = 0;
    this.report.ends(this.refused - this.#refusedBefore, (now - this.#activeSince) / 1000);
  }

  #resumeHeld(): void {
    if (this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    for (const connection of held) connection.resume();
  }
}
