import type { BodyTemplate, HttpTargetResponse } from "./http-target.js";
import type { Passthrough } from "./passthrough.js";

/** A MOCK integration whose answer is known at build time: the common case, with everything precomputed. */
export interface MockTarget {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  /** Where something is known only at run time: templates and mappings for the step `mockMapped`. */
  readonly mapping?: MockMapping | undefined;
}

export interface MockMapping {
  /** By media type; the text that one yields holds the status which selects the response. */
  readonly templates: ReadonlyMap<string, BodyTemplate>;
  readonly passthrough: Passthrough;
  readonly responses: readonly HttpTargetResponse[];
}
