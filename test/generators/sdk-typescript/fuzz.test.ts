import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { anyModel } from "./any-model.js";
import { check } from "./check.js";
import { sdkFiles, writeSdk } from "./sdk.js";

/** Files that hold texts of the gateway's file. */
const changing = new Set([
  "apig-client.d.ts",
  "apig-client.js",
  "api.d.ts",
  "api.js",
  "client.d.ts",
  "client.js",
  "enums.d.ts",
  "enums.js",
  "integers.js",
  "models.d.ts",
  "operations.d.ts",
  "operations.js",
  "samples.js",
  "socket.d.ts",
  "socket.js",
  "testing.d.ts",
]);

test("no text of the file breaks out of what is generated", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyModel, async (gateway) => {
      for (const [path, code] of await sdkFiles(gateway)) {
        if (path.endsWith(".md")) continue;
        if (path.endsWith(".json")) {
          JSON.parse(code);
          continue;
        }
        if (!changing.has(path)) continue;
        await transform(code, { loader: "ts", format: "esm" });
        expect(statements(path, code)).toBe(undefined);
      }
    }),
    { numRuns: 100 },
  );
});

test("what is generated from any text compiles and loads", { timeout: 120_000 }, async () => {
  for (const gateway of fc.sample(anyModel, { numRuns: 4, seed: 7 })) {
    const sdk = await writeSdk(gateway);
    try {
      expect(check(sdk.folder, {}).errors).toEqual([]);
      expect(Object.keys(await sdk.load<object>())).toContain("createClient");
      expect(Object.keys(await import(pathToFileURL(join(sdk.folder, "socket.js")).href))).toContain("connect");
      expect(Object.keys(await import(pathToFileURL(join(sdk.folder, "testing.js")).href))).toEqual(["mockTransport"]);
      expect(() => createRequire(import.meta.url)(join(sdk.folder, "testing.cjs"))).not.toThrow();
      expect(() => createRequire(import.meta.url)(join(sdk.folder, "index.cjs"))).not.toThrow();
    } finally {
      rmSync(sdk.folder, { recursive: true, force: true });
    }
  }
});

/** The first statement of a kind that the generator never writes. */
function statements(path: string, code: string): string | undefined {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.ESNext);
  const wanted = new Set([
    ts.SyntaxKind.ImportDeclaration,
    ts.SyntaxKind.ExportDeclaration,
    ts.SyntaxKind.FunctionDeclaration,
    ts.SyntaxKind.ClassDeclaration,
    ts.SyntaxKind.InterfaceDeclaration,
    ts.SyntaxKind.TypeAliasDeclaration,
    ts.SyntaxKind.VariableStatement,
  ]);
  return file.statements.find((statement) => !wanted.has(statement.kind))?.getText(file);
}
