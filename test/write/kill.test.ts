import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OutputFile } from "../../src/model/output.js";
import { writeOutputs } from "../../src/write/write-outputs.js";
import { root } from "../support/paths.js";

const rounds = 25;
const fileCount = 40;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-kill-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes generation after generation until it is killed. */
const writer = (target: string) => `
import { writeOutputs } from ${JSON.stringify(pathToFileURL(join(root, "dist/src/write/write-outputs.js")).href)};
for (let generation = 0; ; generation++) {
  const files = Array.from({ length: ${fileCount} }, (_, at) => ({ path: "f/" + at + ".txt", content: (generation + ":" + at + "\\n").repeat(2000), kind: "generated" }));
  // A file that is new in each generation: whoever is killed while it appears must own it afterwards.
  files.push({ path: "g/" + (generation % 5) + ".txt", content: process.pid + ":" + generation, kind: "generated" });
  writeOutputs(files, { projectDir: ${JSON.stringify(target)}, outDir: ${JSON.stringify(join(target, "build"))} });
  if (generation === 0) process.stdout.write("started");
}`;

test("a build that is killed at any moment leaves whole files, and the next one repairs", async () => {
  const target = { projectDir: folder, outDir: join(folder, "build") };
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", writer(folder)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    const names = readdirSync(join(folder, "build/f")).filter((name) => name.endsWith(".txt"));
    expect(names).toHaveLength(fileCount);
    for (const name of names) {
      const lines = new Set(
        readFileSync(join(folder, "build/f", name), "utf8")
          .trimEnd()
          .split("\n"),
      );
      expect(lines.size, `${name} is of one generation`).toBe(1);
    }
  }
  const files = Array.from(
    { length: fileCount },
    (_, at): OutputFile => ({ path: `f/${at}.txt`, content: `${at}`, kind: "generated" }),
  );
  writeOutputs(files, target);
  expect(readdirSync(join(folder, "build/f"))).toHaveLength(fileCount);
  const manifest = JSON.parse(readFileSync(join(folder, "build/gateway.lock.json"), "utf8"));
  expect(manifest.files["f/7.txt"]).toBe(createHash("sha256").update("7").digest("hex"));
}, 60_000);
