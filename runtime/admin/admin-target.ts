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
  /** Makes a token of the local issuer with these claims; undefined: there is none. */
  readonly mint?: ((claims: object) => string) | undefined;
  /** The API's description; undefined: there is none here. @throws AdminProblem */
  readonly exportApi?: ((wish: ExportWish) => ExportedApi | undefined) | undefined;
  /** An SDK as a ZIP archive; undefined: there is none here. */
  readonly sdk?: ((wish: SdkWish) => Uint8Array | undefined) | undefined;
}

export interface SdkWish {
  readonly deployment: string;
  /** As `sdk.languages` of gateway.yaml names it. */
  readonly language: string;
}

export interface ExportWish {
  readonly apiName: string;
  readonly stage: string;
  readonly deployment: string;
  /** `websocket`: what AWS::ApiGatewayV2 resources of the WebSocket API are made of. */
  readonly format: "oas30" | "swagger" | "websocket";
  readonly notation: "json" | "yaml";
  /** Names of GetExport's parameter `extensions`; empty: the document for consumers. */
  readonly extensions: readonly string[];
}

export interface ExportedApi {
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly fileName: string;
}
