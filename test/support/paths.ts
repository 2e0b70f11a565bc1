import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Folder of the shared cases (`GATEWAY_SHARED`, else `../shared`); undefined where it is absent, which CI refuses. */
export function sharedFolder(): string | undefined {
  const folder = process.env["GATEWAY_SHARED"] ?? join(root, "../shared");
  if (existsSync(folder)) return folder;
  if (process.env["CI"]) throw new Error("the shared cases are missing: set GATEWAY_SHARED");
  return undefined;
}

/** Names of the fixtures: folders with a gateway.yaml. */
export function fixtureNames(): readonly string[] {
  return readdirSync(join(root, "fixtures"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "fixtures", entry.name, "gateway.yaml")))
    .map((entry) => entry.name)
    .sort();
}
