import type { Report } from "../diagnostics/diagnostic.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { ModelScope } from "../syntax/models/index.js";

/** The file's models; without a block of declarations TypeScript's parser is not loaded. */
export async function checkModels({ models }: GatewaySyntax, report: Report): Promise<ModelScope> {
  const { parseModels } = await import("../syntax/models/index.js");
  if (models?.kind === "typescript") return parseModels(models.text.text, models.text.spanMap, report);
  if (models?.kind === "schemas") {
    const { modelsFromTree } = await import("./models-from-tree.js");
    return modelsFromTree(models.schemas, report);
  }
  return parseModels("", { toFile: (span) => span }, report);
}
