import { expect, test } from "vitest";
import { Outbox, type Sender } from "../../../runtime/websocket/outbox.js";

const written: string[] = [];
const sender = (name: string): Sender => ({ flush: () => void written.push(name) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is sent in a turn is written at its end, of all connections", async () => {
  written.length = 0;
  const outbox = new Outbox();
  outbox.add(sender("a"), 0);
  outbox.add(sender("b"), 0);
  outbox.keepPace(0.5);
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual(["a", "b"]);
  outbox.add(sender("c"), 1);
  await turn();
  expect(written).toEqual(["a", "b", "c"]);
});

test("an answer does not wait for a turn that handlers make long", async () => {
  written.length = 0;
  const outbox = new Outbox();
  outbox.add(sender("a"), 10);
  outbox.keepPace(11);
  expect(written).toEqual(["a"]);
  outbox.add(sender("b"), 11);
  outbox.keepPace(11.9);
  expect(written).toEqual(["a"]);
  await turn();
  expect(written).toEqual(["a", "b"]);
});
