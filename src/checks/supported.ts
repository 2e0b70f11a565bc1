import type { Span } from "../source.js";
import type { GatewaySyntax, RouteSyntax, StageSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

interface Feature {
  /** Subject of the message: `API keys`. */
  readonly name: string;
  /** Which targets lack it. */
  readonly lacking: readonly ("aws" | "node")[];
  /** Where the file first asks for it. */
  readonly find: (syntax: GatewaySyntax) => Span | undefined;
}

/**
 * What an output does not do yet. It is refused by name and never ignored; landing a feature is deleting its line.
 * `node` is the generated gateway, `aws` the documents for AWS.
 */
const missing: readonly Feature[] = [
  { name: "WebSocket routes", lacking: ["aws", "node"], find: ({ websocket }) => websocket?.span },
  {
    name: "authorizers",
    lacking: ["node"],
    find: ({ auth, authorizers, routes }) => authorized(auth, routes) ?? authorizers[0]?.name.span,
  },
  {
    name: "API keys",
    lacking: ["node"],
    find: ({ apiKey, keys, routes }) =>
      (apiKey?.value ? apiKey.span : undefined) ??
      keys[0]?.name.span ??
      routes.find((route) => route.apiKey?.value)?.apiKey?.span,
  },
  { name: "usage plans", lacking: ["aws", "node"], find: ({ plans }) => plans[0]?.name.span },
  {
    name: "throttling",
    lacking: ["aws", "node"],
    find: (syntax) =>
      syntax.throttle?.span ?? routeWith(syntax, (r) => r.throttle?.span) ?? stageWith(syntax, (s) => s.throttle?.span),
  },
  { name: "response caching", lacking: ["node"], find: (syntax) => routeWith(syntax, (r) => r.cache?.span) },
  { name: "a stage's cache", lacking: ["aws", "node"], find: (syntax) => stageWith(syntax, (s) => s.cache?.span) },
  { name: "canaries", lacking: ["aws", "node"], find: (syntax) => stageWith(syntax, (s) => s.canary?.span) },
  { name: "access logs", lacking: ["aws", "node"], find: (syntax) => stageWith(syntax, (s) => s.accessLog?.span) },
  {
    name: "tracing",
    lacking: ["aws", "node"],
    find: (syntax) => stageWith(syntax, (s) => (s.tracing?.value ? s.tracing.span : undefined)),
  },
  {
    name: "metrics",
    lacking: ["aws", "node"],
    find: (syntax) => stageWith(syntax, (s) => (s.metrics && s.metrics.value !== "off" ? s.metrics.span : undefined)),
  },
  { name: "domains", lacking: ["aws", "node"], find: ({ domains }) => domains[0]?.name.span },
  { name: "resource policies", lacking: ["node"], find: ({ policy }) => policy?.span },
  {
    name: "private endpoints",
    lacking: ["node"],
    find: ({ endpoint }) => (endpoint?.value === "private" ? endpoint.span : undefined),
  },
  { name: "functions by ARN", lacking: ["node"], find: calledByArn },
  {
    name: "AWS service integrations",
    lacking: ["node"],
    find: (syntax) => routeWith(syntax, (r) => (r.integration?.kind === "aws" ? r.integration.span : undefined)),
  },
  {
    name: "VPC links",
    lacking: ["node"],
    find: (syntax) =>
      routeWith(syntax, (r) => (r.integration?.kind === "http" ? r.integration.vpcLink?.span : undefined)),
  },
];

function authorized(auth: GatewaySyntax["auth"], routes: readonly RouteSyntax[]): Span | undefined {
  const asks = (value: GatewaySyntax["auth"]) => (value?.name && value.name.text !== "none" ? value.span : undefined);
  return asks(auth) ?? routes.map((route) => asks(route.auth)).find((span) => span !== undefined);
}

function routeWith({ routes }: GatewaySyntax, find: (route: RouteSyntax) => Span | undefined): Span | undefined {
  for (const route of routes) {
    const span = find(route);
    if (span) return span;
  }
  return undefined;
}

function stageWith({ stages }: GatewaySyntax, find: (stage: StageSyntax) => Span | undefined): Span | undefined {
  return stages.map(find).find((span) => span !== undefined);
}

function calledByArn({ functions, routes }: GatewaySyntax): Span | undefined {
  const remote = new Set(functions.filter((fn) => fn.arn).map((fn) => fn.name.text));
  const route = routes.find(
    ({ integration }) => integration?.kind === "lambda" && remote.has(integration.function.text),
  );
  return route?.integration?.span;
}

/** Refuses what the wanted outputs cannot carry out yet, once a feature. */
export function checkSupported({ syntax, targets, report }: Checking): void {
  for (const { name, lacking, find } of missing) {
    const lacks = lacking.filter((target) => targets.has(target));
    const span = lacks.length > 0 ? find(syntax) : undefined;
    if (span) report("not-supported-yet", span, { feature: name, targets: lacks, works: !lacking.includes("aws") });
  }
}
