import type {
  Canary,
  Domain,
  GatewayModel,
  LambdaFunction,
  Stage,
  StageCache,
  StageRoute,
} from "../../src/model/gateway-model.js";
import type { GenerateOptions } from "../../src/model/output.js";
import { code, type Planned } from "../emit/code-literal.js";
import { apiIdOf } from "./ids.js";
import { planAccessLog } from "./plan-access-log.js";
import { type AuthorizerPlan, planAuthorizers } from "./plan-authorizers.js";
import { type GuardsPlan, planGuards } from "./plan-guards.js";
import { planLimits, planState } from "./plan-limits.js";
import { type PipelinePlan, planPipelines, planPreflightPipeline, preflightPipeline } from "./plan-pipelines.js";
import { planCors, planGatewayResponses } from "./plan-responses.js";
import { type FunctionPlan, planRoutes, type RoutePlan } from "./plan-routes.js";
import { planSocketModel } from "./plan-socket-model.js";
import { planSockets, type SocketsPlan } from "./plan-sockets.js";
import { TemplatePlans } from "./plan-templates.js";
import { envText } from "./plan-texts.js";
import { planValidators, type ValidatorPlans } from "./plan-validators.js";
import { modulePath } from "./project-paths.js";

/** Names, order and constants of the generated gateway; the printer only writes them down. */
export interface GatewayPlan {
  readonly api: { readonly [name: string]: Planned };
  readonly stages: readonly Planned[];
  readonly domains: readonly Planned[];
  readonly isEdge: boolean;
  /** API keys and usage plans; undefined: the file has none. */
  readonly limits: Planned | undefined;
  /** What nodes share; undefined: each machine keeps it alone. */
  readonly state: Planned | undefined;
  /** IAM, resource policy, WAF; undefined: none of them. */
  readonly guards: GuardsPlan | undefined;
  /** One function for each distinct sequence of steps. */
  readonly pipelines: readonly PipelinePlan[];
  readonly routes: readonly RoutePlan[];
  readonly validators: Pick<ValidatorPlans, "names" | "code" | "helpers">;
  readonly templates: Pick<TemplatePlans, "all" | "imports">;
  readonly functions: readonly FunctionPlan[];
  readonly authorizers: readonly AuthorizerPlan[];
  readonly gatewayResponses: readonly { readonly type: string; readonly entry: Planned }[];
  /** The WebSocket API; undefined: the file has none. */
  readonly websocket: SocketsPlan | undefined;
}

export function planGateway(model: GatewayModel, options: GenerateOptions): GatewayPlan {
  const functions = planFunctions(model.functions, options);
  const sockets = planSocketModel(model);
  const guarded = sockets ? { ...model, routes: [...model.routes, ...sockets.routes] } : model;
  const authorizers = planAuthorizers(guarded, functions);
  const validators = planValidators(model, sockets);
  const pipelines = planPipelines(model, sockets);
  const templates = new TemplatePlans();
  const parts = { functions, authorizers, validators, pipelines, templates, model };
  const routes = planRoutes(parts);
  const websocket = model.websocket && sockets && planSockets(model.websocket, { ...parts, model: sockets });
  const hasPreflight = routes.some((route) => route.pipeline === preflightPipeline);
  return {
    api: planApi(model),
    domains: [
      ...model.domains.map(planDomain),
      ...(model.websocket?.domain ? [{ ...planDomain(model.websocket.domain), isSocket: true }] : []),
    ],
    isEdge: model.kind === "rest" && model.endpoint === "edge",
    stages: model.stages.map(planStage),
    limits: planLimits(model),
    state: planState(model),
    guards: planGuards(model),
    pipelines: hasPreflight ? [...pipelines.all, planPreflightPipeline(model)] : pipelines.all,
    routes,
    validators,
    templates,
    functions: [...functions.values()],
    authorizers,
    gatewayResponses: planGatewayResponses(model),
    websocket,
  };
}

function planApi(model: GatewayModel): { readonly [name: string]: Planned } {
  return {
    name: model.name,
    version: model.version,
    kind: model.kind,
    apiId: apiIdOf(model.name),
    endpoint: model.endpoint === "regional" ? undefined : model.endpoint,
    disableExecuteApiEndpoint: model.disableExecuteApiEndpoint || undefined,
    region: model.aws.region,
    account: model.aws.account,
    binaryMediaTypes: model.binaryMediaTypes,
    minimumCompressionSize: model.minimumCompressionSize ?? code("undefined"),
    cors: model.kind === "http" && model.cors ? planCors(model.cors, ["*"]) : code("undefined"),
    gatewayResponses: code("gatewayResponses"),
  };
}

function planStage(stage: Stage): Planned {
  return {
    name: stage.name,
    variables: stage.variables.map(({ name, value }) => ({ name, value: envText(value) })),
    log: stage.log,
    throttle: stage.throttle && { rate: stage.throttle.rate, burst: stage.throttle.burst },
    cache: stage.cache && planCache(stage.cache),
    accessLog: stage.accessLog === undefined ? undefined : planAccessLog(stage.accessLog),
    socketAccessLog: stage.socketAccessLog === undefined ? undefined : planAccessLog(stage.socketAccessLog),
    tracing: stage.tracing || undefined,
    metrics: stage.metrics === "standard" ? undefined : stage.metrics,
    canary: stage.canary && planCanary(stage.canary),
    methods: stage.routes.length > 0 ? Object.fromEntries(stage.routes.map(planStageRoute)) : undefined,
  };
}

function planStageRoute({ routeKey, throttle, log, caching, cacheTtlSeconds }: StageRoute): [string, Planned] {
  return [
    routeKey,
    { log, throttle: throttle && { rate: throttle.rate, burst: throttle.burst }, caching, cacheTtlSeconds },
  ];
}

function planCache({ size, ttlSeconds, encrypted, invalidate, unauthorized }: StageCache): Planned {
  return { maxBytes: size * 1e9, ttlSeconds, encrypted, invalidate, unauthorized };
}

function planCanary({ percent, variables, useStageCache, sticky, header }: Canary): Planned {
  return {
    percent,
    variables: variables.map(({ name, value }) => ({ name, value: envText(value) })),
    useStageCache,
    sticky,
    header,
  };
}

function planDomain({ name, tls, securityPolicy, paths }: Domain): { readonly [member: string]: Planned } {
  return {
    name,
    tls: tls
      ? {
          certificate: envText(tls.certificate),
          key: envText(tls.key),
          clientCa: tls.clientCa ?? code("undefined"),
          securityPolicy,
        }
      : code("undefined"),
    paths: paths.map(({ basePath, stage }) => ({ basePath, stage })),
  };
}

function planFunctions(functions: readonly LambdaFunction[], options: GenerateOptions): Map<string, FunctionPlan> {
  const plans = new Map<string, FunctionPlan>();
  for (const { name, code } of functions) {
    if (code.kind === "arn") continue;
    const files = code.kind === "module" ? [{ alias: "", file: code.file }] : code.files;
    plans.set(name, {
      constant: `modules${plans.size + 1}`,
      modules: files.map(({ alias, file }) => ({ alias, importPath: modulePath(file, options) })),
    });
  }
  return plans;
}
