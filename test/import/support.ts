import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { checkGateway } from "../../src/checks/index.js";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { renderText } from "../../src/diagnostics/render.js";
import { type Import, type ImportOptions, importGateway } from "../../src/import/import-gateway.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { SourceFile } from "../../src/source.js";
import { parseGateway } from "../../src/syntax/parse-gateway.js";

/** Imports documents given as text; the first is the one that is imported. */
export async function importTexts(
  files: Readonly<Record<string, string>>,
  options: ImportOptions = {},
): Promise<Import> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-import-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return await importGateway(join(folder, Object.keys(files)[0] ?? ""), options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The model of a gateway.yaml. @throws when it has mistakes */
export async function modelOf(text: string): Promise<GatewayModel> {
  const found = new DiagnosticList();
  const source = new SourceFile("gateway.yaml", text);
  const syntax = parseGateway(source, found.report);
  const model = syntax && (await checkGateway(syntax, found.report, { source, targets: new Set() }));
  const errors = found.sorted().filter(({ severity }) => severity === "error");
  if (!model || errors.length > 0) throw new Error(`${renderText(source, errors, { color: false })}\n${text}`);
  return model;
}

/** The document for AWS without what JSON Schema says in two ways: `oneOf` of members that exclude each other is `anyOf`. */
export function comparable(model: GatewayModel): JsonValue {
  return withoutOneOf(planAwsDocument(model));
}

function withoutOneOf(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutOneOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name === "oneOf" ? "anyOf" : name,
      withoutOneOf(member as JsonValue),
    ]),
  );
}
