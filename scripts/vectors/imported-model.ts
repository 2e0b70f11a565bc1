import { checkGateway } from "../../src/checks/index.js";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { renderText } from "../../src/diagnostics/render.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import { SourceFile } from "../../src/source.js";
import { parseGateway } from "../../src/syntax/parse-gateway.js";

/** The model of what an import wrote; what an output does not do yet is no matter. @throws when it has mistakes */
export async function modelOfImport(text: string): Promise<GatewayModel> {
  const found = new DiagnosticList();
  const source = new SourceFile("gateway.yaml", text);
  const syntax = parseGateway(source, found.report);
  const model = syntax && (await checkGateway(syntax, found.report, { source, targets: new Set() }));
  const errors = found.sorted().filter(({ severity }) => severity === "error");
  if (!model || errors.length > 0) throw new Error(renderText(source, errors.slice(0, 1), { color: false }));
  return model;
}
