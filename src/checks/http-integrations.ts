import { places } from "../mapping/expressions/index.js";
import { needsTemplate } from "../model/expressions.js";
import type { HttpIntegration, RequestMapping } from "../model/integrations.js";
import { httpMethods } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { HttpSyntax, RequestSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { checkEndpoint } from "./endpoints.js";
import { readText } from "./expressions.js";
import { type IntegrationContext, mapsBody, responsesOf } from "./integration-context.js";
import { checkIntegrationOptions } from "./integration-options.js";
import { checkRequestMapping } from "./request-mapping.js";
import { mapsResponse } from "./response-mapping.js";

/** Without a mapping of bodies or answers it is HTTP_PROXY, with one HTTP; HTTP APIs have the proxy only. */
export async function checkHttpIntegration(
  syntax: HttpSyntax,
  context: IntegrationContext,
): Promise<HttpIntegration | undefined> {
  const { route, path, checking } = context;
  const proxy = checking.kind === "http" || (!mapsBody(route.request) && !route.responses.some(mapsResponse));
  const mapped = new Set((route.request?.path ?? []).map(({ name }) => name.text));
  const uri = checkEndpoint(syntax, path, mapped, checking);
  const vpcLinkId = syntax.vpcLink && readText(syntax.vpcLink, places.arn, checking);
  const method = integrationMethod(route.request, checking) ?? routeMethod(route.key.text);
  const passthrough = proxy && checking.kind === "rest" ? route.request?.passthrough : undefined;
  if (passthrough) checking.report("passthrough-of-proxy", passthrough.span, {});
  const request = await checkRequestMapping(route.request, context, "http");
  if (proxy && checking.kind === "rest") reportMadeParameters(request, route.request, checking);
  const made = {
    kind: "http",
    proxy,
    method,
    connection: vpcLinkId && { vpcLinkId },
    insecureSkipVerification: syntax.insecureSkipVerification?.value ?? false,
    timeoutMs: context.timeoutMs,
    ...checkIntegrationOptions(route.request, checking),
    request,
    responses: await responsesOf(context, proxy),
  } as const;
  return uri && { ...made, uri };
}

/** Parameters that only a template can set, where none runs. */
function reportMadeParameters(
  { headers, query, path }: RequestMapping,
  syntax: RequestSyntax | undefined,
  { targets, report }: Checking,
): void {
  if (!targets.has("aws")) return;
  const nodes = [...(syntax?.headers ?? []), ...(syntax?.query ?? []), ...(syntax?.path ?? [])];
  const made = [...headers, ...query, ...path].filter(({ value }) => needsTemplate(value));
  for (const { name } of made) {
    const node = nodes.find((each) => each.name.text === name);
    if (node) report("parameter-of-proxy", node.value.span, { name });
  }
}

/** The method that the file gives for the integration's request; undefined when it gives none or a wrong one. */
export function integrationMethod(request: RequestSyntax | undefined, { report }: Checking): string | undefined {
  if (request?.method === undefined) return undefined;
  const method = request.method.text.toUpperCase();
  const known = [...httpMethods, "ANY"];
  if (known.includes(method)) return method;
  report("unknown-method", request.method.span, { method: request.method.text, near: nearest(method, known) });
  return undefined;
}

/** `GET` of `GET /orders`; `ANY` of `$default`. */
export function routeMethod(key: string): string {
  return /^[A-Z]+(?= )/.exec(key)?.[0] ?? "ANY";
}
