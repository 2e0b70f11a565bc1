import { DraftMap } from "./draft.js";

/** What a stage says of routes: of all, or of one. Undefined is what AWS has by default. */
export interface RouteSettings {
  readonly rate: number | undefined;
  readonly burst: number | undefined;
  /** As the language has it: off, error, info, debug. */
  readonly log: string | undefined;
  readonly caching: boolean | undefined;
  /** Seconds. */
  readonly ttl: number | undefined;
}

export interface StageRoutes {
  readonly stage: string;
  /** Nothing is cached without a cluster. */
  readonly hasCache: boolean;
  readonly all: RouteSettings;
  /** By the keys of routes; `* /path` is every method of a path. */
  readonly own: ReadonlyMap<string, RouteSettings>;
}

/** The part of a route that settings of stages are about. */
export interface SetRoute {
  readonly key: string;
  readonly method: string;
  readonly path: string;
}

/** What a stage's settings make of one route, as the language says it; undefined is what the stage says of all. */
export interface RouteOnStage {
  readonly rate: number | undefined;
  readonly burst: number | undefined;
  readonly log: string | undefined;
  /** Undefined where the stage has no cache. */
  readonly caching: boolean | undefined;
  /** Undefined where it is the stage's. */
  readonly ttl: number | undefined;
}

/** Settings of single routes: what all stages say alike is the route's own, the rest is each stage's. */
export interface SettledRoute {
  readonly route: RouteOnStage;
  /** By stage; those that say the same as the route are left out. */
  readonly stages: ReadonlyMap<string, RouteOnStage>;
}

/**
 * @param keys  keys of all routes: a route for any method has the settings of those methods that have no route of their own
 */
export function settleRoute(
  route: SetRoute,
  stages: readonly StageRoutes[],
  keys: ReadonlySet<string>,
): SettledRoute | undefined {
  if (stages.length === 0) return undefined;
  const each = stages.map((stage) => ({ name: stage.stage, has: stage.hasCache, on: onStage(route, stage, keys) }));
  const cached = each.filter(({ has }) => has);
  const [first] = each;
  const [firstCached] = cached;
  const limits = (on: RouteOnStage) => JSON.stringify([on.rate, on.burst, on.log]);
  const answers = (on: RouteOnStage) => JSON.stringify([on.caching, on.ttl]);
  const isOneLimit = each.every(({ on }) => first && limits(on) === limits(first.on));
  const isOneCache = cached.every(({ on }) => firstCached && answers(on) === answers(firstCached.on));
  const own: RouteOnStage = {
    rate: isOneLimit ? first?.on.rate : undefined,
    burst: isOneLimit ? first?.on.burst : undefined,
    log: isOneLimit ? first?.on.log : undefined,
    // What some stages keep, the route has to be able to keep.
    caching: isOneCache ? firstCached?.on.caching : true,
    ttl: isOneCache ? firstCached?.on.ttl : undefined,
  };
  const others = each.flatMap(({ name, has, on }) => {
    const isOther = !(isOneLimit && (isOneCache || !has));
    const other: RouteOnStage = {
      ...(isOneLimit ? { rate: undefined, burst: undefined, log: undefined } : on),
      caching: has && !isOneCache ? on.caching : undefined,
      ttl: has && !isOneCache ? on.ttl : undefined,
    };
    return isOther && Object.values(other).some((value) => value !== undefined) ? [[name, other] as const] : [];
  });
  return { route: own, stages: new Map(others) };
}

/** GET is what a stage caches by itself (developer guide, "Enabling API caching"). */
function onStage(route: SetRoute, { hasCache, all, own }: StageRoutes, keys: ReadonlySet<string>): RouteOnStage {
  const found = own.get(route.key) ?? ofAnyMethod(route, own, keys) ?? own.get(`* ${route.path}`);
  const caching = found?.caching ?? (all.caching === true && route.method === "GET");
  const isLimited = found !== undefined && (found.rate !== all.rate || found.burst !== all.burst);
  return {
    rate: isLimited ? found.rate : undefined,
    burst: isLimited ? found.burst : undefined,
    log: found?.log === all.log ? undefined : found?.log,
    caching: hasCache ? caching : undefined,
    ttl: hasCache && caching && found?.ttl !== (all.ttl ?? 300) ? found?.ttl : undefined,
  };
}

function ofAnyMethod({ method, path }: SetRoute, own: StageRoutes["own"], keys: ReadonlySet<string>) {
  if (method !== "ANY") return undefined;
  for (const [key, settings] of own) {
    const [, at] = /^[A-Z]+ (.+)$/.exec(key) ?? [];
    if (at === path && !keys.has(key)) return settings;
  }
  return undefined;
}

/** `throttle:` of a route, or of one on a stage. */
export function throttleOf({ rate, burst }: RouteOnStage): DraftMap {
  return new DraftMap().set("rate", rate).set("burst", burst);
}

/** Adds an entry to `routes:` of a stage. */
export function setStageRoute(stage: string, key: string, on: RouteOnStage, stages: DraftMap): void {
  const map = stages.get(stage);
  if (!(map instanceof DraftMap)) return;
  const known = map.get("routes");
  const routes = known instanceof DraftMap ? known : new DraftMap();
  map.setFull("routes", routes.setFull(key, stageRouteDraft(on)));
}

function stageRouteDraft(on: RouteOnStage): DraftMap {
  const cache = on.caching === false ? false : on.ttl !== undefined ? on.ttl : on.caching;
  return new DraftMap().setFull("throttle", throttleOf(on)).set("log", on.log).set("cache", cache);
}
