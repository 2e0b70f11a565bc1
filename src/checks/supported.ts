import type { ApiKind } from "../model/gateway-model.js";
import type { Span } from "../source.js";
import type { GatewaySyntax, StageSyntax } from "../syntax/gateway-syntax.js";
import type { Checking, Target } from "./checking.js";
import { withWebSocketRoutes } from "./websocket-as-routes.js";

interface Feature {
  /** Subject of the message: `API keys`. */
  readonly name: string;
  /** Which targets lack it. */
  readonly lacking: readonly Target[];
  /** The kind of API that has it; the other refuses it by name itself. */
  readonly only?: ApiKind;
  /** Whether OpenAPI has no place for it, so that it is in no output for AWS until there is CloudFormation. */
  readonly isUnexported?: true;
  /** Where the file asks for it. */
  readonly find: (syntax: GatewaySyntax) => readonly (Span | undefined)[];
}

const node: readonly Target[] = ["node"];

/**
 * What an output does not do yet. It is refused by name and never ignored; landing a feature is deleting its entry.
 * `node` is the generated gateway, `aws` the documents for AWS.
 */
const missing: readonly Feature[] = [
  { name: "WebSocket routes", lacking: [], isUnexported: true, find: ({ websocket }) => [websocket?.span] },
  {
    name: "values of API keys",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: ({ keys }) => keys.map((key) => key.name.span),
  },
  {
    name: "usage plans",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: ({ plans }) => plans.map((plan) => plan.name.span),
  },
  {
    name: "throttling",
    lacking: [],
    isUnexported: true,
    find: (syntax) => [
      syntax.throttle?.span,
      ...syntax.routes.map((route) => route.throttle?.span),
      ...syntax.stages.map((stage) => stage.throttle?.span),
    ],
  },
  {
    name: "caching",
    lacking: [],
    isUnexported: true,
    only: "rest",
    find: (syntax) =>
      [...syntax.routes, ...syntax.stages].map(({ cache }) =>
        cache?.enabled?.value === false ? undefined : cache?.span,
      ),
  },
  {
    name: "canary releases",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: stagesWith((stage) => stage.canary?.span),
  },
  {
    name: "messages of WebSocket routes in the execution log",
    lacking: node,
    isUnexported: true,
    find: ({ websocket, stages }) =>
      websocket === undefined ? [] : stages.map(({ log }) => (log?.value === "debug" ? log.span : undefined)),
  },
  {
    name: "the execution log of single routes",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: ({ routes }) => routes.map(({ log }) => log?.span),
  },
  { name: "access logs", lacking: [], isUnexported: true, find: stagesWith((stage) => stage.accessLog?.span) },
  {
    name: "tracing",
    lacking: [],
    isUnexported: true,
    only: "rest",
    find: stagesWith(({ tracing }) => (tracing?.value ? tracing.span : undefined)),
  },
  {
    name: "metrics",
    lacking: [],
    isUnexported: true,
    find: stagesWith(({ metrics }) => (metrics && metrics.value !== "off" ? metrics.span : undefined)),
  },
  {
    name: "custom domains",
    lacking: [],
    isUnexported: true,
    find: ({ domains, websocket }) => [...domains.map((domain) => domain.name.span), websocket?.domain?.span],
  },
  {
    name: "firewall rules",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: ({ waf }) => [waf?.span],
  },
  {
    name: "edge endpoints",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: ({ endpoint }) => [endpoint?.value === "edge" ? endpoint.span : undefined],
  },
  {
    name: "private endpoints",
    lacking: [],
    only: "rest",
    isUnexported: true,
    find: ({ endpoint }) => [endpoint?.value === "private" ? endpoint.span : undefined],
  },
];

function stagesWith(find: (stage: StageSyntax) => Span | undefined): Feature["find"] {
  return ({ stages }) => stages.map(find);
}

/** Refuses what the wanted outputs cannot carry out yet, once a feature. What no output has yet is refused always. */
export function checkSupported({ syntax: written, kind, targets, report }: Checking): void {
  const syntax = withWebSocketRoutes(written);
  for (const { name, lacking, only = kind, isUnexported, find } of missing) {
    const isNowhere = lacking.length === 2;
    const lacks = lacking.filter((target) => targets.has(target));
    const isRefused = lacks.length > 0 || isNowhere;
    if (only !== kind || !(isRefused || isUnexported)) continue;
    const [span, ...others] = find(syntax).filter((place) => place !== undefined);
    if (span === undefined) continue;
    if (!isRefused) {
      report("not-exported-yet", span, { feature: name });
      continue;
    }
    const notes = others.slice(0, 3).map((other) => ({ span: other, message: "it is asked for here too" }));
    const works = isNowhere
      ? "leave it out until a later version has it"
      : "leave it out, or build the other outputs: gateway build --only openapi,sdk,handlers";
    report("not-supported-yet", span, { feature: name, targets: isNowhere ? [] : lacks, works }, { notes });
  }
}
