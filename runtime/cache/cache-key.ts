import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import type { RouteEntry } from "../program.js";
import type { CacheKeyPart, RouteCacheEntry } from "./cache-entry.js";

/** What a request's answer is kept under. Parts carry their length, so that no two requests share a key by chance. */
export type CacheKeyReader = (x: Exchange) => string;

type PartReader = (x: Exchange, query: readonly string[]) => string;

/** Made once a route: the method, the resource, what the route declares as keys, and who calls. */
export function cacheKeyReader(route: RouteEntry, cache: RouteCacheEntry): CacheKeyReader {
  const parts = cache.keys.map((key) => partReader(key, route));
  const readsQuery = cache.keys.some((key) => key.in === "query");
  // With the names of the keys: another deployment may have others, and finds what is kept under these.
  const resource =
    (cache.namespace === undefined ? part(route.resourcePath) : `n${part(cache.namespace)}`) +
    cache.keys.map(({ in: place, name }) => part(`${place} ${name}`)).join("");
  return (x) => {
    const query = readsQuery ? parseQuery(x.query, true) : noPairs;
    let key = part(x.method) + resource;
    for (const read of parts) key += read(x, query);
    return cache.shared || x.caller === undefined ? key : `${key}c${part(x.caller.cacheIdentity)}`;
  };
}

function partReader({ in: place, name }: CacheKeyPart, route: RouteEntry): PartReader {
  switch (place) {
    case "path": {
      const at = parameterNames(route).indexOf(name);
      return (x) => part(x.pathValues[at] ?? "");
    }
    case "query":
      return (_, query) => values(query, (other) => other === name);
    case "header":
      return (x) => headerValues(x, name);
  }
}

/** @param name  in lower case */
export function headerValues({ headers }: Exchange, name: string): string {
  return values(headers, (other) => other.length === name.length && other.toLowerCase() === name);
}

/** All values of a name, and how many they are: none is not the same as an empty one. */
function values(pairs: readonly string[], matches: (name: string) => boolean): string {
  let count = 0;
  let text = "";
  for (let at = 0; at < pairs.length; at += 2) {
    if (!matches(pairs[at] as string)) continue;
    count++;
    text += part(pairs[at + 1] as string);
  }
  return `${count};${text}`;
}

function parameterNames({ segments }: RouteEntry): readonly string[] {
  return segments
    .filter((segment) => segment.startsWith("{"))
    .map((segment) => segment.slice(1, -1).replace(/\+$/, ""));
}

function part(text: string): string {
  return `${text.length}:${text}`;
}

const noPairs: readonly string[] = [];
