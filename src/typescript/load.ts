import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export type TypeScript = typeof import("./parts.js");

const load = createRequire(import.meta.url);
const compiled = fileURLToPath(new URL("./parts.cjs", import.meta.url));
const module = existsSync(compiled) ? compiled : "typescript";

/**
 * TypeScript's parser and printer, loaded by the first that needs them: never for a file that uses only simple type
 * expressions. It is synchronous, as `resolveType` is. Run from source it is the whole of TypeScript, which takes five
 * times as long.
 */
export function loadTypeScript(): TypeScript {
  return load(module) as TypeScript;
}
