import type { StageSlot } from "../../host/host-table.js";
import type { EnvText, StageEntry } from "../../program.js";
import type { AdminTarget } from "../admin-target.js";
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
  const description = history.findLast((step) => step.description !== undefined)?.description;
  const settings = methodSettings(entry);
  return {
    deploymentId: live.deploymentId,
    stageName: name,
    ...(description !== undefined && { description }),
    cacheClusterEnabled: entry.cache !== undefined,
    cacheClusterStatus: entry.cache === undefined ? "NOT_AVAILABLE" : "AVAILABLE",
    ...(entry.cache && { cacheClusterSize: String(entry.cache.maxBytes / 1e9) }),
    methodSettings: settings === undefined ? {} : { "*/*": settings },
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
    ...(first && { createdDate: seconds(Date.parse(first.at)) }),
    ...(last && { lastUpdatedDate: seconds(Date.parse(last.at)) }),
  };
}

/** Names of the environment's variables are shown, never their values. */
function shown(text: EnvText): string {
  return typeof text === "string"
    ? text
    : text.map((part) => (typeof part === "string" ? part : `\${env.${part.env}}`)).join("");
}

function methodSettings({ log, metrics, throttle, cache }: StageEntry): object | undefined {
  return {
    loggingLevel: log === "debug" ? "INFO" : log.toUpperCase(),
    dataTraceEnabled: log === "debug",
    metricsEnabled: metrics === "detailed",
    throttlingRateLimit: throttle?.rate ?? 10_000,
    throttlingBurstLimit: throttle?.burst ?? 5_000,
    cachingEnabled: cache !== undefined,
    cacheTtlInSeconds: cache?.ttlSeconds ?? 300,
    cacheDataEncrypted: cache?.encrypted ?? false,
    requireAuthorizationForCacheControl: cache === undefined || cache.invalidate === "iam",
    unauthorizedCacheControlHeaderStrategy: cache?.unauthorized ?? "SUCCEED_WITH_RESPONSE_HEADER",
  };
}
