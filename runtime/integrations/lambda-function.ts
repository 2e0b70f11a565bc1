import type { AwsService } from "../aws/endpoints.js";
import type { Exchange } from "../http/exchange.js";
import type { RouteEntry } from "../program.js";
import type { CallPlace } from "./buffered-call.js";
import type { DeadlineQueue } from "./deadlines.js";
import { configurationError } from "./failures.js";
import { refuseIllegalHeaders } from "./illegal-headers.js";
import type { LambdaHandler, LambdaModule } from "./lambda-target.js";
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
  const created = createFunction(x);
  byStage[x.stage.index] = created;
  return created;
}

function createFunction({ program, route, stage, receivedAt }: Exchange): LambdaFunction {
  const { targets, ids } = program;
  const { region, account } = program.program.api;
  refuseIllegalHeaders("AWS", route.lambda?.mappedHeaders ?? []);
  const name = route.lambda?.functionName ?? "";
  const text = targets.text(route, stage.index);
  const alias = aliasOf(route, text);
  const ownTimeoutMs = route.lambda?.timeoutMs ?? route.timeoutMs;
  const day = new Date(receivedAt).toISOString().slice(0, 10).replaceAll("-", "/");
  const created: LambdaFunction = {
    name,
    arn: arnOf(route, text) ?? `arn:aws:lambda:${region}:${account}:function:${name}${alias === "" ? "" : `:${alias}`}`,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `${day}/[$LATEST]${ids.hex(32)}`,
    deadlines: targets.deadlines.queue(Math.min(ownTimeoutMs, route.timeoutMs)),
    endsItself: ownTimeoutMs < route.timeoutMs,
    parameterNames: parameterNames(route.segments),
    load: async () => {
      const handler = handlerOf(await moduleOf(route, alias)());
      if (handler === undefined) throw new Error(`Runtime.HandlerNotFound: "${name}" exports no "handler"`);
      created.handler = handler;
      return handler;
    },
    handler: undefined,
    remote: undefined,
  };
  return created;
}

function arnOf({ lambda }: RouteEntry, text: StageText | undefined): string | undefined {
  return lambda?.arn === undefined || text === undefined ? undefined : (plainText(text) ?? "");
}

function aliasOf({ lambda }: RouteEntry, text: StageText | undefined): string {
  return lambda?.alias === undefined || text === undefined ? "" : (plainText(text) ?? "");
}

/** An alias that a stage's variable names and the function does not have is a configuration error, as on AWS. */
function moduleOf({ lambda }: RouteEntry, alias: string): () => Promise<LambdaModule> {
  const load = lambda?.modules.get(alias);
  if (load === undefined) throw configurationError(`function "${lambda?.functionName}" has no alias "${alias}"`);
  return load;
}

function handlerOf(module: LambdaModule & { readonly default?: Partial<LambdaModule> }): LambdaHandler | undefined {
  const handler = module.handler ?? module.default?.handler;
  return typeof handler === "function" ? handler : undefined;
}
