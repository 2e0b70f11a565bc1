import type { Integration } from "../model/integrations.js";
import type { RequestSyntax, RouteSyntax } from "../syntax/gateway-syntax.js";
import type { FunctionTable } from "./functions.js";
import type { RequestScope } from "./request-references.js";
import { checkHttpApiResponses, checkIntegrationResponses, reportMappedDocumentation } from "./response-mapping.js";

/** What the check of an integration knows of its route. */
export interface IntegrationContext extends RequestScope {
  readonly route: RouteSyntax;
  readonly timeoutMs: number;
  readonly functions: FunctionTable;
}

/** Proxies of REST APIs pass answers as they are; those of HTTP APIs can map headers. */
export async function responsesOf(context: IntegrationContext, proxy: boolean): Promise<Integration["responses"]> {
  if (context.checking.kind === "http") return checkHttpApiResponses(context.route, context);
  if (!proxy) return checkIntegrationResponses(context.route, context);
  reportMappedDocumentation(context.route, context);
  return [];
}

/** Whether a request gets another body: then the integration is no proxy. */
export function mapsBody(request: RequestSyntax | undefined): boolean {
  return request !== undefined && (request.map !== undefined || request.templates.length > 0);
}
