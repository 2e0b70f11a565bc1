import type { Model, Type } from "./types.js";

const known = new WeakMap<readonly object[], ReadonlyMap<string, unknown>>();

/** What a list of a model declares, by its names; made once for each list, as the lists of a model do not change. */
export function byName<T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  let found = known.get(list) as ReadonlyMap<string, T> | undefined;
  if (found === undefined) {
    found = new Map(list.map((entry) => [entry.name, entry]));
    known.set(list, found);
  }
  return found;
}

/** The type of a declared model. */
export function typeOf(models: readonly Model[], name: string): Type | undefined {
  return byName(models).get(name)?.type;
}
