import type { GatewayModel, Stage } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import type { JsonValue } from "../../src/model/types.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import type { Cloud } from "./cloud.js";
import { digest, logicalName, retained, sub, type Template } from "./template.js";

/** Logical id of the WebSocket API. */
export const webSocketApi = "WebSocketApi";

/** Logical id of a stage of an API. */
export function stageId(api: string, stage: string): string {
  return `${api === "Api" ? "" : api}${stage === "$default" ? "Default" : logicalName(stage)}Stage`;
}

/**
 * The deployment of what the API is now. Its id is made of the content, so that nobody can forget to deploy; those that
 * leave the template stay on AWS, for rollbacks.
 */
export function planDeployment(
  api: string,
  type: string,
  content: JsonValue,
  owner: JsonObject,
  dependsOn: readonly string[],
  template: Template,
): string {
  const id = `${api}Deployment${digest(JSON.stringify(content)).slice(0, 10)}`;
  const more = { ...(dependsOn.length > 0 ? { DependsOn: dependsOn } : {}), ...retained };
  template.resource(id, type, owner, more);
  template.output(`${api}DeploymentId`, "Deployment of this version: a stage is brought back to it by its parameter.", {
    Ref: id,
  });
  return id;
}

/** A stage follows the newest deployment, unless its parameter names another: rollback, or v1 beside v2. */
export function deploymentOf(api: string, stage: Stage, newest: string, template: Template): JsonValue {
  const parameter = `${stageId(api, stage.name)}Deployment`;
  template.parameter(parameter, {
    description: `Id of the deployment that the stage ${stage.name} is pinned to; empty for this version.`,
    preset: "",
  });
  return { "Fn::If": [template.given(parameter), { Ref: parameter }, { Ref: newest }] };
}

/** Stages of a REST API, with all that they set. */
export function planRestStages(model: GatewayModel, newest: string, cloud: Cloud, template: Template): void {
  for (const stage of model.stages) {
    const { cache, canary } = stage;
    const id = stageId("Api", stage.name);
    template.resource(
      id,
      "AWS::ApiGateway::Stage",
      jsonObject({
        RestApiId: { Ref: "Api" },
        StageName: stage.name,
        DeploymentId: deploymentOf("Api", stage, newest, template),
        Description: stage.description,
        Variables: unlessEmpty(variablesOf(stage.variables, cloud)),
        TracingEnabled: stage.tracing ? true : undefined,
        CacheClusterEnabled: cache ? true : undefined,
        CacheClusterSize: cache ? String(cache.size) : undefined,
        MethodSettings: methodSettings(stage, model.routes),
        AccessLogSetting: accessLogSetting(id, stage.accessLog, template),
        CanarySetting: canary && {
          DeploymentId: { Ref: newest },
          PercentTraffic: canary.percent,
          StageVariableOverrides: variablesOf(canary.variables, cloud),
          UseStageCache: canary.useStageCache,
        },
      }),
    );
    template.output(
      `${id}Url`,
      `Address of the stage ${stage.name}.`,
      sub(`https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage.name}`),
    );
  }
}

export function variablesOf(variables: Stage["variables"], cloud: Cloud): JsonObject {
  return objectOf(variables.map(({ name, value }) => [name, cloud.fileText(value)] as const));
}

/** Where the log goes: a group of its own, which stays when the stage goes. */
export function accessLogSetting(id: string, format: string | undefined, template: Template): JsonObject | undefined {
  if (format === undefined) return undefined;
  const group = `${id}AccessLogs`;
  template.resource(group, "AWS::Logs::LogGroup", { RetentionInDays: 90 }, retained);
  return { DestinationArn: { "Fn::GetAtt": [group, "Arn"] }, Format: format };
}

export const logLevels = { off: "OFF", error: "ERROR", info: "INFO", debug: "INFO" } as const;

/** Settings of all methods, then those of routes that differ. */
function methodSettings(stage: Stage, routes: readonly Route[]): readonly JsonObject[] {
  const { cache, throttle } = stage;
  const common = {
    LoggingLevel: logLevels[stage.log],
    DataTraceEnabled: stage.log === "debug",
    MetricsEnabled: stage.metrics === "detailed",
    ...(cache ? { CacheDataEncrypted: cache.encrypted } : {}),
  };
  const all = jsonObject({
    ResourcePath: "/*",
    HttpMethod: "*",
    ...common,
    ThrottlingRateLimit: throttle?.rate,
    ThrottlingBurstLimit: throttle?.burst,
    CachingEnabled: cache ? false : undefined,
    CacheTtlInSeconds: cache?.ttlSeconds,
  });
  const own = routes.flatMap((route) => {
    const set = stage.routes.find(({ routeKey }) => routeKey === route.key);
    const isCached = cache !== undefined && route.cache !== undefined && set?.caching !== false;
    const ownLimit = set?.throttle ?? route.throttle;
    const limit = ownLimit ?? throttle;
    const log = set?.log ?? route.log ?? stage.log;
    if (!isCached && ownLimit === undefined && log === stage.log) return [];
    return methodsOf(route).map((method) =>
      jsonObject({
        ResourcePath: settingPath(route.path.text),
        HttpMethod: method,
        ...common,
        LoggingLevel: logLevels[log],
        DataTraceEnabled: log === "debug",
        ThrottlingRateLimit: limit?.rate,
        ThrottlingBurstLimit: limit?.burst,
        CachingEnabled: cache ? isCached : undefined,
        CacheTtlInSeconds:
          cache && isCached ? (set?.cacheTtlSeconds ?? route.cache?.ttlSeconds ?? cache.ttlSeconds) : undefined,
      }),
    );
  });
  return [all, ...own];
}

function methodsOf({ method }: Route): readonly string[] {
  return method === "ANY" ? ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] : [method];
}

/** `/~1orders~1{id}`, as MethodSetting wants paths. */
function settingPath(path: string): string {
  return path === "/" ? "/" : `/${path.replaceAll("/", "~1")}`;
}
