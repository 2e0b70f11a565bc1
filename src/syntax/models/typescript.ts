import { createRequire } from "node:module";
import type ts from "typescript";

export type TypeScript = typeof ts;

/**
 * TypeScript's compiler API, loaded by the first text that needs it (some 0.4 s), never for a file that uses only
 * simple type expressions. It is loaded synchronously, as `resolveType` is; Node keeps it loaded.
 */
export function loadTypeScript(): TypeScript {
  return createRequire(import.meta.url)("typescript") as TypeScript;
}
