import type { CanaryEntry, Program, RouteEntry, StageEntry } from "../../program.js";

/** One operation of UpdateStage (RFC 6902 in AWS's reading: paths are of the stage's description). */
export interface PatchOperation {
  readonly op: "add" | "remove" | "replace" | "copy" | "move" | "test";
  readonly path: string;
  readonly value?: string | undefined;
  readonly from?: string | undefined;
}

/** What a stage is now, which its record may leave to the build. */
export interface PatchedStage {
  readonly entry: StageEntry;
  readonly program: Program;
  /** Those whose settings may be changed, and where the format of their access log stands: of the API, or of the WebSocket API beside it. */
  readonly routes: readonly RouteEntry[];
  readonly accessLog: "accessLog" | "socketAccessLog";
  /** Whether anybody is there that traced requests are sent to. */
  readonly takesTraces: boolean;
  readonly canary: CanaryEntry | undefined;
  /** What the file says of canaries of the stage: who stays on a side, and who may choose one. */
  readonly declared?: Pick<CanaryEntry, "sticky" | "header"> | undefined;
  /** Ids of what may be deployed. */
  readonly deployments: readonly string[];
}
