import type { Gateway } from "../host/gateway.js";
import type { Measures } from "../observe/measures.js";
import type { RequestFeed } from "./request-feed.js";
import type { StageRecords } from "./stage-records.js";

/** What the admin port administers. */
export interface AdminTarget {
  /** The gateway that serves now; `gateway dev` replaces it. Undefined: none does yet. */
  readonly gateway: () => Gateway | undefined;
  readonly measures: Measures | undefined;
  readonly stages: StageRecords;
  readonly requests: RequestFeed;
  /** The API's description as OpenAPI; undefined: there is none here. */
  readonly exportApi?: ((wish: ExportWish) => ExportedApi | undefined) | undefined;
}

export interface ExportWish {
  readonly apiName: string;
  readonly stage: string;
  readonly format: "json" | "yaml";
  /** Whether API Gateway's extensions are wanted. */
  readonly hasExtensions: boolean;
}

export interface ExportedApi {
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly fileName: string;
}
