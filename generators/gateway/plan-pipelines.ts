import type { Authorizer } from "../../src/model/authorizers.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import { type Integration, isProxy } from "../../src/model/integrations.js";
import type { Route } from "../../src/model/routes.js";
import { isConstantMock } from "./constant-mock.js";
import { authorizerOf } from "./plan-authorizers.js";
import { checkedResponses } from "./plan-response-checks.js";
import { isManagement } from "./plan-socket-model.js";
import { requiredParametersOf, validatesBody } from "./plan-validation.js";
import { strictlyChecked } from "./plan-validators.js";

/** A distinct sequence of steps, printed as one function. The steps before `answer` may end the route early. */
export interface PipelinePlan {
  readonly name: string;
  readonly checks: readonly string[];
  readonly answer: string;
  /** The answer may come from the stage's cache. */
  readonly isCached: boolean;
  /** Steps that complete an answer. */
  readonly after: readonly string[];
}

export interface PipelinePlans {
  readonly all: readonly PipelinePlan[];
  readonly byRoute: ReadonlyMap<Route, PipelinePlan>;
}

/** The pipeline that answers preflight requests: what guards the whole API guards them too. */
export function planPreflightPipeline(model: GatewayModel): PipelinePlan {
  const checks = [
    ...(model.endpoint === "private" ? ["requirePrivate"] : []),
    ...(hasPolicy(model) ? ["policyAllows"] : []),
  ];
  return { name: preflightPipeline, checks, answer: "corsPreflight", isCached: false, after: [] };
}

export const preflightPipeline = "preflight";

/**
 * One pipeline for each sequence of steps that some route needs, in the order of first use.
 *
 * @param sockets  the WebSocket API as a REST API (`planSocketModel`)
 */
export function planPipelines(model: GatewayModel, sockets?: GatewayModel): PipelinePlans {
  const remote = new Set(model.functions.filter(({ code }) => code.kind === "arn").map(({ name }) => name));
  const bySteps = new Map<string, PipelinePlan>();
  const byRoute = new Map<Route, PipelinePlan>();
  const plan = (route: Route, steps: Omit<PipelinePlan, "name">) => {
    const key = [...steps.checks, steps.isCached, steps.answer, ...steps.after].join(" ");
    const planned = bySteps.get(key) ?? { name: `pipeline${bySteps.size + 1}`, ...steps };
    bySteps.set(key, planned);
    byRoute.set(route, planned);
  };
  for (const route of model.routes) plan(route, stepsOf(route, model, remote));
  for (const route of sockets?.routes ?? [])
    plan(route, socketSteps(stepsOf(route, sockets as GatewayModel, remote), route));
  return { all: [...bySteps.values()], byRoute };
}

/** A message is there before its route begins, and `@connections` has no integration. */
function socketSteps(steps: Omit<PipelinePlan, "name">, route: Route): Omit<PipelinePlan, "name"> {
  if (isManagement(route)) return { checks: steps.checks, answer: "manageConnections", isCached: false, after: [] };
  return { ...steps, checks: steps.checks.filter((step) => step !== "readBody") };
}

interface StepRule {
  readonly step: string;
  readonly isNeeded: (route: Route, model: GatewayModel) => boolean;
}

/**
 * The steps before the integration, in API Gateway's order of work (aws-behaviour.md section 4): resource policy and
 * authorizer, API key and plan, throttles, validation, cache look-up. A step belongs to its place in this list and to
 * no other.
 */
const checkRules: readonly StepRule[] = [
  { step: "requirePrivate", isNeeded: (_, { endpoint }) => endpoint === "private" },
  { step: "policyDenies", isNeeded: withPolicy(isGuardedBy("lambda")) },
  { step: "lambdaAuthorizer", isNeeded: isGuardedBy("lambda") },
  { step: "policyAgrees", isNeeded: withPolicy(isGuardedBy("lambda")) },
  { step: "iamSigner", isNeeded: isSigned },
  { step: "readBody", isNeeded: isSigned },
  { step: "iamCaller", isNeeded: isSigned },
  { step: "cognitoAuthorizer", isNeeded: isGuardedBy("cognito") },
  { step: "jwtAuthorizer", isNeeded: isGuardedBy("jwt") },
  // Behind every authorizer that believes tokens.
  {
    step: "policyAllows",
    isNeeded: withPolicy((route, model) => !isSigned(route) && !isGuardedBy("lambda")(route, model)),
  },
  { step: "requireApiKey", isNeeded: needsKey },
  { step: "usagePlan", isNeeded: needsKey },
  {
    step: "throttle",
    isNeeded: (route, { stages }) =>
      route.throttle !== undefined ||
      stages.some(
        (stage) =>
          stage.throttle !== undefined ||
          stage.routes.some(({ routeKey, throttle }) => throttle !== undefined && routeKey === route.key),
      ),
  },
  {
    step: "requireParameters",
    isNeeded: (route, { kind }) => kind === "rest" && requiredParametersOf(route).length > 0,
  },
  { step: "strictParameters", isNeeded: (route, { kind }) => kind === "rest" && strictlyChecked(route).length > 0 },
  {
    step: "readBody",
    isNeeded: (route, model) => !isSigned(route) && (validatesIn(model, route) || needsWholeBody(route.integration)),
  },
  { step: "validateBody", isNeeded: (route, model) => validatesIn(model, route) },
  {
    step: "mapFunctionRequest",
    isNeeded: ({ integration: { kind, request } }, model) =>
      model.kind === "http" && kind === "lambda" && request.headers.length + request.query.length > 0,
  },
];

function isGuardedBy(kind: Authorizer["kind"]): StepRule["isNeeded"] {
  return (route, model) => authorizerOf(route, model)?.kind === kind;
}

/** The steps after the integration. */
const afterRules: readonly StepRule[] = [
  { step: "validateResponse", isNeeded: (route, { kind }) => kind === "rest" && checkedResponses(route).length > 0 },
  {
    step: "addCors",
    isNeeded: (route, { kind }) => kind === "rest" && route.cors !== undefined && !isProxy(route.integration),
  },
  {
    step: "mapFunctionAnswer",
    isNeeded: ({ integration }, { kind }) =>
      kind === "http" && integration.kind === "lambda" && integration.responses.length > 0,
  },
];

function stepsOf(route: Route, model: GatewayModel, remote: ReadonlySet<string>): Omit<PipelinePlan, "name"> {
  const needed = (rules: readonly StepRule[]) =>
    rules.filter(({ isNeeded }) => isNeeded(route, model)).map(({ step }) => step);
  return {
    checks: needed(checkRules),
    answer: answerStep(route.integration, model, remote),
    isCached: route.cache !== undefined && model.stages.some(({ cache }) => cache !== undefined),
    after: needed(afterRules),
  };
}

function withPolicy(isNeeded: StepRule["isNeeded"]): StepRule["isNeeded"] {
  return (route, model) => hasPolicy(model) && isNeeded(route, model);
}

/** A signature is over the body, which is read before the other steps then. */
function isSigned({ authorization }: Route): boolean {
  return authorization.kind === "iam";
}

function hasPolicy({ kind, policy }: GatewayModel): boolean {
  return kind === "rest" && policy !== undefined;
}

function needsKey(route: Route, { kind }: GatewayModel): boolean {
  return kind === "rest" && route.apiKeyRequired;
}

function validatesIn({ kind }: GatewayModel, route: Route): boolean {
  return kind === "rest" && validatesBody(route);
}

function needsWholeBody(integration: Integration): boolean {
  switch (integration.kind) {
    case "lambda":
    case "aws":
      return true;
    case "http":
      return !integration.proxy;
    case "mock":
      return integration.request.templates.length > 0;
  }
}

/** @param remote  names of the functions that are called by the Invoke API */
function answerStep(integration: Integration, { kind }: GatewayModel, remote: ReadonlySet<string>): string {
  switch (integration.kind) {
    case "lambda":
      return `${integration.proxy ? "lambdaProxy" : "lambdaCustom"}${remote.has(integration.function) ? "Remote" : ""}`;
    case "http":
      return integration.proxy ? "httpProxy" : "httpCustom";
    case "mock":
      return isConstantMock(integration) ? "mock" : "mockMapped";
    case "aws":
      return kind === "http" ? "firstClassService" : "awsService";
  }
}
