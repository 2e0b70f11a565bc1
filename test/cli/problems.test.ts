import { openSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { worldlyProblem } from "../../src/cli/problems.js";

test("a full disk is a problem of the world, whether or not the error names the file", () => {
  const problems = [
    () => writeSync(openSync("/dev/full", "w"), "x"),
    () => {
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", path: "/project/.gateway" });
    },
    () => {
      throw new Error("a bug");
    },
  ].map((act) => {
    try {
      act();
    } catch (error) {
      return worldlyProblem(error);
    }
    return "nothing was thrown";
  });
  expect(problems).toEqual([
    "a file cannot be written: the disk is full",
    "/project/.gateway cannot be written: the disk is full",
    undefined,
  ]);
});
