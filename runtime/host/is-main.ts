import { realpathSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Whether the module at this URL is what `node` was started with, also through a link or without its extension. */
export function isMain(moduleUrl: string): boolean {
  const started = process.argv[1];
  if (started === undefined) return false;
  const path = fileURLToPath(moduleUrl);
  try {
    return realpathSync(started) === realpathSync(path);
  } catch {
    return started === path;
  }
}
