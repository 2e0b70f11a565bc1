import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** How gateways and handlers are bundled, wherever they run. */
export const bundleOptions = {
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20.19",
  charset: "utf8",
  legalComments: "none",
  minifySyntax: true,
  logLevel: "silent",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
} as const satisfies BuildOptions;

/** CommonJS packages that handlers import may call `require` for Node's own modules. */
export const requireBanner =
  'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);';

export const runtimeRoot = fileURLToPath(new URL("../../runtime/", import.meta.url));
export const runtimePrefix = "gatewayc/runtime/";

/** The runtime beside this file: TypeScript when run from source, JavaScript when compiled. */
export function runtimeFile(path: string): string {
  const compiled = join(runtimeRoot, path);
  return existsSync(compiled) ? compiled : compiled.replace(/\.js$/, ".ts");
}
