import { relative, resolve, sep } from "node:path";
import type { GenerateOptions } from "../../src/model/output.js";

/** Import path of a project's module as the generated modules write it, from `<out>/gateway/` to the file. */
export function modulePath(file: string, { projectDir, outDir }: GenerateOptions): string {
  const path = relative(resolve(outDir, "gateway"), resolve(projectDir, file)).split(sep).join("/");
  return (path.startsWith(".") ? path : `./${path}`).replace(/\.(c|m)?ts$/, ".$1js");
}
