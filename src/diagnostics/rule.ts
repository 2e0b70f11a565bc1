/** `error` stops the build, `warning` does not, `info` is shown on request (`gateway check --verbose`). */
export type Severity = "error" | "warning" | "info";

/**
 * One kind of diagnostic. The parameters of `message` are those that a report must give; `help` and `explain` may use
 * fewer. `explain` is the page of `gateway explain CODE`: why it matters, what AWS does, how to mend it.
 */
export interface Rule {
  readonly severity: Severity;
  // biome-ignore lint/suspicious/noExplicitAny: each rule's parameters are its own; `Params` recovers them.
  readonly message: (p: any) => string;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly help?: (p: any) => string | undefined;
  readonly explain: string;
}
