/** One case of ../shared/conformance; the shapes of `given` and `expect` depend on the area (README there). */
export interface ConformanceCase {
  readonly id: string;
  readonly area: string;
  readonly given: { readonly [name: string]: unknown };
  readonly expect: { readonly [name: string]: unknown };
  readonly provenance: string;
  readonly note?: string;
}

/** Runs one case against the real runtime. Undefined when it passes, otherwise one line that says what differs. */
export type AreaRunner = (testCase: ConformanceCase) => string | undefined | Promise<string | undefined>;

/** What `scripts/conformance/<area>.ts` exports. */
export interface AreaModule {
  readonly run: AreaRunner;
}
