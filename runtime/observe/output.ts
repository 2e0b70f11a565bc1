import process from "node:process";
import { maxHeldBytes } from "./line-sink.js";

let dropped = 0;

/**
 * Lines to the process's output, for as long as somebody reads them: who has fallen behind by 8 MB loses lines, and the
 * process does not hold them for ever. How many is told once there is room again.
 */
export function printLines(lines: string): void {
  const { stdout } = process;
  if (stdout.writableLength > maxHeldBytes) {
    if (dropped === 0) stdout.once("drain", tellDropped);
    dropped += lines.split("\n").length - 1;
    return;
  }
  stdout.write(lines);
}

function tellDropped(): void {
  const record = {
    time: new Date().toISOString(),
    level: "error",
    message: `the output was not read: ${dropped} lines were left out`,
  };
  dropped = 0;
  process.stdout.write(`${JSON.stringify(record)}\n`);
}

/** Who reads the log may go, or its disk be full: lines are lost, requests are not. */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
