/** What the process that serves is told. Builds are named by number; a higher one is newer. */
export type ToServer =
  /** The file of a module that exports `program`. */
  | { readonly kind: "load"; readonly module: string; readonly number: number }
  /** The clock has been moved: so far ahead of the system's. */
  | { readonly kind: "clock"; readonly offsetMs: number }
  /** Another process has taken over: finish what is under way, and end. */
  | { readonly kind: "retire" };

/** What it answers. */
export type FromServer =
  /** It listens to messages now; what is sent before is lost in a cluster worker. */
  | { readonly kind: "ready" }
  | {
      readonly kind: "listening";
      /** Of the Program that it serves; a newer one may be on its way. */
      readonly number: number;
      readonly url: string;
      readonly adminUrl: string | undefined;
      readonly routes: readonly ServedRoute[];
    }
  /** Something that people are to know. */
  | { readonly kind: "notice"; readonly message: string }
  | { readonly kind: "swapped"; readonly number: number; readonly routes: readonly ServedRoute[] }
  | { readonly kind: "failed"; readonly number: number; readonly message: string }
  /** The port cannot be had: in use, or not allowed. */
  | { readonly kind: "unbound"; readonly message: string }
  | { readonly kind: "request"; readonly request: RequestLine };

/** In the environment of the process that serves, as JSON: its admin port. */
export const adminVariable = "GATEWAY_DEV_ADMIN";

export interface AdminSetup {
  readonly port: number;
  readonly host: string;
  /** File with what GetExport answers. */
  readonly exports: string;
  /** Folder of gateway.yaml: the local issuer's key lies below it. */
  readonly project: string;
}

export interface ServedRoute {
  readonly stage: string;
  readonly method: string;
  readonly path: string;
  readonly integration: string;
}

/** One answered request, for the terminal. No headers, no bodies: nothing secret. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly routeKey: string | undefined;
  readonly status: number;
  readonly elapsedMs: number;
}
