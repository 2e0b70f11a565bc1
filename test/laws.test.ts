import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./support/paths.js";

/** What each room may import, first folders below the root or below `src/`. Imports point one way. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "src/source": [],
  "src/model": ["src/model", "src/invariant"],
  "src/diagnostics": ["src/diagnostics", "src/source", "src/model", "src/nearest", "src/invariant"],
  "src/syntax": [
    "src/syntax",
    "src/diagnostics",
    "src/source",
    "src/model",
    "src/nearest",
    "src/invariant",
    "src/typescript",
  ],
  "src/typescript": ["src/typescript"],
  "src/mapping": [
    "src/mapping",
    "src/diagnostics",
    "src/source",
    "src/model",
    "src/nearest",
    "src/invariant",
    "src/syntax",
    "runtime",
  ],
  "src/checks": [
    "runtime/auth/policy",
    "src/checks",
    "src/mapping",
    "src/syntax",
    "src/diagnostics",
    "src/source",
    "src/model",
    "src/nearest",
    "src/invariant",
    "src/typescript",
  ],
  "src/import": [
    "src/import",
    "src/checks",
    "src/mapping",
    "src/syntax",
    "src/diagnostics",
    "src/source",
    "src/model",
    "src/nearest",
    "src/invariant",
    "generators/emit",
  ],
  "src/contract": [
    "src/contract",
    "src/model",
    "src/compile",
    "src/source",
    "src/write/manifest",
    "src/import",
    "runtime/auth/policy",
  ],
  "src/threads": ["src/threads", "src/model", "src/invariant", "generators"],
  "src/write": ["src/write", "src/model", "src/invariant"],
  "src/dev": ["src/dev", "src/model", "generators/emit", "generators/gateway", "runtime"],
  "src/deploy": ["src/deploy", "src/build", "src/compile", "src/model", "src/source", "generators", "runtime"],
  "src/serve": ["src/serve", "generators/emit", "runtime"],
  "src/cli": ["src", "generators", "runtime"],
  generators: [
    "generators",
    "src/contract",
    "src/model",
    "src/mapping",
    "src/invariant",
    "src/syntax/patterns",
    "src/typescript",
    "runtime",
  ],
  runtime: ["runtime"],
};

describe("imports point one way", () => {
  const files = ["src", "generators", "runtime"].flatMap(typescriptBelow);
  for (const [room, targets] of Object.entries(allowed)) {
    test(room, () => {
      const wrong = files
        .filter((file) => isIn(file, room))
        .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
        .filter(({ target }) => !targets.some((other) => isIn(target, other)));
      expect(wrong).toEqual([]);
    });
  }
});

function isIn(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`) || path.startsWith(`${room}.`);
}

function typescriptBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

/** Relative imports of one file, as paths below the root. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return specifiers.map((specifier) => relative(root, resolve(root, dirname(file), specifier)).replaceAll("\\", "/"));
}
