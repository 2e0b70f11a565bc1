/** The format of an access log, taken apart when the gateway was built. */
export interface AccessLogEntry {
  /** How values are escaped, so that none can look like a part of the line: what the format looks like decides. */
  readonly kind: "json" | "xml" | "text";
  /** Texts, and names of `$context` variables. */
  readonly parts: readonly (string | { readonly context: string })[];
}
