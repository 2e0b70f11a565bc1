import type { ConformanceCase } from "./case.js";

/** What a case is counted under: its area, or a feature of the area that is supported apart. */
export function featureOf({ area }: ConformanceCase): string {
  return area;
}

/**
 * Areas and features that the product does not support yet, each with the reason; none at present. Their cases are not
 * counted, and the list is printed with every run. An area leaves the list when `scripts/conformance/<area>.ts` is written; one that is
 * neither here nor there counts as failed.
 */
export const unsupportedAreas: ReadonlyMap<string, string> = new Map();
