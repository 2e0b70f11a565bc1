import type { StageSlot } from "../../host/host-table.js";
import type { LiveStage } from "../../host/live-program.js";
import { accessLogText } from "../../observe/access-log-format.js";
import type { EnvText, StageEntry } from "../../program.js";
import type { AdminTarget } from "../admin-target.js";
import { methodKey } from "./method-path.js";
import { seconds } from "./served.js";

/** A stage as GetStage tells it. */
export function stageView(
  target: AdminTarget,
  apiName: string,
  { live, canary }: StageSlot,
): Readonly<Record<string, unknown>> {
  const { entry, name, variables } = live;
  const history = target.stages.record(apiName, name)?.history ?? [];
  const [first, last] = [history[0], history.at(-1)];
  const record = target.stages.record(apiName, name);
  const described = history.findLast((step) => step.action === "deploy" && step.description !== undefined);
  const description = record?.description ?? described?.description;
  return {
    deploymentId: live.deploymentId,
    stageName: name,
    ...(description !== undefined && description !== "" && { description }),
    cacheClusterEnabled: entry.cache !== undefined,
    cacheClusterStatus: entry.cache === undefined ? "NOT_AVAILABLE" : "AVAILABLE",
    ...(entry.cache && { cacheClusterSize: String(entry.cache.maxBytes / 1e9) }),
    methodSettings: Object.fromEntries([["*/*", methodSettings(entry)], ...ownSettings(live)]),
    ...(entry.accessLog && { accessLogSettings: { format: accessLogText(entry.accessLog) } }),
    ...(variables.size > 0 && { variables: Object.fromEntries(variables) }),
    ...(canary && {
      canarySettings: {
        deploymentId: canary.live.deploymentId,
        percentTraffic: canary.entry.percent,
        stageVariableOverrides: Object.fromEntries(
          canary.entry.variables.map((variable) => [variable.name, shown(variable.value)]),
        ),
        useStageCache: canary.entry.useStageCache,
      },
    }),
    tracingEnabled: entry.tracing === true,
    ...(record?.tags && Object.keys(record.tags).length > 0 && { tags: record.tags }),
    ...(first && { createdDate: seconds(Date.parse(first.at)) }),
    ...(last && { lastUpdatedDate: seconds(Date.parse(last.at)) }),
  };
}

/** Names of the environment's variables are shown, never their values. */
export function shown(text: EnvText): string {
  return typeof text === "string"
    ? text
    : text.map((part) => (typeof part === "string" ? part : `\${env.${part.env}}`)).join("");
}

function methodSettings({ log, metrics, throttle, cache, methods }: StageEntry): MethodSettings {
  return {
    ...logSettings(log),
    metricsEnabled: metrics === "detailed",
    throttlingRateLimit: throttle?.rate ?? 10_000,
    throttlingBurstLimit: throttle?.burst ?? 5_000,
    cachingEnabled: cache !== undefined && methods?.["*"]?.caching !== false,
    cacheTtlInSeconds: cache?.ttlSeconds ?? 300,
    cacheDataEncrypted: cache?.encrypted ?? false,
    requireAuthorizationForCacheControl: cache === undefined || cache.invalidate === "iam",
    unauthorizedCacheControlHeaderStrategy: cache?.unauthorized ?? "SUCCEED_WITH_RESPONSE_HEADER",
  };
}

type MethodSettings = Readonly<Record<string, string | number | boolean>>;

function logSettings(log: StageEntry["log"]) {
  return { loggingLevel: log === "debug" ? "INFO" : log.toUpperCase(), dataTraceEnabled: log === "debug" };
}

/** Methods whose settings are not those of the stage: by the file, or by hand. */
function ownSettings({ entry, program }: LiveStage): readonly (readonly [string, MethodSettings])[] {
  const ofStage = methodSettings(entry);
  const cachesAnything = program.program.routes.some(({ cache }) => cache !== undefined);
  return program.program.routes.flatMap((route) => {
    const own = entry.methods?.[route.key];
    const { log, throttle, cache } = route;
    const isCached = entry.cache !== undefined && cache !== undefined;
    const settings: MethodSettings = {
      ...ofStage,
      ...(log !== undefined && logSettings(log)),
      ...(own?.metrics !== undefined && { metricsEnabled: own.metrics === "detailed" }),
      ...(throttle && { throttlingRateLimit: throttle.rate, throttlingBurstLimit: throttle.burst }),
      ...(cachesAnything && entry.cache !== undefined && { cachingEnabled: isCached }),
      ...(isCached && cache.ttlSeconds !== undefined && { cacheTtlInSeconds: cache.ttlSeconds }),
    };
    const isOwn = own !== undefined || Object.entries(settings).some(([name, value]) => ofStage[name] !== value);
    return isOwn ? [[methodKey(route), settings] as const] : [];
  });
}
