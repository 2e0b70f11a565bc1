import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/model/output.js";
import { compareOutputs, writeOutputs } from "../../src/write/write-outputs.js";

let folder: string;
const target = () => ({ projectDir: folder, outDir: join(folder, "build") });
const built = (path: string, content = path): OutputFile => ({ path, content, kind: "generated" });
const seed = (path: string, content = path): OutputFile => ({ path, content, kind: "seed" });
const read = (path: string) => readFileSync(join(folder, path), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("writeOutputs", () => {
  test("writes what changed and leaves the rest untouched", () => {
    writeOutputs([built("a/x.txt"), built("a/y.txt")], target());
    const before = statSync(join(folder, "build/a/x.txt")).mtimeMs;
    const result = writeOutputs([built("a/x.txt"), built("a/y.txt", "new")], target());
    expect(result).toMatchObject({ written: ["a/y.txt"], unchanged: 1, removed: [] });
    expect(statSync(join(folder, "build/a/x.txt")).mtimeMs).toBe(before);
    expect(read("build/a/y.txt")).toBe("new");
  });

  test("removes what it once wrote and no longer makes, and the folder that is empty then", () => {
    writeOutputs([built("a/x.txt"), built("b/y.txt")], target());
    expect(writeOutputs([built("a/x.txt")], target()).removed).toEqual(["b/y.txt"]);
    expect(existsSync(join(folder, "build/b"))).toBe(false);
  });

  test("keeps a stale file that was changed by hand, and says so", () => {
    writeOutputs([built("a.txt"), built("b.txt")], target());
    writeFileSync(join(folder, "build/b.txt"), "mine now");
    expect(writeOutputs([built("a.txt")], target())).toMatchObject({ removed: [], kept: ["b.txt"] });
    expect(read("build/b.txt")).toBe("mine now");
  });

  test("never touches a file that it does not own", () => {
    mkdirSync(join(folder, "build"));
    writeFileSync(join(folder, "build/mine.txt"), "mine");
    writeOutputs([built("a.txt")], target());
    writeOutputs([], target());
    expect(read("build/mine.txt")).toBe("mine");
  });

  test("refuses to overwrite a foreign file, before anything is written", () => {
    mkdirSync(join(folder, "build"));
    writeFileSync(join(folder, "build/b.txt"), "foreign");
    expect(() => writeOutputs([built("a.txt"), built("b.txt")], target())).toThrow(/was not written by gateway/);
    expect(existsSync(join(folder, "build/a.txt"))).toBe(false);
    expect(read("build/b.txt")).toBe("foreign");
    writeOutputs([built("a.txt"), built("b.txt")], { ...target(), force: true });
    expect(read("build/b.txt")).toBe("b.txt");
  });

  test("writes no stub beside code of the user's that has its name in another language, and says how to name it", () => {
    mkdirSync(join(folder, "handlers"));
    writeFileSync(join(folder, "handlers/a.js"), "mine");
    expect(() => writeOutputs([seed("handlers/a.ts"), built("x.txt")], target())).toThrow(
      'handlers/a.js is there, but gateway.yaml means handlers/a.ts: name it under "functions" (a: handlers/a.js), or rename it',
    );
    expect(readdirSync(join(folder, "handlers"))).toEqual(["a.js"]);
    expect(existsSync(join(folder, "build"))).toBe(false);
  });

  test("writes a seed once and never again", () => {
    expect(writeOutputs([seed("handlers/a.ts", "stub")], target()).seeded).toEqual(["handlers/a.ts"]);
    writeFileSync(join(folder, "handlers/a.ts"), "my work");
    expect(writeOutputs([seed("handlers/a.ts", "other stub")], target()).seeded).toEqual([]);
    writeOutputs([], target());
    expect(read("handlers/a.ts")).toBe("my work");
  });

  test("refuses a path that leads out of the folder, and links inside of it", () => {
    expect(() => writeOutputs([built("../evil.txt")], target())).toThrow(/leads out of/);
    expect(() => writeOutputs([seed("../../evil.txt")], target())).toThrow(/leads out of/);
    mkdirSync(join(folder, "build"));
    symlinkSync(tmpdir(), join(folder, "build/link"));
    expect(() => writeOutputs([built("link/evil.txt")], target())).toThrow(/is a link/);
    expect(existsSync(join(tmpdir(), "evil.txt"))).toBe(false);
  });

  test("repairs what a killed build left behind", () => {
    writeOutputs([built("a.txt")], target());
    writeFileSync(join(folder, "build/a.txt.gateway-tmp-999999999"), "half");
    writeOutputs([built("a.txt")], target());
    expect(readdirSync(join(folder, "build")).sort()).toEqual(["a.txt", "gateway.lock.json"]);
  });

  test("with `only`, the files of other outputs stay and stay listed", () => {
    writeOutputs([built("openapi/a.json"), built("sdk/b.ts")], target());
    expect(writeOutputs([built("sdk/c.ts")], { ...target(), only: ["sdk"] }).removed).toEqual(["sdk/b.ts"]);
    expect(read("build/openapi/a.json")).toBe("openapi/a.json");
    expect(writeOutputs([built("sdk/c.ts")], target()).removed).toEqual(["openapi/a.json"]);
  });
});

describe("compareOutputs", () => {
  test("names what a build would write or remove, and writes nothing", () => {
    writeOutputs([built("a.txt"), built("b.txt")], target());
    expect(compareOutputs([built("a.txt"), built("b.txt")], target())).toEqual([]);
    expect(compareOutputs([built("a.txt", "new"), built("c.txt")], target())).toEqual(["a.txt", "b.txt", "c.txt"]);
    expect(read("build/a.txt")).toBe("a.txt");
    expect(existsSync(join(folder, "build/c.txt"))).toBe(false);
  });
});
