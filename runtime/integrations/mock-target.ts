/** A MOCK integration whose answer is known at build time: the common case, with everything precomputed. */
export interface MockTarget {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}
