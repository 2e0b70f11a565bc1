import fc from "fast-check";
import { expect, test } from "vitest";
import { RouteKeys } from "../../../runtime/websocket/route-keys.js";

function find<T>(keys: RouteKeys<T>, key: string): T | undefined {
  const around = Buffer.from(`"${key}"`, "utf8");
  return keys.find(around, 1, around.length - 1);
}

test("a key that stands in a message finds what a map finds by its text", () => {
  const key = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("join", "joins", "größer", "😀", "__proto__", ""));
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 40 }), key, (known, other) => {
      // What is no UTF-8 is in no message.
      const texts = [...known, other].filter((text) => Buffer.from(text).toString() === text);
      const map = new Map(known.map((text, at) => [text, at]));
      const keys = new RouteKeys(map);
      for (const text of texts) expect(find(keys, text)).toBe(map.get(text));
    }),
    { numRuns: 2000 },
  );
});

test("an API without routes has none by any key", () => {
  expect(find(new RouteKeys([]), "join")).toBeUndefined();
});
