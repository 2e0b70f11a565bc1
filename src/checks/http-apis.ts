import type { Span } from "../source.js";
import type { RouteSyntax } from "../syntax/gateway-syntax.js";
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

function rootRefusals(syntax: Checking["syntax"]): readonly Refusal[] {
  const endpoint = syntax.endpoint?.value === "regional" ? undefined : syntax.endpoint?.span;
  return [
    { what: "an edge or private endpoint", instead: "leave endpoint out: HTTP APIs are regional", span: endpoint },
    { what: "request validation", instead: `${rest}, or check in the handler`, span: syntax.validate?.span },
    { what: "API keys", instead: `${rest}, or a Lambda authorizer`, span: syntax.apiKey?.span ?? syntax.keys[0]?.span },
    { what: "usage plans", instead: rest, span: syntax.plans[0]?.span },
    { what: "a resource policy", instead: `${rest}, or auth: iam`, span: syntax.policy?.span },
    { what: "compression by the gateway", instead: rest, span: syntax.compression?.span },
    {
      what: "binary media types",
      instead: "leave them out: HTTP APIs pass bytes by themselves",
      span: syntax.binaryMediaTypes?.[0]?.span,
    },
    {
      what: "gateway responses",
      instead: `${rest}; an HTTP API's errors cannot be changed`,
      span: syntax.errors[0]?.span,
    },
  ];
}

function routeRefusals(route: RouteSyntax): readonly Refusal[] {
  const { request, responses, integration } = route;
  const mapped = request?.map?.span ?? request?.templates[0]?.text.span;
  const mappedBack = responses.find(
    (response) => response.map !== undefined || response.templates.length > 0 || response.from,
  )?.span;
  return [
    { what: "body mapping", instead: `map headers and query only, or ${rest}`, span: mapped ?? mappedBack },
    {
      what: "a MOCK integration",
      instead: `lambda:, or ${rest}`,
      span: integration?.kind === "mock" ? integration.span : undefined,
    },
    { what: "request validation", instead: `${rest}, or check in the handler`, span: route.validate?.span },
    {
      what: "API keys",
      instead: `${rest}, or a Lambda authorizer`,
      span: route.apiKey?.value ? route.apiKey.span : undefined,
    },
    { what: "a response cache", instead: rest, span: route.cache?.span },
  ];
}

function stageRefusals(stage: Checking["syntax"]["stages"][number]): readonly Refusal[] {
  return [
    { what: "a response cache", instead: rest, span: stage.cache?.span },
    { what: "a canary", instead: rest, span: stage.canary?.span },
    { what: "X-Ray tracing", instead: rest, span: stage.tracing?.value ? stage.tracing.span : undefined },
  ];
}
