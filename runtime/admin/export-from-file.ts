import { readFileSync } from "node:fs";
import { badRequest } from "./admin-message.js";
import type { ExportedApi, ExportWish } from "./admin-target.js";
import { withExtensions } from "./extension-level.js";

/** As `generators/openapi/export/all-exports.ts` has it. */
const stagePlaceholder = "__gateway_stage__";

export const exportsName = "exports.json";

/**
 * A document of `exports.json`, which a build has beside its gateway, for one stage.
 *
 * @param printYaml  undefined: JSON is answered, which is YAML too
 * @returns undefined when there is no such file
 * @throws AdminProblem for a document that the build has none of
 */
export function exportFromFile(
  path: string,
  { apiName, stage, format, extensions, notation }: ExportWish,
  printYaml?: (value: never) => string,
): ExportedApi | undefined {
  let documents: Readonly<Record<string, unknown>>;
  try {
    documents = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const name = extensions.length === 0 ? format : `${format} apigateway`;
  const whole = Object.hasOwn(documents, name) ? documents[name] : undefined;
  if (typeof whole !== "object" || whole === null) {
    const why = "the file was not built for API Gateway, or is of an HTTP API";
    throw badRequest(`no ${format} document with the extensions ${extensions.join(", ") || "none"}: ${why}`);
  }
  const levels = new Set(extensions);
  const document = staged(levels.size === 0 ? whole : withExtensions(whole, levels), stage);
  const body =
    notation === "yaml" && printYaml ? printYaml(document as never) : `${JSON.stringify(document, null, 2)}\n`;
  const fileName = `${format}_${apiName}-${stage}.${notation}`.replace(/[^\w.-]/g, "_");
  return { contentType: `application/${notation}`, body: Buffer.from(body), fileName };
}

/** With the stage's name in its places. */
function staged(value: unknown, stage: string): unknown {
  const basePath = stage === "$default" ? "" : stage;
  if (value === stagePlaceholder) return basePath;
  if (value === `/${stagePlaceholder}`) return `/${basePath}`;
  if (Array.isArray(value)) return value.map((item) => staged(item, stage));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, staged(member, stage)]));
}
