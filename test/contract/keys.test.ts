import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/paths.js";

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Keys that no change of `gateway diff` comes of, by test/keys/evidence.test.ts. */
const untold = read("test/keys/effects.txt")
  .split("\n")
  .map((line) => line.split(": "))
  .filter(([key, effects]) => key && effects && !effects.split(" ").includes("diff"))
  .filter(([, effects]) => !effects?.startsWith("refused"))
  .map(([key]) => key ?? "");

const rows = (read("docs/guides/changes.md").split("## What it does not tell")[1] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `/"))
  .map((line) => line.split(" | "));
const patterns = rows.flatMap(([keys]) =>
  Array.from(keys?.matchAll(/`([^`]+)`/g) ?? [], ([, pattern]) => pattern ?? ""),
);

function matches(pattern: string, key: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*|\*/g, (stars) => (stars === "**" ? ".+" : "(?:\\*|[^/]+)"));
  return new RegExp(`^${source}$`).test(key);
}

test("a key that gateway diff does not tell of stands in the guide, with the reason", () => {
  expect(untold.length).toBeGreaterThan(80);
  expect(untold.filter((key) => !patterns.some((pattern) => matches(pattern, key)))).toEqual([]);
  for (const [, reason] of rows) expect(reason?.length).toBeGreaterThan(10);
});

test("nothing stands there that is told", () => {
  expect(patterns.filter((pattern) => !untold.some((key) => matches(pattern, key)))).toEqual([]);
});
