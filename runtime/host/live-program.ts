import type { Network } from "../auth/guards.js";
import type { IamService } from "../auth/iam/iam-service.js";
import type { LiveAuthorizers } from "../auth/live-authorizers.js";
import type { CompiledPolicy } from "../auth/policy/index.js";
import type { Waf } from "../auth/waf/waf.js";
import type { StageCacheEntry } from "../cache/cache-entry.js";
import type { CacheKeyReader } from "../cache/cache-key.js";
import type { StageCache } from "../cache/stage-cache.js";
import type { Clock } from "../clock.js";
import type { GatewayResponses } from "../http/gateway-responses.js";
import type { Router } from "../http/router.js";
import type { Targets } from "../integrations/prepare-targets.js";
import type { Admission } from "../limits/admission.js";
import type { Logger } from "../observe/logger.js";
import type { Sampler } from "../observe/sampler.js";
import type { Program, RouteEntry, StageEntry } from "../program.js";
import type { State } from "../state/state.js";
import type { Connections } from "../websocket/connections.js";
import type { LiveWebSocket } from "../websocket/web-socket-program.js";
import type { Limits } from "./limits.js";

/** A Program that a host has taken into service: environment read, stage variables resolved, router laid out. */
export interface LiveProgram {
  readonly program: Program;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** By name. */
  readonly stages: ReadonlyMap<string, LiveStage>;
  /** Canaries by the name of their stage, where the same Program serves both. */
  readonly canaries: ReadonlyMap<string, LiveStage>;
  readonly router: Router;
  readonly gatewayResponses: GatewayResponses;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Values of the environment variables that the Program names, read when it was loaded; all are present. */
  readonly environment: ReadonlyMap<string, string>;
  /** What authorizers keep for this Program. */
  readonly authorizers: LiveAuthorizers;
  /** Made by `prepareTargets`: what integrations keep for this Program. */
  readonly targets: Targets;
  /** Principals and signing keys; undefined: no route is signed. */
  readonly iam: IamService | undefined;
  /** The resource policy. */
  readonly policy: CompiledPolicy | undefined;
  readonly waf: Waf | undefined;
  readonly network: Network;
  /** The host's: what requests, processes and nodes share. */
  readonly state: State;
  /** Decides which requests of traced stages are traced; undefined: none are, nobody takes traces. */
  readonly sampler: Sampler | undefined;
  /** Readers of cache keys, by route; made by the first request. */
  readonly cacheKeys: Map<RouteEntry, CacheKeyReader>;
  /** API keys, usage plans and throttles of this Program, as handles into the State. */
  readonly admission: Admission;
  /** The WebSocket API of the Program. */
  readonly websocket: LiveWebSocket | undefined;
  /** The WebSocket connections of all nodes, which the host owns. */
  readonly connections: Connections | undefined;
}

/**
 * A stage with what is deployed to it, or the canary beside it, which is a stage of the same name. A host may serve
 * stages of many Programs; a deployment puts another LiveStage in the place of this one.
 */
export interface LiveStage {
  readonly program: LiveProgram;
  readonly entry: StageEntry;
  /** Position in the Program's list of stages and canaries; texts that depend on stage variables are listed by it. */
  readonly index: number;
  readonly name: string;
  readonly variables: ReadonlyMap<string, string>;
  /** Variables as events carry them; null when there are none. */
  readonly eventVariables: Readonly<Record<string, string>> | null;
  readonly deploymentId: string;
  /** `$context.isCanaryRequest`, and the dimension that keeps a canary's metrics and logs apart. */
  readonly isCanary: boolean;
  /** Whether a canary stands beside it; `$context.isCanaryRequest` has no value otherwise. */
  readonly hasCanary: boolean;
  /** Undefined: the stage keeps no answers. */
  readonly cache: { readonly entry: StageCacheEntry; readonly store: StageCache } | undefined;
  /** What cached answers are kept under: a canary has the stage's name only where it shares the stage's cache. */
  readonly cacheName: string;
}

/** Where request ids come from; tests pass their own. */
export interface IdSource {
  requestId(): string;
  extendedRequestId(): string;
  /** So many random hexadecimal digits, 8 to 32. */
  hex(digits: number): string;
}
