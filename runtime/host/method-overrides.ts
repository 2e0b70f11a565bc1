import { throttle } from "../limits/throttle.js";
import type { MethodOverride, Program, RouteEntry, StageEntry } from "../program.js";

/** What the pipelines of a Program have steps for. */
export interface BuiltSteps {
  /** Each of them has the step of limits. */
  readonly throttles: boolean;
  /** Keys of routes that have it though not all have. */
  readonly throttledRoutes: ReadonlySet<string>;
  /** Those of routes that keep answers have the step that does. */
  readonly caches: boolean;
}

/** Of the build; a Program that has been cut to one stage carries what it had. */
export function builtSteps({ built, stages }: Program): BuiltSteps {
  return (
    built ?? {
      throttles: stages.some((stage) => stage.throttle !== undefined),
      throttledRoutes: new Set(
        stages.flatMap(({ methods = {} }) => Object.keys(methods).filter((key) => methods[key]?.throttle)),
      ),
      caches: stages.some((stage) => stage.cache !== undefined),
    }
  );
}

/** The Program for one of its stages, with other settings than those of the build. */
export function withStage(program: Program, stage: StageEntry): Program {
  return { ...program, stages: [stage], built: builtSteps(program) };
}

/** The routes as the settings of single methods have them: those of the file's stage, and what was set by hand (UpdateStage). */
export function withMethodOverrides(program: Program): Program {
  const [stage, another] = program.stages;
  if (stage === undefined || another !== undefined || program.built === undefined) return program;
  const { built, asBuilt = program.routes } = program;
  const isAsBuilt = stage.methods === undefined && (built.throttles || stage.throttle === undefined);
  if (isAsBuilt) return asBuilt === program.routes ? program : { ...program, routes: asBuilt };
  return { ...program, routes: asBuilt.map((route) => withOverride(route, stage, built)), asBuilt };
}

function withOverride(route: RouteEntry, { methods, throttle: ofStage }: StageEntry, built: BuiltSteps): RouteEntry {
  const own: MethodOverride = methods?.[route.key] ?? {};
  const limit = own.throttle ?? route.throttle;
  const hasStep = built.throttles || route.throttle !== undefined || built.throttledRoutes.has(route.key);
  const lacksStep = !hasStep && (limit ?? ofStage) !== undefined;
  const caches = own.caching ?? methods?.["*"]?.caching ?? true;
  const ttlSeconds = own.cacheTtlSeconds ?? route.cache?.ttlSeconds;
  return {
    ...route,
    log: own.log ?? route.log,
    throttle: limit,
    cache: caches ? route.cache && { ...route.cache, ttlSeconds } : undefined,
    run: lacksStep ? throttled(route.run) : route.run,
  };
}

/** The file limits nothing, so that no pipeline has the step: it goes before the others. */
function throttled(run: RouteEntry["run"]): RouteEntry["run"] {
  return (x) => {
    const later = throttle(x);
    return later === false ? run(x) : later.then(() => run(x));
  };
}
