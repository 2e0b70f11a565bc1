import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../support/paths.js";

/** A script of package.json, as npm starts it. */
function run(script: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    encoding: "utf8",
    env: { ...process.env, GATEWAY_SHARED: "/nowhere" },
  });
  return { status, stdout, stderr };
}

describe("scripts for cases", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-scripts-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const line = (id: string, expected: string) => `${JSON.stringify({ id, template: "a$!b", context: {}, expected })}\n`;

  test("vtl takes a file, or a folder of files", () => {
    mkdirSync(join(folder, "all"));
    const one = file("all/one.jsonl", line("one", "a"));
    file("all/two.jsonl", `${line("two", "a")}\n${line("three", "b")}`);
    expect(run("dist/scripts/vtl.js", [one])).toMatchObject({ status: 0, stdout: "1 passed, 0 failed\n" });
    const { status, stdout } = run("dist/scripts/vtl.js", [join(folder, "all")]);
    expect(stdout).toContain("FAIL three: ");
    expect(stdout).toContain("2 passed, 1 failed\n");
    expect(status).toBe(1);
  });

  test.each([
    ["vtl", [], "no such file or folder: /nowhere/vtl/cases.jsonl"],
    ["vtl", ["--help"], "usage: npm run vtl -- [FILE.jsonl | DIR]"],
    ["vtl", [join(root, "scripts")], "no .jsonl files in"],
    ["vtl", [join(root, "LICENSE")], "LICENSE:2 is no JSON"],
    ["conformance", ["a", "b"], "usage: npm run conformance -- [FILE.json | DIR]"],
    ["conformance", ["/nowhere"], "no such file or folder: /nowhere"],
    ["conformance", [join(root, "LICENSE")], "LICENSE is no JSON"],
    ["vectors", ["/nowhere"], "no such folder: /nowhere"],
    ["vectors", [join(root, "scripts")], "no suites in"],
    ["vectors", [join(root, "LICENSE")], "is a file: vectors are folders"],
  ])("%s %s: the mistake in one line", (name, args, message) => {
    const { status, stderr } = run(`dist/scripts/${name}.js`, args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });

  test("a suite that cannot be read fails", () => {
    const suite = join(folder, "sigv4");
    mkdirSync(suite);
    const { status, stdout } = run("dist/scripts/vectors.js", [suite]);
    expect(stdout).toContain("FAIL sigv4 cannot be run: ENOENT");
    expect(status).toBe(1);
  });
});

describe("benchmarks", () => {
  test.each([
    [["nothing"], "benchmarks: "],
    [["vtl", "many"], "vtl takes numbers, no many"],
    [["vtl", "1", "2", "3"], "vtl takes at most 2 arguments"],
    [["state", "5", "nothing"], "state takes numbers and accuracy, outage, all, no nothing"],
  ])("%s: what they take", (args, message) => {
    const { status, stdout, stderr } = run("bench/run.mjs", args);
    expect(stdout + stderr).toContain(message);
    expect(status).toBe(2);
  });
});
