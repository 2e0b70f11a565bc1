/**
 * Chooses what a custom domain's base paths lead to: the longest one that the path begins with, whole segments only;
 * the empty one catches all (aws-behaviour.md section 24).
 *
 * @param mappings  base path without slashes at its ends → target
 */
export function longestMapping<T>(mappings: ReadonlyMap<string, T>, path: string): T | undefined {
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  for (let end = trimmed.length; end > 0; end = trimmed.lastIndexOf("/", end - 1)) {
    const target = mappings.get(trimmed.slice(0, end));
    if (target !== undefined) return target;
  }
  return mappings.get("");
}
