import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, expect, test } from "vitest";
import { root } from "../support/paths.js";

const base = mkdtempSync(join(tmpdir(), "gateway-deterministic-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Builds a copy of a fixture in a process of its own. */
function build(fixture: string, name: string, cwd: string, env: Readonly<Record<string, string>>): Map<string, string> {
  const folder = join(base, name, fixture);
  cpSync(join(root, "fixtures", fixture), folder, {
    recursive: true,
    filter: (path) => !path.endsWith("/build") && !path.endsWith("/golden"),
  });
  execFileSync(process.execPath, [join(root, "bin/gateway.js"), "build", folder], {
    cwd,
    env: { ...process.env, ...env },
  });
  return filesOf(join(folder, "build"));
}

function filesOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "latin1")]),
  );
}

test.each(["demo", "models", "mapping"])(
  "%s: the same bytes wherever, whenever and in whatever language it is built",
  (fixture) => {
    const here = build(fixture, "here", root, { TZ: "UTC", LANG: "C", LC_ALL: "C" });
    const there = build(fixture, "a longer/place", tmpdir(), {
      TZ: "Asia/Kathmandu",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
    });
    expect([...there.keys()]).toEqual([...here.keys()]);
    for (const [path, text] of here) expect(there.get(path) === text, path).toBe(true);
    expect([...here.values()].some((text) => text.includes(base))).toBe(false);
  },
);
