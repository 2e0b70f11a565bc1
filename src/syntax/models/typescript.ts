import { createRequire } from "node:module";
import type ts from "typescript";

export type TypeScript = typeof ts;

/**
 * TypeScript's compiler API for one compilation, loaded by the first text that needs it (some 0.4 s), never for a file
 * that uses only simple type expressions. It is loaded synchronously, as `resolveType` is.
 */
export function typeScriptLoader(): () => TypeScript {
  let loaded: TypeScript | undefined;
  return () => {
    loaded ??= createRequire(import.meta.url)("typescript") as TypeScript;
    return loaded;
  };
}
