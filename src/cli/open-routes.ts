import { type Diagnostic, DiagnosticList } from "../diagnostics/diagnostic.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { SourceFile } from "../source.js";
import { parseGateway } from "../syntax/parse-gateway.js";

/** Keys of the routes that want neither an authorizer nor an API key: anybody who reaches the gateway may call them. */
export function openRouteKeys({ routes }: GatewayModel): readonly string[] {
  return routes
    .filter((route) => route.authorization.kind === "none" && !route.apiKeyRequired)
    .map((route) => route.key);
}

/** The open routes as notes at their places, for scripts and code scanners. */
export function openRoutes(source: SourceFile, model: GatewayModel): readonly Diagnostic[] {
  const open = new Set(openRouteKeys(model));
  const found = new DiagnosticList();
  const syntax = parseGateway(source, () => undefined);
  for (const { key } of syntax?.routes ?? [])
    if (open.has(key.text)) found.report("open-route", key.span, { key: key.text });
  return found.sorted();
}
