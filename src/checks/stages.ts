import type { Stage, StageCache } from "../model/gateway-model.js";
import type { StageCacheSyntax, StageSyntax } from "../syntax/gateway-syntax.js";
import { checkAccessLog, socketAccessLog } from "./access-logs.js";
import { checkCanary } from "./canary.js";
import type { Checking } from "./checking.js";
import { checkCount, numberOr, ttlRange } from "./limits.js";
import { checkVariables } from "./stage-variables.js";
import { checkThrottle } from "./throttles.js";

/** Stages of the file; one without any has the default stage. */
export function checkStages(checking: Checking): readonly Stage[] {
  const { syntax, kind, report } = checking;
  const names = syntax.stages.map(({ name }) => name);
  const instead = "ask AWS to raise the quota, or deploy stages as APIs of their own";
  checkCount(names, { most: 10, what: "stages of an API", instead, canBeRaised: true }, report);
  if (names.length === 0) return [defaultStage(kind === "http" ? "$default" : "dev")];
  return syntax.stages.flatMap((stage) => {
    const checked = checkStage(stage, checking);
    return hasGoodName(stage, checking) ? [checked] : [];
  });
}

/** Letters, digits, `-` and `_`; `$default` on HTTP APIs (aws-behaviour.md section 19). */
function hasGoodName({ name }: StageSyntax, { kind, report }: Checking): boolean {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(name.text)) return true;
  if (name.text !== "$default") report("bad-stage-name", name.span, { name: name.text });
  else if (kind === "rest") {
    const instead = "give the stage a name, and map a domain's root to it for URLs without one";
    report("not-on-rest-apis", name.span, { what: "a $default stage", instead });
  }
  return name.text === "$default" && kind === "http";
}

function defaultStage(name: string): Stage {
  const none = {
    description: undefined,
    throttle: undefined,
    accessLog: undefined,
    socketAccessLog: undefined,
    cache: undefined,
    canary: undefined,
  };
  return { name, variables: [], log: "error", tracing: false, metrics: "standard", routes: [], ...none };
}

function checkStage(stage: StageSyntax, checking: Checking): Stage {
  return {
    name: stage.name.text,
    description: stage.description?.text,
    variables: checkVariables(stage.variables, checking),
    throttle: checkThrottle(stage.throttle, checking),
    log: stage.log?.value ?? "error",
    accessLog: checkAccessLog(stage.accessLog, checking),
    socketAccessLog: socketAccessLog(stage.accessLog, checking),
    tracing: stage.tracing?.value ?? false,
    metrics: stage.metrics?.value ?? "standard",
    cache: checkStageCache(stage.cache, checking),
    canary: checkCanary(stage.canary, checking),
    routes: [],
  };
}

/** In GB (section 18). */
const cacheSizes = [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237];

function checkStageCache(cache: StageCacheSyntax | undefined, { report }: Checking): StageCache | undefined {
  if (cache === undefined || cache.enabled?.value === false) return undefined;
  if (cache.size && !cacheSizes.includes(cache.size.value)) {
    report("bad-cache-size", cache.size.span, { size: cache.size.value, sizes: cacheSizes });
  }
  return {
    size: cache.size?.value ?? 0.5,
    ttlSeconds: numberOr(cache.ttl, 300, ttlRange("the cache's ttl"), report),
    encrypted: cache.encrypted?.value ?? false,
    invalidate: cache.invalidate?.value ?? "iam",
    unauthorized: cache.unauthorized?.value ?? "SUCCEED_WITH_RESPONSE_HEADER",
  };
}
