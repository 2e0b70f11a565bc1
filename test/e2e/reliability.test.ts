import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { root } from "../support/paths.js";

/** Small forms of what `npm run bench -- reliability` shows at full size (docs/reliability.md). */
test.each([
  ["kills", "kills=4"],
  ["deploy", "changes=3", "rate=60"],
  ["shutdown", "rate=60"],
  ["resets", "requests=400"],
])("reliability: %s", { timeout: 120_000 }, async (...args) => {
  const child = spawn(process.execPath, [join(root, "bench/reliability.mjs"), ...args, "--short"]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, failed: output.split("\n").filter((line) => /^FAIL|Error/.test(line)) }, output).toEqual({
    code: 0,
    failed: [],
  });
});
