import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedApi, ExportWish } from "./admin-target.js";

/** The OpenAPI document that `gateway build` has written beside the gateway. @param build  the output folder */
export function exportFromFolder(
  build: string,
  { apiName, stage, format, hasExtensions }: ExportWish,
): ExportedApi | undefined {
  const file = `openapi${hasExtensions ? "" : ".clean"}.${format}`;
  try {
    const body = readFileSync(join(build, "openapi", file));
    const fileName = `oas30_${apiName}-${stage}.${format}`.replace(/[^\w.-]/g, "_");
    return { contentType: `application/${format}`, body, fileName };
  } catch {
    return undefined;
  }
}
