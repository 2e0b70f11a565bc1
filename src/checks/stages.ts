import { constantText } from "../model/expressions.js";
import type { Canary, Stage, StageCache } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import type { CanarySyntax, NamedText, StageCacheSyntax, StageSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isInRange } from "./limits.js";
import { checkConfigText } from "./mapping-values.js";
import { checkThrottle } from "./routes.js";

/** Stages of the file; one without any has the default stage. */
export function checkStages(checking: Checking): readonly Stage[] {
  const { syntax, kind, report } = checking;
  const stages = syntax.stages.flatMap((stage) => {
    const isDefault = stage.name.text === "$default";
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(stage.name.text) && !(isDefault && kind === "http")) {
      report("bad-stage-name", stage.name.span, { name: stage.name.text });
      return [];
    }
    return [checkStage(stage, checking)];
  });
  return stages.length > 0 || syntax.stages.length > 0 ? stages : [defaultStage(kind === "http" ? "$default" : "dev")];
}

function defaultStage(name: string): Stage {
  const off = {
    description: undefined,
    throttle: undefined,
    accessLog: undefined,
    cache: undefined,
    canary: undefined,
  };
  return { name, variables: [], log: "error", tracing: false, metrics: "off", ...off };
}

function checkStage(stage: StageSyntax, checking: Checking): Stage {
  return {
    name: stage.name.text,
    description: stage.description?.text,
    variables: checkVariables(stage.variables, checking),
    throttle: checkThrottle(stage.throttle, checking),
    log: stage.log?.value ?? "error",
    accessLog: stage.accessLog?.text,
    tracing: stage.tracing?.value ?? false,
    metrics: stage.metrics?.value ?? "off",
    cache: checkStageCache(stage.cache, checking),
    canary: checkCanary(stage.canary, checking),
  };
}

/** Names and values as AWS takes them (aws-behaviour.md section 19); a value of the environment is checked at start. */
function checkVariables(variables: readonly NamedText[], checking: Checking): Stage["variables"] {
  return variables.flatMap(({ name, value }) => {
    if (!/^[A-Za-z0-9_]{1,64}$/.test(name.text)) checking.report("bad-stage-variable", name.span, { name: name.text });
    const text = checkConfigText(value, checking);
    if (text === undefined) return [];
    const used = text.parts.find((part) => typeof part !== "string" && part.kind === "stageVariable");
    if (used) checking.report("stage-variable-in-value", value.span, { name: name.text });
    const constant = constantText(text);
    if (constant !== undefined && !/^[A-Za-z0-9._~:/?#&=,-]{1,512}$/.test(constant)) {
      checking.report("bad-stage-variable-value", value.span, { name: name.text });
    }
    return [{ name: name.text, value: text }];
  });
}

const cacheSizes = [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237];

function checkStageCache(cache: StageCacheSyntax | undefined, { report }: Checking): StageCache | undefined {
  if (cache === undefined || cache.enabled?.value === false) return undefined;
  if (cache.size && !cacheSizes.includes(cache.size.value)) {
    report("bad-cache-size", cache.size.span, { size: cache.size.value, sizes: cacheSizes.join(", ") });
  }
  if (cache.ttl) isInRange(cache.ttl, { least: 0, most: 3600, what: "the cache's ttl, in seconds" }, report);
  return {
    size: cache.size?.value ?? 0.5,
    ttlSeconds: cache.ttl?.value ?? 300,
    encrypted: cache.encrypted?.value ?? false,
    invalidate: cache.invalidate?.value ?? "iam",
    unauthorized: cache.unauthorized?.value ?? "SUCCEED_WITH_RESPONSE_HEADER",
  };
}

function checkCanary(canary: CanarySyntax | undefined, checking: Checking): Canary | undefined {
  if (canary?.percent === undefined) return undefined;
  isInRange(canary.percent, { least: 0, most: 100, what: "the canary's percent", isReal: true }, checking.report);
  return {
    percent: canary.percent.value,
    variables: checkVariables(canary.variables, checking),
    useStageCache: canary.useStageCache?.value ?? false,
  };
}

/** Every stage defines each stage variable that the file uses; a variable that nothing can see is a warning. */
export function checkVariableUses(stages: readonly Stage[], checking: Checking): void {
  const { syntax, report, variables } = checking;
  for (const [name, spans] of variables.all()) {
    const lacking = stages.filter((stage) => !stage.variables.some((variable) => variable.name === name));
    const [stage] = lacking;
    const [first, ...others] = spans;
    if (stage === undefined || first === undefined) continue;
    const near = nearest(
      name,
      stage.variables.map((variable) => variable.name),
    );
    const notes = others.slice(0, 3).map((span) => ({ span, message: "it is used here too" }));
    report("undefined-stage-variable", first, { name, stages: lacking.map((s) => s.name), near }, { notes });
  }
  if (syntax.routes.some((route) => route.integration?.kind === "lambda")) return;
  for (const stage of syntax.stages) {
    for (const { name } of stage.variables) {
      if (!variables.all().has(name.text)) report("unused-stage-variable", name.span, { name: name.text });
    }
  }
}
