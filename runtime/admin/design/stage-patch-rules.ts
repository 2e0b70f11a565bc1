import { badRequest } from "../admin-message.js";
import { checkMembers, patchMembers } from "./member-rules.js";

/** One operation of UpdateStage. */
export interface StageOperation {
  readonly op: string;
  readonly path?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly value?: string | null | undefined;
}

/** As AWS lists them, its missing commas with them (recorded). */
const settablePaths = [
  "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings",
  "/accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled",
  "/{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel",
  "/{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds",
  "/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted",
  "/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl",
  "/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled",
  "/*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds",
  "/*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl",
  "/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled",
].join(", ");

const isSettable =
  /^\/(?:deploymentId|description|cacheClusterEnabled|cacheClusterSize|clientCertificateId|tracingEnabled|accessLogSettings(?:\/(?:destinationArn|format))?|variables\/.+|[^/]+\/(?:[A-Z]+|\*)\/(?:metrics|logging|throttling|caching)\/.+|canarySettings\/(?:percentTraffic|deploymentId|useStageCache|stageVariableOverrides\/.+))$/;

const logSettings = ["/accessLogSettings/destinationArn", "/accessLogSettings/format"];

const copyTargets = ["/deploymentId", "/variables"];
const copySources = ["/canarySettings/deploymentId", "/canarySettings/stageVariableOverrides"];

/** AWS's words for whatever is removed and is not there, its last blank with them (recorded). */
export function noMethodSetting(path: string): Error {
  return badRequest(
    `Cannot remove method setting ${path.slice(1)} because there is no method setting for this method `,
  );
}

/** Rules of UpdateStage (recorded); a promotion may remove what it copied. @throws AdminProblem */
export function checkStagePatch(
  operations: readonly StageOperation[],
  stage: { readonly hasCanary: boolean; readonly deployments?: readonly string[] | undefined },
): void {
  checkMembers(patchMembers("updateStageInput", operations));
  const isPromotion = stage.hasCanary && operations.some(({ op }) => op === "copy");
  for (const operation of operations) {
    if (isPromotion && operation.op === "remove") continue;
    checkOperation(operation, stage.hasCanary);
    const isDeployment =
      /^\/(?:canarySettings\/)?deploymentId$/.test(operation.path ?? "") && operation.op === "replace";
    if (isDeployment && stage.deployments && !stage.deployments.includes(operation.value ?? ""))
      throw badRequest("Deployment id does not exist");
  }
}

function checkOperation({ op, from, ...operation }: StageOperation, hasCanary: boolean): void {
  const path = operation.path ?? "";
  const [, section, setting] = path.split("/");
  if (op === "copy") {
    if (!copyTargets.includes(path) || !copySources.includes(from ?? "")) {
      throw badRequest(
        `Invalid copy operation with path: ${path} and from ${from ?? "null"}. Valid copy:path are [${copyTargets.join(", ")}] and valid copy:from are [${copySources.join(", ")}]`,
      );
    }
    if (!hasCanary) throw badRequest("Promotion not available. Canary does not exist.");
  } else if (op === "remove") {
    const isPart = path.startsWith("/canarySettings/") && !path.startsWith("/canarySettings/stageVariableOverrides/");
    const isLog = section === "accessLogSettings" && setting !== undefined && setting !== "format";
    if (!isPart && !isLog) return;
    throw noMethodSetting(path);
  } else if (op === "add" && path === "/canarySettings/deploymentId") {
    throw badRequest(`Invalid add operation with path: ${path}`);
  } else if (section === "accessLogSettings") {
    if (!logSettings.includes(path))
      throw badRequest(`Invalid accessLogSettings path. Must be one of : [${logSettings.join(", ")}]`);
    if (!operation.value) throw badRequest("Access Log value must not be empty");
  } else if (!isSettable.test(path)) {
    throw badRequest(`Invalid method setting path: ${path}. Must be one of: [${settablePaths}]`);
  }
}
