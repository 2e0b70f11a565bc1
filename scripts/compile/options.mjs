import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** How every module of dist/ is made. */
export const moduleOptions = {
  outdir: join(root, "dist"),
  outbase: root,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Fields are assigned in the constructor, once: a parameter property would be defined as a field first, and assigned then.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
};
