import { expect, test } from "vitest";
import { ManualClock } from "../../../runtime/clock.js";
import { type Deadline, Deadlines, untimed } from "../../../runtime/integrations/deadlines.js";

class Recorded implements Deadline {
  dueAt = untimed;
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;

  constructor(
    private readonly name: string,
    private readonly expired: string[],
  ) {}

  expire(): void {
    this.expired.push(this.name);
  }
}

/** What the event loop is at is done. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("deadlines expire in order, once, and not when they were removed", async () => {
  const clock = new ManualClock(0);
  const deadlines = new Deadlines(clock);
  const expired: string[] = [];
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => new Recorded(name, expired)) as [
    Recorded,
    Recorded,
    Recorded,
    Recorded,
  ];
  const long = deadlines.queue(100);
  long.add(a);
  long.add(b);
  await turn();
  clock.advance(40);
  deadlines.queue(30).add(d);
  long.add(c);
  await turn();
  long.remove(b);
  long.remove(b);
  clock.advance(30);
  deadlines.check();
  expect(expired).toEqual(["d"]);
  clock.advance(29);
  deadlines.check();
  expect(expired).toEqual(["d"]);
  clock.advance(1);
  deadlines.check();
  expect(expired).toEqual(["d", "a"]);
  clock.advance(100);
  deadlines.check();
  deadlines.check();
  expect(expired).toEqual(["d", "a", "c"]);
});

test("one duration has one queue", () => {
  const deadlines = new Deadlines(new ManualClock(0));
  expect(deadlines.queue(5)).toBe(deadlines.queue(5));
});

test("what is over in the turn in which it came never waits; the others wait from the end of that turn", async () => {
  const clock = new ManualClock(0);
  const deadlines = new Deadlines(clock);
  const queue = deadlines.queue(100);
  const expired: string[] = [];
  const [first, gone, last] = ["first", "gone", "last"].map((name) => new Recorded(name, expired)) as [
    Recorded,
    Recorded,
    Recorded,
  ];
  for (const each of [first, gone, last]) queue.add(each);
  expect(queue.left(first)).toBe(100);
  queue.remove(gone);
  expect(deadlines.waiting).toBe(2);
  // A function that blocks the process takes nothing from those that came with it.
  clock.advance(30);
  await turn();
  expect(deadlines.waiting).toBe(2);
  expect(queue.left(first)).toBe(100);
  clock.advance(99);
  deadlines.check();
  expect(expired).toEqual([]);
  expect(queue.left(last)).toBe(1);
  clock.advance(1);
  deadlines.check();
  expect(expired).toEqual(["first", "last"]);
  queue.add(gone);
  await turn();
  clock.advance(100);
  deadlines.check();
  expect(expired).toEqual(["first", "last", "gone"]);
  expect(deadlines.waiting).toBe(0);
});
