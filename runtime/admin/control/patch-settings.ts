import type { StageOverrides } from "../../deploy/stage-record.js";
import type { StageEntry } from "../../program.js";
import { badRequest } from "../admin-message.js";
import type { PatchOperation } from "./patch-stage.js";

/** Settings alone: variables and canaries have paths of their own. */
export type SettingChange = Omit<StageOverrides, "variables">;

/** A setting of a stage by its path in UpdateStage. @throws AdminProblem in words that say where it is set instead */
export function settingChange({ op, path, value = "" }: PatchOperation, entry: StageEntry): SettingChange {
  if (op !== "replace" && op !== "add") throw badRequest(`Invalid patch operation ${op} for ${path}`);
  if (path === "/tracingEnabled") return { tracing: flag(value) };
  const setting = /^\/\*\/\*\/(.+)$/.exec(path)?.[1];
  if (setting !== undefined) return methodSetting(setting, value, entry);
  if (/^\/[^/]+\/[A-Z*]+\/(?:logging|metrics|throttling|caching)\//.test(path)) {
    throw badRequest("settings of single methods stand in gateway.yaml, at the route; /*/* changes those of the stage");
  }
  throw badRequest(`Invalid method setting path: ${path}. Set it in gateway.yaml, or use one of: ${paths}`);
}

const paths =
  "/deploymentId, /variables/{variable_name}, /tracingEnabled, /canarySettings/…, /*/*/logging/loglevel, /*/*/logging/dataTrace, /*/*/metrics/enabled, /*/*/throttling/rateLimit, /*/*/throttling/burstLimit, /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy";

function methodSetting(setting: string, value: string, entry: StageEntry): SettingChange {
  const { log, throttle = { rate: 10_000, burst: 5_000 }, cache } = entry;
  switch (setting) {
    case "logging/loglevel":
      return { log: level(value, log) };
    case "logging/dataTrace":
      return { log: flag(value) ? "debug" : log === "debug" ? "info" : log };
    case "metrics/enabled":
      return { metrics: flag(value) ? "detailed" : "standard" };
    case "throttling/rateLimit":
      return { throttle: { ...throttle, rate: number(value, "rateLimit") } };
    case "throttling/burstLimit":
      return { throttle: { ...throttle, burst: number(value, "burstLimit") } };
  }
  if (!setting.startsWith("caching/")) throw badRequest(`Invalid method setting path: /*/*/${setting}`);
  if (cache === undefined) throw badRequest("the stage has no cache: gateway.yaml gives it one");
  switch (setting) {
    case "caching/enabled":
      return flag(value) ? { cache } : { cache: undefined };
    case "caching/ttlInSeconds": {
      const ttlSeconds = number(value, "ttlInSeconds");
      if (ttlSeconds > 3600) throw badRequest("Invalid cache TTL: 0 to 3600 seconds");
      return { cache: { ...cache, ttlSeconds } };
    }
    case "caching/dataEncrypted":
      return { cache: { ...cache, encrypted: flag(value) } };
    case "caching/requireAuthorizationForCacheControl":
      return { cache: { ...cache, invalidate: flag(value) ? "iam" : "anyone" } };
    case "caching/unauthorizedCacheControlHeaderStrategy":
      return { cache: { ...cache, unauthorized: strategy(value) } };
    default:
      throw badRequest(`Invalid method setting path: /*/*/${setting}`);
  }
}

function level(value: string, before: StageEntry["log"]): StageEntry["log"] {
  switch (value) {
    case "OFF":
      return "off";
    case "ERROR":
      return "error";
    case "INFO":
      return before === "debug" ? "debug" : "info";
    default:
      throw badRequest("Invalid logging level: OFF, ERROR or INFO");
  }
}

function strategy(value: string) {
  switch (value) {
    case "FAIL_WITH_403":
    case "SUCCEED_WITH_RESPONSE_HEADER":
    case "SUCCEED_WITHOUT_RESPONSE_HEADER":
      return value;
    default:
      throw badRequest("Invalid unauthorizedCacheControlHeaderStrategy");
  }
}

function flag(value: string): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw badRequest(`Invalid boolean: ${value}`);
}

function number(value: string, name: string): number {
  const parsed = Number(value);
  if (value !== "" && parsed >= 0 && Number.isFinite(parsed)) return parsed;
  throw badRequest(`Invalid ${name}: ${value}`);
}
