import type { Report } from "../diagnostics/diagnostic.js";
import type { Span } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { ModelScope, SchemaModel, SchemaPath } from "../syntax/models/index.js";
import type { Name, Node } from "../syntax/tree.js";
import { jsonOf } from "./json-of.js";

/** The file's models, from TypeScript declarations or JSON Schemas. */
export async function checkModels({ models }: GatewaySyntax, report: Report): Promise<ModelScope> {
  const { modelsFromSchemas, parseModels } = await import("../syntax/models/index.js");
  if (models?.kind === "typescript") return parseModels(models.text.text, models.text.spanMap, report);
  if (models?.kind === "schemas") return modelsFromSchemas(models.schemas.map(schemaModel), report);
  return parseModels("", { toFile: (span) => span }, report);
}

function schemaModel({ name, schema }: { readonly name: Name; readonly schema: Node }): SchemaModel {
  return { name: name.text, nameSpan: name.span, schema: jsonOf(schema), spanOf: (path) => spanAt(schema, path) };
}

/** Span of the part at a path, or of the last part above it that is there. */
function spanAt(schema: Node, path: SchemaPath): Span {
  let node = schema;
  for (const step of path) {
    const next =
      node.kind === "map"
        ? node.entries.find(({ name }) => name.text === String(step))?.value
        : node.kind === "list"
          ? node.items[Number(step)]
          : undefined;
    if (next === undefined) break;
    node = next;
  }
  return node.span;
}
