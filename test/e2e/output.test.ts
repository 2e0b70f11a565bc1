import { spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { root } from "../support/paths.js";

/** Prints 400,000 lines of 100 bytes in turns of the event loop, and says by its standard error when it has. */
const script = `
import { printLines } from ${JSON.stringify(`${root}/dist/runtime/observe/output.js`)};
const line = "x".repeat(99) + "\\n";
for (let turn = 0; turn < 400; turn++) {
  for (let at = 0; at < 1000; at++) printLines(line);
  await new Promise(setImmediate);
}
process.stderr.write("printed " + Math.round(process.memoryUsage().rss / 1e6));
`;

test("an output that nobody reads holds some megabytes, and what was left out is told when it is read again", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  try {
    let told = "";
    child.stderr.on("data", (chunk) => {
      told += chunk;
    });
    await expect.poll(() => told, { timeout: 20_000 }).toMatch(/^printed \d+$/);
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => child.once("close", resolve));
    await wait(0);
    const lines = text.trimEnd().split("\n");
    const lost = /the output was not read: (\d+) lines were left out/.exec(lines.at(-1) ?? "")?.[1];
    const kept = lines.filter((line) => line.startsWith("x")).length;
    expect(kept + Number(lost)).toBe(400_000);
    expect(kept * 100).toBeLessThan(12 << 20);
  } finally {
    child.kill("SIGKILL");
  }
}, 40_000);
