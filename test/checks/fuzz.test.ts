import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../support/diagnose.js";
import { root } from "../support/paths.js";

/** A file with every key of the language. */
const everything = readFileSync(join(root, "test/syntax/everything.yaml"), "utf8");
const shop = readFileSync(join(root, "fixtures/shop/gateway.yaml"), "utf8");

describe("whatever the file says, the checks come to an end and point into it", () => {
  const words = [
    "",
    "x",
    "-1",
    "0.5",
    "{}",
    "[]",
    "null",
    '"${stageVariables.x}"',
    "$context.x",
    '"*"',
    "__proto__",
    "$$",
  ];

  for (const [name, text] of [
    ["everything", everything],
    ["shop", shop],
  ] as const) {
    const lines = text.split("\n");
    const line = fc.nat(lines.length - 1);

    test(`${name}, with values replaced`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(line, fc.constantFrom(...words)), { minLength: 1, maxLength: 4 }),
          (changes) => {
            const changed = [...lines];
            for (const [at, word] of changes) changed[at] = (changed[at] ?? "").replace(/: [^:{]*$/, `: ${word}`);
            return holds(changed.join("\n"));
          },
        ),
        { numRuns: 60 },
      );
    });

    test(`${name}, with lines left out or swapped`, async () => {
      await fc.assert(
        fc.asyncProperty(line, line, fc.boolean(), (one, other, leaveOut) => {
          const changed = [...lines];
          if (leaveOut) changed.splice(one, 1 + (other % 3));
          else [changed[one], changed[other]] = [changed[other] ?? "", changed[one] ?? ""];
          return holds(changed.join("\n"));
        }),
        { numRuns: 60 },
      );
    });
  }
});

async function holds(text: string): Promise<void> {
  const { diagnostics } = await check(text, ["aws", "node"]);
  for (const { span, message, notes } of diagnostics) {
    expect(message).not.toMatch(/undefined|\[object/);
    for (const place of [span, ...notes.map((note) => note.span)]) {
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.start).toBeLessThanOrEqual(place.end);
      expect(place.end).toBeLessThanOrEqual(text.length);
    }
  }
}
