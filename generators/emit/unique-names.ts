/**
 * Names for a place with rules of its own, one for each original, in order: `allowed` rewrites a name to what the place
 * takes, and a number is put behind a name that is taken already. Names that need no change keep theirs, whatever
 * comes before them.
 */
export function uniqueNames(
  originals: readonly string[],
  allowed: (name: string) => string,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const original of originals) {
    if (allowed(original) !== original) continue;
    names.set(original, original);
    taken.add(original);
  }
  for (const original of originals) {
    if (names.has(original)) continue;
    const name = freshName(allowed(original), taken);
    names.set(original, name);
    taken.add(name);
  }
  return names;
}

/** The name, or the name with the first number from 2 on that makes it new. */
export function freshName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}${number}`)) return `${name}${number}`;
}
