import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { parseModels } from "../../src/syntax/models/index.js";
import { sameSpans } from "./support.js";

// In a file of its own: Node keeps a module loaded once any test has asked for it.
test("a file of simple expressions never loads TypeScript, a generic does", async () => {
  const { cache } = createRequire(import.meta.url);
  const isLoaded = () => Object.keys(cache).some((file) => /node_modules.typescript.lib.typescript\.js$/.test(file));
  const list = new DiagnosticList();
  const scope = await parseModels("", sameSpans, list.report);
  for (const text of ["string[]", "{ a: integer; b?: 'x' | 'y' }", "uuid | null", "(string | integer)[]"]) {
    expect(scope.resolveType(text, sameSpans, list.report)).toBeDefined();
  }
  expect(isLoaded()).toBe(false);
  expect(scope.resolveType("Record<string, integer>", sameSpans, list.report)).toBeDefined();
  expect(isLoaded()).toBe(true);
});
