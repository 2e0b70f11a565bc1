/** Rules in front of the API, in the order in which they are asked: allow, block, rate, size, patterns. */
export interface WafRules {
  /** Addresses and CIDR blocks. */
  readonly allow: readonly string[];
  readonly block: readonly string[];
  readonly rate: { readonly limit: number; readonly windowSeconds: number } | undefined;
  readonly size: WafSizes;
  readonly patterns: readonly WafPattern[];
}

/** Most bytes of each part; undefined: any. */
export interface WafSizes {
  readonly path: number | undefined;
  readonly query: number | undefined;
  readonly headers: number | undefined;
  readonly cookies: number | undefined;
  readonly body: number | undefined;
}

export interface WafPattern {
  readonly in: "path" | "query" | "header";
  /** Lower case; undefined: every header. */
  readonly header: string | undefined;
  /** Source of a regular expression, compared without case. */
  readonly match: string;
}
