import type { Span } from "../source.js";
import type { GatewaySyntax, RouteSyntax, StageSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

interface Refusal {
  readonly what: string;
  readonly instead: string;
  readonly span: Span | undefined;
}

/** What HTTP APIs lack is refused by name, with the way out (aws-behaviour.md sections 1 and 28). */
export function checkHttpApi({ kind, syntax, report }: Checking): void {
  if (kind !== "http") return;
  const refusals = [
    ...rootRefusals(syntax),
    ...syntax.routes.flatMap(routeRefusals),
    ...syntax.stages.flatMap(stageRefusals),
  ];
  for (const { what, instead, span } of refusals) if (span) report("not-on-http-apis", span, { what, instead });
}

const rest = "use kind: rest";
const noKeys = `${rest}, or a Lambda authorizer`;
const noValidation = `${rest}, or check in the handler`;

function rootRefusals(syntax: GatewaySyntax): readonly Refusal[] {
  const { endpoint, validate, apiKey, apiKeySource, policy, waf, compression, binaryMediaTypes } = syntax;
  const isRegional = endpoint?.value === "regional";
  return [
    {
      what: `${endpoint?.value} endpoints`,
      instead: "leave endpoint out: HTTP APIs are regional",
      span: isRegional ? undefined : endpoint?.span,
    },
    {
      what: "request validation",
      instead: noValidation,
      span: validate?.value === "none" ? undefined : validate?.span,
    },
    { what: "API keys", instead: noKeys, span: apiKey?.value ? apiKey.span : apiKeySource?.span },
    { what: "API keys", instead: noKeys, span: syntax.keys[0]?.name.span },
    { what: "usage plans", instead: rest, span: syntax.plans[0]?.name.span },
    { what: "resource policies", instead: `${rest}, or auth: iam`, span: policy?.span },
    { what: "firewall rules", instead: `${rest}: AWS WAF does not take HTTP APIs`, span: waf?.span },
    { what: "compression", instead: `${rest}, or compress in the handler`, span: compression?.span },
    {
      what: "binary media types",
      instead: "leave them out: HTTP APIs pass bytes as they are",
      span: binaryMediaTypes?.[0]?.span,
    },
    {
      what: "gateway responses",
      instead: `${rest}; errors of an HTTP API cannot be changed`,
      span: syntax.errors[0]?.name.span,
    },
  ];
}

function routeRefusals(route: RouteSyntax): readonly Refusal[] {
  const { request, responses, integration, validate, apiKey, cache, cors } = route;
  const templates =
    request?.templates[0]?.text.span ?? responses.find(({ templates: of }) => of[0])?.templates[0]?.text.span;
  const rules = request?.map?.span ?? responses.find(({ map }) => map)?.map?.span;
  const isMock = integration?.kind === "mock";
  return [
    { what: "VTL templates", instead: `map headers and query, or ${rest}`, span: templates },
    { what: "mapping rules for bodies", instead: `map headers and query, or ${rest}`, span: rules },
    { what: "mock integrations", instead: `use lambda:, or ${rest}`, span: isMock ? integration.name.span : undefined },
    {
      what: "request validation",
      instead: noValidation,
      span: validate?.value === "none" ? undefined : validate?.span,
    },
    { what: "API keys", instead: noKeys, span: apiKey?.value ? apiKey.span : undefined },
    { what: "response caches", instead: rest, span: cache?.enabled?.value === false ? undefined : cache?.span },
    { what: "CORS settings of single routes", instead: "set cors at the top of the file", span: cors?.span },
    {
      what: "passthrough behaviour",
      instead: "leave it out: bodies pass as they are",
      span: request?.passthrough?.span,
    },
    {
      what: "content handling",
      instead: "leave it out: bytes pass as they are",
      span:
        request?.contentHandling?.span ??
        responses.find(({ contentHandling }) => contentHandling)?.contentHandling?.span,
    },
    {
      what: "mapped path parameters",
      instead: "write the endpoint with the route's own parameters",
      span: request?.path[0]?.name.span,
    },
  ];
}

function stageRefusals({ cache, canary, tracing }: StageSyntax): readonly Refusal[] {
  return [
    { what: "response caches", instead: rest, span: cache?.enabled?.value === false ? undefined : cache?.span },
    { what: "canary releases", instead: `${rest}, or use two stages`, span: canary?.span },
    {
      what: "X-Ray tracing",
      instead: `${rest}, or trace in the handler`,
      span: tracing?.value ? tracing.span : undefined,
    },
  ];
}
