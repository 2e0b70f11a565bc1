import type { StageOverrides } from "../../deploy/stage-record.js";
import { builtSteps } from "../../host/method-overrides.js";
import { accessLogEntry } from "../../observe/access-log-format.js";
import type { MethodOverride, RouteEntry, StageEntry } from "../../program.js";
import { badRequest } from "../admin-message.js";
import { noMethodSetting } from "../design/stage-patch-rules.js";
import { methodPath } from "./method-path.js";
import type { PatchedStage, PatchOperation } from "./stage-patch.js";

/** Settings alone: variables and canaries have paths of their own. */
export type SettingChange = Omit<StageOverrides, "variables">;

type Stage = Pick<PatchedStage, "program" | "routes" | "accessLog" | "takesTraces">;

/**
 * A setting of a stage, or of one of its methods, by its path in UpdateStage.
 *
 * @param entry  the stage as the operations before this one have made it
 * @throws AdminProblem in words that say where it is set instead
 */
export function settingChange(operation: PatchOperation, entry: StageEntry, stage: Stage): SettingChange {
  const { op, path, value = "" } = operation;
  if (op === "remove") return removal(path, entry, stage);
  if (op !== "replace" && op !== "add") throw badRequest(`Invalid patch operation ${op} for ${path}`);
  switch (path) {
    case "/tracingEnabled":
      return tracing(flag(value), stage);
    case "/cacheClusterEnabled":
      return cluster(flag(value), entry, stage);
    case "/cacheClusterSize":
      return { cache: { ...clusterOf(entry), maxBytes: clusterBytes(value) } };
    case "/accessLogSettings/format":
      return { [stage.accessLog]: accessLogEntry(logFormat(value)) };
    case "/accessLogSettings/destinationArn":
    case "/accessLogSettings":
      throw badRequest("access logs go where --access-log of the gateway says; /accessLogSettings/format is the line");
    case "/clientCertificateId":
      throw badRequest("certificates for backends are not supported; mutual TLS with clients stands in gateway.yaml");
  }
  const method = methodPath(path, stage.routes);
  if (method === undefined || method.setting === "") throw badRequest(`Invalid method setting path: ${path}`);
  if (method.route === undefined) return stageSetting(method.setting, value, entry);
  // Routes of an older build would leave it unread.
  if (stage.program.engine !== undefined && stage.program.engine.test === undefined)
    throw badRequest("settings of single methods need a build of this version: gateway build, gateway deploy");
  const route = stage.routes.find(({ key }) => key === method.route) as RouteEntry;
  return { methods: { [route.key]: methodSetting(method.setting, value, entry, route) } };
}

function tracing(wanted: boolean, { takesTraces }: Stage): SettingChange {
  if (!wanted || takesTraces) return { tracing: wanted };
  throw badRequest(
    "nobody takes traces: start the gateway with AWS_XRAY_DAEMON_ADDRESS or OTEL_EXPORTER_OTLP_ENDPOINT",
  );
}

/** As on AWS, a cache that has been added keeps nothing before caching is enabled. */
function cluster(wanted: boolean, entry: StageEntry, { program }: Stage): SettingChange {
  if (!wanted) return { cache: null };
  if (entry.cache !== undefined) return { cache: entry.cache };
  const isOff = entry.methods?.["*"]?.caching === false;
  if (!builtSteps(program).caches || (!isOff && program.routes.every(({ cache }) => cache === undefined)))
    throw badRequest("no route of this build keeps answers: give the stage a cache in gateway.yaml, and build");
  return { cache: newCache, methods: { "*": { caching: false } } };
}

const newCache: NonNullable<StageEntry["cache"]> = {
  ...{ maxBytes: 0.5e9, ttlSeconds: 300, encrypted: false },
  ...{ invalidate: "iam", unauthorized: "SUCCEED_WITH_RESPONSE_HEADER" },
};

function clusterOf({ cache }: StageEntry): NonNullable<StageEntry["cache"]> {
  if (cache !== undefined) return cache;
  throw badRequest("the stage has no cache: /cacheClusterEnabled gives it one");
}

/** API reference, "CreateStage": sizes in GB. */
function clusterBytes(value: string): number {
  if (["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"].includes(value)) return Number(value) * 1e9;
  throw badRequest(`Invalid cache cluster size: ${value}`);
}

/** aws-behaviour.md section 30: a line has to name its request. */
function logFormat(value: string): string {
  if (value.length > 3000) throw badRequest("the format of an access log has at most 3,000 characters");
  if (/\$(?:context\.|\{context\.)(?:requestId|extendedRequestId)\b/.test(value) && !/[\r\n]/.test(value)) return value;
  throw badRequest("Access Log format must be single line, and must contain $context.requestId");
}

function stageSetting(setting: string, value: string, entry: StageEntry): SettingChange {
  if (setting === "caching/enabled") {
    if (flag(value)) clusterOf(entry);
    return { methods: { "*": { caching: value === "true" } } };
  }
  if (!setting.startsWith("caching/")) {
    const { metrics, ...change } = common(setting, value, entry);
    return { ...change, ...(metrics && { metrics }) };
  }
  const cache = clusterOf(entry);
  switch (setting) {
    case "caching/ttlInSeconds":
      return { cache: { ...cache, ttlSeconds: ttl(value) } };
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

function methodSetting(setting: string, value: string, entry: StageEntry, route: RouteEntry): MethodOverride {
  switch (setting) {
    case "caching/enabled":
      if (flag(value)) checkCached(entry, route);
      return { caching: value === "true" };
    case "caching/ttlInSeconds":
      checkCached(entry, route);
      return { cacheTtlSeconds: ttl(value) };
    case "caching/dataEncrypted":
    case "caching/requireAuthorizationForCacheControl":
    case "caching/unauthorizedCacheControlHeaderStrategy":
      throw badRequest(`${setting} is a setting of the stage's cache: /*/*/${setting}`);
    default:
      return common(setting, value, {
        log: entry.methods?.[route.key]?.log ?? route.log ?? entry.log,
        throttle: entry.methods?.[route.key]?.throttle ?? route.throttle ?? entry.throttle,
      });
  }
}

function checkCached(entry: StageEntry, { key, cache }: RouteEntry): void {
  clusterOf(entry);
  // With the cache off for all methods the route shows none.
  const isOff = entry.methods?.[key]?.caching === false || entry.methods?.["*"]?.caching === false;
  if (cache === undefined && !isOff) throw badRequest(`${key} keeps no answers: gateway.yaml says so, at the route`);
}

/** What -1 stands for: the account's limit is all that is left (aws-behaviour.md section 33). */
const accountLimit = { rate: 10_000, burst: 5_000 };

/** Data is an addition to the lines of INFO; whoever logs less has not asked for them. */
function traced(log: StageEntry["log"]): StageEntry["log"] {
  if (log === "info" || log === "debug") return "debug";
  throw badRequest("logging/dataTrace adds to the log level INFO: set logging/loglevel to it first");
}

/** What a stage and a method have alike. */
function common(setting: string, value: string, { log, throttle }: Pick<StageEntry, "log" | "throttle">) {
  const limit = throttle ?? accountLimit;
  switch (setting) {
    case "logging/loglevel":
      return { log: level(value, log) };
    case "logging/dataTrace":
      return { log: flag(value) ? traced(log) : log === "debug" ? ("info" as const) : log };
    case "metrics/enabled":
      return { metrics: flag(value) ? ("detailed" as const) : ("standard" as const) };
    case "throttling/rateLimit":
      return { throttle: { ...limit, rate: value === "-1" ? accountLimit.rate : number(value, "rateLimit") } };
    case "throttling/burstLimit":
      return { throttle: { ...limit, burst: value === "-1" ? accountLimit.burst : number(value, "burstLimit") } };
    default:
      throw badRequest(`Invalid method setting path: ${setting}`);
  }
}

function removal(path: string, entry: StageEntry, { routes, accessLog }: Stage): SettingChange {
  if (path === "/accessLogSettings") {
    if (entry[accessLog] === undefined) throw badRequest("the stage has no access log");
    return { [accessLog]: null };
  }
  const { methods } = entry;
  const method = methodPath(path, routes);
  const key = method?.setting === "" ? method.route : undefined;
  if (key === undefined || methods?.[key] === undefined) throw noMethodSetting(path);
  return { methods: { [key]: null } };
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

function ttl(value: string): number {
  const seconds = number(value, "ttlInSeconds");
  if (seconds <= 3600 && Number.isInteger(seconds)) return seconds;
  throw badRequest("Invalid cache TTL: 0 to 3600 seconds");
}

function flag(value: string): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw badRequest(`Invalid boolean: ${value}`);
}

function number(value: string, name: string): number {
  const parsed = Number(value);
  if (value.trim() !== "" && parsed >= 0 && Number.isFinite(parsed)) return parsed;
  throw badRequest(`Invalid ${name}: ${value}`);
}
