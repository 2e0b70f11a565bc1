/** A stage's cache, as the build gives it (aws-behaviour.md section 18). */
export interface StageCacheEntry {
  /** Bytes that answers may take; AWS's sizes in GB. */
  readonly maxBytes: number;
  readonly ttlSeconds: number;
  readonly encrypted: boolean;
  /** Who may ask for a fresh answer with `Cache-Control: max-age=0`. */
  readonly invalidate: "anyone" | "iam";
  /** What happens to others who ask. */
  readonly unauthorized: "FAIL_WITH_403" | "SUCCEED_WITH_RESPONSE_HEADER" | "SUCCEED_WITHOUT_RESPONSE_HEADER";
}

/** How a route uses its stage's cache. */
export interface RouteCacheEntry {
  /** Undefined: the stage's. 0: nothing is kept. */
  readonly ttlSeconds?: number | undefined;
  /** What tells requests apart, beside method and path. */
  readonly keys: readonly CacheKeyPart[];
  /** Stands for the path: routes of one namespace share answers. */
  readonly namespace?: string | undefined;
  /** Callers share answers although the route has an authorizer. */
  readonly shared: boolean;
}

export interface CacheKeyPart {
  readonly in: "path" | "query" | "header";
  /** Headers in lower case. */
  readonly name: string;
}
