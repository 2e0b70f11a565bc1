import type { AwsAccess } from "../aws/aws-access.js";
import type { Clock } from "../clock.js";
import type { LiveStage } from "../host/live-program.js";
import type { Environment } from "../host/load-program.js";
import type { Program, RouteEntry, TargetText } from "../program.js";
import { Deadlines } from "./deadlines.js";
import { DomainNames } from "./domain-name.js";
import type { HttpEndpoint } from "./http-endpoint.js";
import type { LambdaFunction } from "./lambda-function.js";
import { BinaryMediaTypes } from "./media-types.js";
import { NameCache } from "./name-cache.js";
import { httpForwardName, restForwardName, restSpelling } from "./request-headers.js";
import { RequestTimes } from "./request-time.js";
import {
  type BackendName,
  httpBackendName,
  httpResultName,
  restBackendName,
  restResultName,
} from "./response-headers.js";
import { resolveText, type StageText } from "./target-text.js";
import type { Upstreams } from "./upstream.js";

export type StageVariables = Pick<LiveStage, "index" | "variables">;

/**
 * What integrations keep for one live Program: endpoint and alias texts with stage variables and environment filled
 * in, deadlines, and what the first request of a route makes for those after it. Loads nothing: what no route uses
 * stays out of the gateway.
 */
export class Targets {
  readonly deadlines: Deadlines;
  readonly times = new RequestTimes();
  readonly domains: DomainNames;
  readonly binaryTypes: BinaryMediaTypes;
  /** Spelling of a client's header in REST events. */
  readonly spellings = new NameCache(restSpelling);
  /** Names under which a client's headers go on to a backend; empty: they do not. */
  readonly forwardNames: NameCache<string>;
  /** What becomes of the headers of a backend's answer. */
  readonly backendNames: NameCache<BackendName>;
  /** Names of headers in functions' results, as they go out. */
  readonly resultNames: NameCache<string | null>;
  /** Endpoint or alias of a route, by the index of its stages. */
  readonly texts: ReadonlyMap<RouteEntry, readonly StageText[]>;
  /** Typed handlers are called with events as all others are, which shows that it makes no difference. */
  readonly makesEvents: boolean;

  /** By stage index; filled by the first request. */
  readonly functions = new Map<RouteEntry, (LambdaFunction | undefined)[]>();
  readonly endpoints = new Map<RouteEntry, (HttpEndpoint | undefined)[]>();
  /** Connection pools; opened by the first proxied request. */
  upstreams: Upstreams | undefined = undefined;
  /** Credentials and addresses of AWS services; made by the first request that calls one. */
  aws: AwsAccess | undefined = undefined;

  constructor(
    program: Program,
    stages: readonly StageVariables[],
    environment: ReadonlyMap<string, string>,
    clock: Clock,
    /** The whole environment, for AWS's own variables. */
    readonly surroundings: Environment,
  ) {
    this.makesEvents = surroundings["GATEWAY_LAMBDA_EVENTS"] === "always";
    this.deadlines = new Deadlines(clock);
    this.forwardNames = new NameCache(program.api.kind === "rest" ? restForwardName : httpForwardName);
    this.backendNames = new NameCache(program.api.kind === "rest" ? restBackendName : httpBackendName);
    this.resultNames = new NameCache(program.api.kind === "rest" ? restResultName : httpResultName);
    this.domains = new DomainNames(program.api);
    this.binaryTypes = new BinaryMediaTypes(program.api.binaryMediaTypes);
    this.texts = textsOf(program, stages, environment);
  }

  /** Text of the route in a stage; undefined when the route has none. */
  text(route: RouteEntry, stageIndex: number): StageText | undefined {
    return this.texts.get(route)?.[stageIndex];
  }

  /** Lets requests under way end, then closes connections. Idle ones close by themselves in any case. */
  async close(): Promise<void> {
    await this.upstreams?.close();
  }
}

/**
 * Called once when a host takes a Program into service; the result is `LiveProgram.targets`.
 *
 * @param stages       every stage and canary of the Program, variables resolved
 * @param environment  values of the environment variables that the Program names
 * @param surroundings  the whole environment, in which AWS's standard variables are looked up
 */
export function prepareTargets(
  program: Program,
  stages: readonly StageVariables[],
  environment: ReadonlyMap<string, string>,
  clock: Clock,
  surroundings: Environment = {},
): Targets {
  return new Targets(program, stages, environment, clock, surroundings);
}

function textsOf(program: Program, stages: readonly StageVariables[], environment: ReadonlyMap<string, string>) {
  const texts = new Map<RouteEntry, readonly StageText[]>();
  for (const route of program.routes) {
    const text = textOf(route);
    if (text === undefined) continue;
    const byStage: StageText[] = [];
    for (const { index, variables } of stages) byStage[index] = resolveText(text, variables, environment);
    texts.set(route, byStage);
  }
  return texts;
}

function textOf(route: RouteEntry): TargetText | undefined {
  return route.http?.uri ?? route.aws?.uri ?? route.lambda?.alias ?? route.lambda?.arn;
}
