import { expect, test } from "vitest";
import { ManualClock } from "../../../runtime/clock.js";
import { Deadline, Deadlines } from "../../../runtime/integrations/deadlines.js";

class Recorded extends Deadline {
  constructor(
    private readonly name: string,
    private readonly expired: string[],
  ) {
    super();
  }

  override expire(): void {
    this.expired.push(this.name);
  }
}

test("deadlines expire in order, once, and not when they were removed", () => {
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
  clock.advance(40);
  deadlines.queue(30).add(d);
  long.add(c);
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
