import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { SourceFile } from "../source.js";
import { authorizerPolicies } from "./authorizer-policies.js";
import { missingHandlers } from "./missing-handlers.js";

/** What is told of the functions' modules, which the compiler itself does not read. */
export async function handlerDiagnostics(
  source: SourceFile,
  model: GatewayModel | undefined,
  projectDir: string,
): Promise<readonly Diagnostic[]> {
  if (model === undefined) return [];
  return [...missingHandlers(source, model, projectDir), ...(await authorizerPolicies(source, model, projectDir))];
}
