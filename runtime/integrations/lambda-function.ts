import type { AwsService } from "../aws/endpoints.js";
import type { Exchange } from "../http/exchange.js";
import type { CallPlace } from "./buffered-call.js";
import type { DeadlineQueue } from "./deadlines.js";
import { configurationError } from "./failures.js";
import { refuseIllegalHeaders } from "./illegal-headers.js";
import type { LambdaHandler, LambdaModule, LambdaTarget } from "./lambda-target.js";
import { parameterNames } from "./path-parameters.js";
import { plainText, type StageText } from "./target-text.js";

/** The function of one route in one stage, with what every invocation shares. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly deadlines: DeadlineQueue;
  /** The deadline is the function's own, which comes before the route's. */
  readonly endsItself: boolean;
  /** Names of the route's path parameters, in order. */
  readonly parameterNames: readonly string[];
  readonly load: () => Promise<LambdaHandler>;
  /** Undefined until the module has been loaded. */
  handler: LambdaHandler | undefined;
  /** Its way in without an event, where it has one. */
  local: LambdaHandler | undefined;
  /** A function that is called by the Invoke API; undefined until the first call. */
  remote: RemoteFunction | undefined;
}

/** Where a deployed function is called. */
export interface RemoteFunction {
  readonly service: AwsService;
  readonly place: CallPlace;
  readonly authority: string;
  /** Of the Invoke API, with what stands before it in a configured address. */
  readonly path: string;
}

/** The function that an exchange's route calls in its stage; made by the first request. */
export function functionOf(x: Exchange): LambdaFunction {
  const { targets } = x.program;
  let byStage = targets.functions.get(x.route);
  if (byStage === undefined) {
    byStage = [];
    targets.functions.set(x.route, byStage);
  }
  const known = byStage[x.stage.index];
  if (known !== undefined) return known;
  const { lambda } = x.route;
  if (lambda === undefined) throw configurationError("the route has no function");
  refuseIllegalHeaders("AWS", lambda.mappedHeaders ?? []);
  const created = createFunction(x, lambda, targets.text(x.route, x.stage.index), x.route.timeoutMs);
  byStage[x.stage.index] = created;
  return created;
}

/**
 * A function as the stage of an exchange has it, for a route or an authorizer.
 *
 * @param text       alias or ARN of the target, stage variables filled in; undefined where it has neither
 * @param timeoutMs  how long its caller waits; the function's own time-out may be shorter
 */
export function createFunction(
  { program, route, receivedAt }: Exchange,
  target: LambdaTarget,
  text: StageText | undefined,
  timeoutMs: number,
): LambdaFunction {
  const { targets, ids } = program;
  const { region, account } = program.program.api;
  const name = target.functionName;
  const alias = aliasOf(target, text);
  const ownTimeoutMs = target.timeoutMs ?? timeoutMs;
  const day = new Date(receivedAt).toISOString().slice(0, 10).replaceAll("-", "/");
  const created: LambdaFunction = {
    name,
    arn:
      arnOf(target, text) ?? `arn:aws:lambda:${region}:${account}:function:${name}${alias === "" ? "" : `:${alias}`}`,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `${day}/[$LATEST]${ids.hex(32)}`,
    deadlines: targets.deadlines.queue(Math.min(ownTimeoutMs, timeoutMs)),
    endsItself: ownTimeoutMs < timeoutMs,
    parameterNames: parameterNames(route.segments),
    load: async () => {
      const handler = handlerOf(await moduleOf(target, alias)());
      if (handler === undefined) throw new Error(`Runtime.HandlerNotFound: "${name}" exports no "handler"`);
      created.handler = handler;
      created.local = targets.makesEvents ? undefined : localOf(handler);
      return handler;
    },
    handler: undefined,
    local: undefined,
    remote: undefined,
  };
  return created;
}

function arnOf({ arn }: LambdaTarget, text: StageText | undefined): string | undefined {
  return arn === undefined || text === undefined ? undefined : (plainText(text) ?? "");
}

function aliasOf({ alias }: LambdaTarget, text: StageText | undefined): string {
  return alias === undefined || text === undefined ? "" : (plainText(text) ?? "");
}

/** An alias that a stage's variable names and the function does not have is a configuration error, as on AWS. */
function moduleOf({ functionName, modules }: LambdaTarget, alias: string): () => Promise<LambdaModule> {
  const load = modules.get(alias);
  if (load === undefined) throw configurationError(`function "${functionName}" has no alias "${alias}"`);
  return load;
}

function handlerOf(module: LambdaModule & { readonly default?: Partial<LambdaModule> }): LambdaHandler | undefined {
  const handler = module.handler ?? module.default?.handler;
  return typeof handler === "function" ? handler : undefined;
}

/**
 * What a typed handler takes in place of an event (`LocalHandler` of generators/handlers/binder). Undefined where something is
 * wrapped around the handler, though it may have copied its members.
 */
function localOf(handler: LambdaHandler): LambdaHandler | undefined {
  const { local } = handler as { readonly local?: LambdaHandler & { readonly of?: unknown } };
  return typeof local === "function" && local.of === handler ? local : undefined;
}
