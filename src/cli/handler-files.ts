import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LambdaFunction } from "../model/gateway-model.js";

/** Larger files are no handlers. */
const maxHandlerBytes = 1024 * 1024;

export interface HandlerFile {
  /** From the project's folder, as gateway.yaml has it. */
  readonly path: string;
  readonly text: string;
}

/** The modules of a function that lie in the project, each once; those of a new one are not there yet. */
export function handlerFiles({ code }: LambdaFunction, projectDir: string): readonly HandlerFile[] {
  const paths =
    code.kind === "module" ? [code.file] : code.kind === "aliases" ? code.files.map(({ file }) => file) : [];
  return [...new Set(paths)].flatMap((path) => {
    const full = join(projectDir, path);
    if (!existsSync(full)) return [];
    const stats = statSync(full);
    return stats.isFile() && stats.size <= maxHandlerBytes ? [{ path, text: readFileSync(full, "utf8") }] : [];
  });
}
