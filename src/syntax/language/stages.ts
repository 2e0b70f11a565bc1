import type { ErrorSyntax, StageCacheSyntax, StageRouteSyntax, StageSyntax } from "../gateway-syntax.js";
import {
  boolean,
  byKind,
  byType,
  choice,
  duration,
  entries,
  integer,
  key,
  map,
  mapped,
  number,
  on,
  prose,
  type Shape,
  text,
} from "../shape/index.js";
import { mappingFields, templatesOf } from "./integration.js";
import { namedNodes, throttle, variables } from "./shared.js";

const cacheForm = map("a stage's cache", {
  size: key(number({ min: 0 }), "Size in GB: 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118 or 237.", {
    examples: [1.6],
    default: 0.5,
    on: on.rest,
  }),
  ttl: key(
    duration("s", { min: 0 }),
    "Seconds that answers are kept, where the route says nothing. AWS allows up to 3600.",
    { examples: [60], default: 300, on: on.rest },
  ),
  encrypted: key(boolean(), "Whether cached answers are encrypted.", { default: false, on: on.rest }),
  invalidate: key(
    choice(["anyone", "iam"]),
    "Who may pass the cache by with `Cache-Control: max-age=0`: anyone, or callers with the permission execute-api:InvalidateCache.",
    { default: "iam", on: on.rest },
  ),
  unauthorized: key(
    choice(["FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"]),
    "What happens to others who try.",
    { default: "SUCCEED_WITH_RESPONSE_HEADER", on: on.rest },
  ),
});

const cache = (): Shape<StageCacheSyntax> =>
  byKind<StageCacheSyntax>(
    {
      scalar: mapped(boolean(), (enabled, { span }) => ({ ...cacheForm.none(span), enabled })),
      map: mapped(cacheForm, (members) => ({ enabled: undefined, ...members })),
    },
    "true, false, or a map with size and ttl",
  );

const canaryForm = map(
  "a canary",
  {
    percent: key(number({ min: 0, max: 100 }), "Share of the requests that go to the canary.", {
      examples: [10],
      on: on.rest,
    }),
    variables: key(variables(), "Stage variables that the canary has instead.", {
      default: {},
      examples: [{ alias: "next" }],
      on: on.rest,
    }),
    useStageCache: key(boolean(), "Whether the canary shares the stage's cache.", { default: false, on: on.rest }),
    sticky: key(
      text("an expression"),
      "What keeps a client on one side: a header, a query parameter or `$context.identity.sourceIp`. Left out, each request is drawn by itself, as on AWS.",
      { examples: ["$request.header.X-User"], on: on.restOnNode },
    ),
    header: key(
      text("the name of a header"),
      "Header by which a request chooses its side: `always` or `never`. Left out, none may; anyone who knows the header may use it.",
      { examples: ["X-Canary"], on: on.restOnNode },
    ),
  },
  { required: ["percent"], synonyms: { percentTraffic: "percent", stageVariableOverrides: "variables" } },
);

const stageRouteForm = map("settings of a route", {
  throttle: key(throttle(), "Limit of the route on this stage.", { examples: [{ rate: 5, burst: 10 }] }),
  log: key(choice(["off", "error", "info", "debug"]), "Execution log of the route on this stage.", {
    examples: ["debug"],
    on: on.restAndWebSocket,
  }),
  cache: key(
    byKind<NonNullable<StageRouteSyntax["cache"]>>(
      {
        scalar: byType<NonNullable<StageRouteSyntax["cache"]>>(
          {
            boolean: mapped(boolean(), ({ value, span }) => ({ enabled: value, ttl: undefined, span })),
            other: mapped(duration("s", { min: 0 }), (ttl) => ({ enabled: true, ttl, span: ttl.span })),
          },
          "true, false or seconds",
        ),
      },
      "true, false or seconds",
    ),
    "Whether the stage keeps the route's answers, or for how many seconds. Only of routes that have a cache.",
    { examples: [false], on: on.rest },
  ),
});

const stageForm = map(
  "a stage",
  {
    description: key(prose(), "What the stage is for.", { examples: ["What customers use."] }),
    variables: key(
      variables(),
      "Stage variables: texts of letters, digits and -._~:/?#&=, which `${stageVariables.x}` reads.",
      {
        default: {},
        examples: [{ alias: "live" }],
      },
    ),
    throttle: key(throttle(), "Limit of each route on the stage, where the route says nothing.", {
      examples: [{ rate: 1000, burst: 2000 }],
    }),
    log: key(
      choice(["off", "error", "info", "debug"]),
      "Execution log. AWS logs nothing unless told to; a gateway that fails without a word helps nobody, so errors are logged here. `debug` is AWS's INFO with data trace: requests and responses are logged.",
      {
        default: "error",
        on: on.restAndWebSocket,
      },
    ),
    accessLog: key(
      text("clf, json, xml, csv or a format"),
      "Access log: one of AWS's formats by name, or a format of $context variables.",
      {
        examples: ["json", '$context.requestId "$context.httpMethod $context.resourcePath" $context.status'],
      },
    ),
    tracing: key(boolean(), "Whether requests are traced with X-Ray.", { default: false, on: on.rest }),
    metrics: key(
      choice(["off", "standard", "detailed"]),
      "Metrics by API Gateway's names; `detailed` has them by route too.",
      { default: "standard" },
    ),
    cache: key(cache(), "Cache of the stage. Left out, nothing is cached.", {
      examples: [{ size: 0.5, ttl: 300, encrypted: true }],
      on: on.rest,
    }),
    canary: key(
      mapped(canaryForm, ({ variables: overrides, ...rest }) => ({ ...rest, variables: overrides ?? [] })),
      "A canary release beside the stage's deployment.",
      { examples: [{ percent: 10, variables: { alias: "next" } }], on: on.rest },
    ),
    routes: key(
      entries(stageRouteForm, "a map from routes to settings", (name, members, { span }) => ({
        ...(members ?? stageRouteForm.none(span)),
        name,
      })),
      "Settings of single routes on this stage, instead of the routes' own: AWS's method and route settings.",
      { default: {}, examples: [{ "POST /orders": { throttle: { rate: 5, burst: 10 } } }] },
    ),
  },
  {
    synonyms: {
      stageVariables: "variables",
      vars: "variables",
      env: "variables",
      logLevel: "log",
      canarySettings: "canary",
      methodSettings: "routes",
      routeSettings: "routes",
    },
  },
);

export const stages = (): Shape<readonly StageSyntax[]> =>
  entries(stageForm, "a map of stages", (name, members, { span }) => {
    const { variables: values, routes, ...rest } = members ?? stageForm.none(span);
    return { ...rest, variables: values ?? [], routes: routes ?? [], name };
  });

const errorForm = map(
  "a gateway response",
  {
    status: key(integer(100, 599), "Status instead of the type's own.", { examples: [404], on: on.rest }),
    headers: key(namedNodes("a map of headers"), "Headers of the answer: constants or expressions.", {
      default: {},
      examples: [{ "Retry-After": "1" }],
      on: on.rest,
    }),
    ...mappingFields,
  },
  { atMostOne: [["map", "template"]], synonyms: { statusCode: "status", responseTemplates: "templates" } },
);

export const errors = (): Shape<readonly ErrorSyntax[]> =>
  entries(errorForm, "a map of gateway responses", (name, members, { span }) => {
    const { headers, template, templates, ...rest } = members ?? errorForm.none(span);
    return { ...rest, headers: headers ?? [], templates: templatesOf(template, templates), name };
  });
