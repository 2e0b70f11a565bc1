import { throttle } from "../limits/throttle.js";
import type { MethodOverride, Program, RouteEntry, StageEntry } from "../program.js";

/** What the pipelines of a Program have steps for. */
export interface BuiltSteps {
  /** Each of them has the step of limits. */
  readonly throttles: boolean;
  /** Those of routes that keep answers have the step that does. */
  readonly caches: boolean;
}

/** Of the build; a Program that has been cut to one stage carries what it had. */
export function builtSteps({ built, stages }: Program): BuiltSteps {
  return (
    built ?? {
      throttles: stages.some((stage) => stage.throttle !== undefined),
      caches: stages.some((stage) => stage.cache !== undefined),
    }
  );
}

/** The Program for one of its stages, with other settings than those of the build. */
export function withStage(program: Program, stage: StageEntry): Program {
  return { ...program, stages: [stage], built: builtSteps(program) };
}

/** The routes as the settings of single methods have them, which were set by hand (UpdateStage). */
export function withMethodOverrides(program: Program): Program {
  const [stage, another] = program.stages;
  if (stage === undefined || another !== undefined || program.built === undefined) return program;
  const { throttles } = program.built;
  if (stage.methods === undefined && (throttles || stage.throttle === undefined)) return program;
  return { ...program, routes: program.routes.map((route) => withOverride(route, stage, throttles)) };
}

function withOverride(route: RouteEntry, { methods, throttle: ofStage }: StageEntry, throttles: boolean): RouteEntry {
  const own: MethodOverride = methods?.[route.key] ?? {};
  const limit = own.throttle ?? route.throttle;
  const lacksStep = !throttles && route.throttle === undefined && (limit ?? ofStage) !== undefined;
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
