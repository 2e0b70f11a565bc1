import type { Clock } from "../clock.js";
import type { GatewayResponses } from "../http/gateway-responses.js";
import type { Router } from "../http/router.js";
import type { Targets } from "../integrations/prepare-targets.js";
import type { Logger } from "../observe/logger.js";
import type { Program, StageEntry } from "../program.js";
import type { Limits } from "./limits.js";

/** A Program that a host has taken into service: environment read, stage variables resolved, router laid out. */
export interface LiveProgram {
  readonly program: Program;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** By name. */
  readonly stages: ReadonlyMap<string, LiveStage>;
  /** HTTP APIs: the stage without a name in the URL. */
  readonly defaultStage: LiveStage | undefined;
  readonly router: Router;
  readonly gatewayResponses: GatewayResponses;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Values of the environment variables that the Program names, read when it was loaded; all are present. */
  readonly environment: ReadonlyMap<string, string>;
  /** Made by `prepareTargets`: what integrations keep for this Program. */
  readonly targets: Targets;
}

export interface LiveStage {
  readonly entry: StageEntry;
  /** Position in `program.stages`; texts that depend on stage variables are resolved into lists by it. */
  readonly index: number;
  readonly name: string;
  readonly variables: ReadonlyMap<string, string>;
  /** Variables as events carry them; null when there are none. */
  readonly eventVariables: Readonly<Record<string, string>> | null;
  readonly deploymentId: string;
}

/** Where request ids come from; tests pass their own. */
export interface IdSource {
  requestId(): string;
  extendedRequestId(): string;
  /** So many random hexadecimal digits, 8 to 32. */
  hex(digits: number): string;
}
