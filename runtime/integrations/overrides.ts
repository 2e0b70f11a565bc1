import type { OverrideValues } from "../mapping/context-map.js";
import type { MappedParameter } from "./http-target.js";

/**
 * Mappings with what templates have overridden: an override goes before the mapping of that name
 * (aws-behaviour.md 12.3).
 *
 * @param foldsCase  names of headers are compared without regard to case
 */
export function withOverrides(
  mapped: readonly MappedParameter[],
  overrides: OverrideValues | undefined,
  foldsCase = false,
): readonly MappedParameter[] {
  if (overrides === undefined || overrides.size === 0) return mapped;
  const fold = (name: string) => (foldsCase ? name.toLowerCase() : name);
  const names = new Set([...overrides.keys()].map(fold));
  const kept = mapped.filter(({ name }) => !names.has(fold(name)));
  return [...kept, ...[...overrides].map(([name, value]) => ({ name, source: () => value }))];
}
