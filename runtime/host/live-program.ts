import type { Clock } from "../clock.js";
import type { Program, StageEntry } from "../program.js";

/** A Program that a host has taken into service: environment read, stage variables resolved, router laid out. */
export interface LiveProgram {
  readonly program: Program;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** By name. */
  readonly stages: ReadonlyMap<string, LiveStage>;
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
}
