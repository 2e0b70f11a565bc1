import type { Clock } from "../clock.js";

/**
 * Something that ends by itself after a while unless it is taken out of its queue before. No class: one that stands on
 * another takes 0.04 µs more to be made, and there is one for each call.
 */
export interface Deadline {
  /** Reading of the monotonic clock; `untimed` until the queue has looked at it. */
  dueAt: number;
  /** Neighbours in the queue; both undefined outside one. A new one has the next new one, and none before it. */
  previous: Deadline | undefined;
  next: Deadline | undefined;
  /** Time is over. The deadline has left its queue. */
  expire(): void;
}

/** `dueAt` of one that no queue has looked at. */
export const untimed = -1;
/** `dueAt` of a new one that nobody wants any more. */
const over = -2;

/**
 * Deadlines of one duration. As all wait equally long they expire in the order of arrival, so a linked list and one
 * timer for its head serve any number of requests, and a clock that tests move decides.
 *
 * New ones enter the list when the event loop has read what is there, timed by one reading of the clock: of what answers
 * before, as most functions do whose promises wait for nothing, no clock is read and no list made (a tick would come before
 * their promises).
 */
export class DeadlineQueue {
  readonly #ends = new Ends();
  #timer: NodeJS.Timeout | undefined = undefined;
  #firstNew: Deadline | undefined = undefined;
  #lastNew: Deadline | undefined = undefined;

  constructor(
    private readonly clock: Clock,
    readonly durationMs: number,
  ) {
    this.#ends.previous = this.#ends;
    this.#ends.next = this.#ends;
  }

  add(deadline: Deadline): void {
    deadline.dueAt = untimed;
    if (this.#lastNew === undefined) {
      this.#firstNew = deadline;
      setImmediate(enter, this);
    } else this.#lastNew.next = deadline;
    this.#lastNew = deadline;
  }

  /** Harmless when it is in no queue. */
  remove(deadline: Deadline): void {
    const { previous, next } = deadline;
    if (deadline.dueAt === untimed) deadline.dueAt = over;
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

  /** The new ones that are still wanted begin to wait. */
  enter(): void {
    let now = untimed;
    let next: Deadline | undefined;
    for (let at = this.#firstNew; at !== undefined; at = next) {
      next = at.next;
      at.next = undefined;
      if (at.dueAt === over) continue;
      if (now === untimed) now = this.clock.monotonic();
      this.#append(at, now + this.durationMs);
    }
    this.#firstNew = undefined;
    this.#lastNew = undefined;
  }

  #append(deadline: Deadline, dueAt: number): void {
    const last = this.#ends.previous as Deadline;
    deadline.dueAt = dueAt;
    deadline.previous = last;
    deadline.next = this.#ends;
    last.next = deadline;
    this.#ends.previous = deadline;
    if (this.#timer === undefined) this.#wait(this.durationMs);
  }

  /** How many wait. */
  get waiting(): number {
    let count = 0;
    for (let at = this.#firstNew; at !== undefined; at = at.next) if (at.dueAt !== over) count++;
    for (let at = this.#ends.next; at !== undefined && at !== this.#ends; at = at.next) count++;
    return count;
  }

  /** Expires what is due. Called by the queue's own timer; tests with a clock of their own call it. */
  check(): void {
    const now = this.clock.monotonic();
    for (let head = this.#ends.next as Deadline; head !== this.#ends; head = this.#ends.next as Deadline) {
      if (head.dueAt > now) return;
      this.remove(head);
      head.expire();
    }
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.check();
      const head = this.#ends.next as Deadline;
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
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;

  expire(): void {}
}

function enter(queue: DeadlineQueue): void {
  queue.enter();
}
