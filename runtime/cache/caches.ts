import type { StageCacheEntry } from "./cache-entry.js";
import { StageCache } from "./stage-cache.js";

/** The caches of all stages of a host, by API and stage; deployments come and go, these stay. */
export class Caches {
  readonly #byStage = new Map<string, StageCache>();

  /** @param cacheName  the stage's, or its canary's own */
  of(apiId: string, cacheName: string, entry: StageCacheEntry): StageCache {
    const name = `${apiId}/${cacheName}`;
    let cache = this.#byStage.get(name);
    if (cache === undefined) {
      cache = new StageCache(entry);
      this.#byStage.set(name, cache);
    } else cache.configure(entry);
    return cache;
  }

  /** Forgets every answer of a stage and of its canary; false when the stage has no cache. */
  flush(apiId: string, stage: string): boolean {
    let hasCache = false;
    for (const [name, cache] of this.#byStage) {
      if (name !== `${apiId}/${stage}` && !name.startsWith(`${apiId}/${stage}/`)) continue;
      cache.flush();
      hasCache = true;
    }
    return hasCache;
  }
}
