import type { Clock } from "../clock.js";

/**
 * Something that ends by itself after a while unless it is taken out of its queue before. No class: one that stands on
 * another takes 0.04 µs more to be made, and there is one for each call.
 */
export interface Deadline {
  /** Reading of the monotonic clock; `untimed` until the queue has looked at it. */
  dueAt: number;
  /** Neighbours in the queue; both undefined outside one. */
  previous: Deadline | undefined;
  next: Deadline | undefined;
  /** Time is over. The deadline has left its queue. */
  expire(): void;
}

/** `dueAt` of one that no queue has looked at. */
export const untimed = -1;

/**
 * Deadlines of one duration. As all wait equally long they expire in the order of arrival, so a linked list and one
 * timer for its head serve any number of requests, and a clock that tests move decides.
 *
 * Those of one turn of the event loop wait in a list of their own, and enter the other at its end, timed by one reading of
 * the clock. Of what answers before, as most functions do whose promises wait for nothing, no clock is read, and nothing
 * old refers to it: it does not survive a collection of young objects (a tick would come before their promises).
 */
export class DeadlineQueue {
  readonly #ends = new Ends();
  #timer: NodeJS.Timeout | undefined = undefined;
  /** The list of this turn, if there is one. */
  #turn: Ends | undefined = undefined;

  constructor(
    private readonly clock: Clock,
    readonly durationMs: number,
  ) {}

  add(deadline: Deadline): void {
    const turn = this.#turn ?? this.#begin();
    const last = turn.previous;
    deadline.dueAt = untimed;
    deadline.previous = last;
    deadline.next = turn;
    last.next = deadline;
    turn.previous = deadline;
  }

  #begin(): Ends {
    this.#turn = new Ends();
    setImmediate(enter, this);
    return this.#turn;
  }

  /** Harmless when it is in no queue. */
  remove(deadline: Deadline): void {
    const { previous, next } = deadline;
    if (previous === undefined || next === undefined) return;
    previous.next = next;
    next.previous = previous;
    deadline.previous = undefined;
    deadline.next = undefined;
  }

  /** Milliseconds that are left of a deadline of this queue; below 0 when it is over. */
  left(deadline: Deadline): number {
    const now = this.clock.monotonic();
    return (deadline.dueAt < 0 ? now + this.durationMs : deadline.dueAt) - now;
  }

  /** Those of this turn that are still wanted begin to wait. */
  enter(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined || turn.next === turn) return;
    const dueAt = this.clock.monotonic() + this.durationMs;
    for (let at = turn.next; at !== turn; at = at.next as Deadline) at.dueAt = dueAt;
    const last = this.#ends.previous;
    last.next = turn.next;
    turn.next.previous = last;
    turn.previous.next = this.#ends;
    this.#ends.previous = turn.previous;
    if (this.#timer === undefined) this.#wait(this.durationMs);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#ends.count + (this.#turn?.count ?? 0);
  }

  /** Expires what is due. Called by the queue's own timer; tests with a clock of their own call it. */
  check(): void {
    const now = this.clock.monotonic();
    for (let head = this.#ends.next; head !== this.#ends; head = this.#ends.next) {
      if (head.dueAt > now) return;
      this.remove(head);
      head.expire();
    }
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.check();
      const head = this.#ends.next;
      if (head !== this.#ends) this.#wait(Math.max(1, Math.ceil(head.dueAt - this.clock.monotonic())));
    }, ms).unref();
  }
}

/** Queues by duration; there are as many as a Program has different time-outs. */
export class Deadlines {
  readonly #queues = new Map<number, DeadlineQueue>();

  constructor(private readonly clock: Clock) {}

  /** @param durationMs above 0 */
  queue(durationMs: number): DeadlineQueue {
    const known = this.#queues.get(durationMs);
    if (known) return known;
    const created = new DeadlineQueue(this.clock, durationMs);
    this.#queues.set(durationMs, created);
    return created;
  }

  /** How many wait, of all durations: calls under way. */
  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.waiting, 0);
  }

  check(): void {
    for (const queue of this.#queues.values()) queue.check();
  }
}

/** Where a list begins and ends. */
class Ends implements Deadline {
  dueAt = untimed;
  previous: Deadline = this;
  next: Deadline = this;

  get count(): number {
    let count = 0;
    for (let at = this.next; at !== this; at = at.next as Deadline) count++;
    return count;
  }

  expire(): void {}
}

function enter(queue: DeadlineQueue): void {
  queue.enter();
}
