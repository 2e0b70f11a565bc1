import { expect, test } from "vitest";
import { Outbox, type Sender } from "../../../runtime/websocket/outbox.js";

const written: string[] = [];
const sender = (name: string): Sender => ({ flush: () => void written.push(name) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is sent in a turn is written at its end, of all connections", async () => {
  written.length = 0;
  const outbox = new Outbox();
  outbox.keepPace(100);
  outbox.add(sender("a"));
  outbox.add(sender("b"));
  outbox.keepPace(100.5);
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual(["a", "b"]);
  outbox.add(sender("c"));
  await turn();
  expect(written).toEqual(["a", "b", "c"]);
});

test("an answer does not wait for a turn that handlers make long", async () => {
  written.length = 0;
  const outbox = new Outbox();
  outbox.keepPace(100);
  // The first message has taken its handler 5 ms, and the second has come: it is not waited for.
  outbox.add(sender("a"));
  outbox.keepPace(105);
  expect(written).toEqual(["a"]);
  outbox.add(sender("b"));
  outbox.keepPace(105.9);
  expect(written).toEqual(["a"]);
  await turn();
  expect(written).toEqual(["a", "b"]);
});
