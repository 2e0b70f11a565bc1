/** How a serving process is set up; given to it in its environment, as JSON. */
export interface ServeSetup {
  /** Folders of projects with deployments, and bundles without. */
  readonly sources: readonly ServeSource[];
  /** Names of the stages to serve; empty: all. */
  readonly stages: readonly string[];
  readonly port: number;
  readonly host: string;
  /** Undefined: TLS is not served. */
  readonly tlsPort: number | undefined;
  /** File of the directory of principals. */
  readonly principals: string | undefined;
  readonly vpc: string | undefined;
  readonly vpcEndpoint: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly drainMs: number;
  /** Limit of all routes together; undefined: none. */
  readonly accountThrottle: { readonly rate: number; readonly burst: number } | undefined;
  /** Lag of a process beyond which it refuses requests, ms; undefined: the default. 0: never. */
  readonly maxLagMs: number | undefined;
  /** Which of the serving processes it is, from 0. */
  readonly index: number;
  /** Whether the process that started it has an admin port. */
  readonly hasAdmin: boolean;
  /** Where access logs and metrics as lines go, as `node gateway.mjs` takes them. */
  readonly accessLog: string | undefined;
  readonly emf: string | undefined;
  readonly logFileBytes: number | undefined;
  readonly logFiles: number | undefined;
}

export type ServeSource =
  | { readonly kind: "project"; readonly folder: string }
  | { readonly kind: "bundle"; readonly path: string };

export const setupVariable = "GATEWAY_SERVE_SETUP";

/** What a serving process tells the one that started it. */
export type FromWorker =
  | {
      readonly kind: "listening";
      readonly url: string;
      readonly tlsPort: number | undefined;
      readonly stages: readonly string[];
    }
  /** A stage has another deployment or other settings. */
  | { readonly kind: "followed"; readonly stage: string; readonly deployment: string }
  /** Something went wrong in it: it takes nothing new, and ends once it has answered what it has. */
  | { readonly kind: "ends" }
  /** It cannot go on: told in one line. */
  | { readonly kind: "failed"; readonly message: string };

/** What it is told. */
export type ToWorker =
  /** Another process has taken over: finish what is under way, keep the WebSocket connections until they end. */
  { readonly kind: "retire" };
