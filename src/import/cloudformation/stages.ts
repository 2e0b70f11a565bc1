import { accessLogFormat, accessLogFormats, socketAccessLogFormat } from "../../model/access-log-formats.js";
import { DraftMap } from "../draft.js";
import type { Importing } from "../importing.js";
import { type CloudPlace, cloudText, logicalId } from "../intrinsics.js";
import type { StageRoutes } from "../stage-routes.js";
import { isTrue, itemsOf, madeMap, madeScalar, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import { Variables } from "../variables.js";
import { distributionsOf } from "./distributions.js";
import { domainMap, domainsOf, ownDomain } from "./domains.js";
import { environmentName } from "./environment.js";
import { readPlans } from "./plans.js";
import type { Resource, Resources } from "./resources.js";
import { isForAll, settingsOf, stageRoutesOf } from "./route-settings.js";
import { eventsOf } from "./serverless.js";

export interface StagesOf {
  readonly stages: DraftMap;
  readonly variables: Map<string, ReadonlyMap<string, string>>;
  readonly plans: DraftMap;
  readonly keys: DraftMap;
  readonly domains: DraftMap;
  /** What stages say of single routes, and of all. */
  readonly routes: StageRoutes[];
}

/** Stages, plans, keys and domains of an API: what OpenAPI has no place for. */
export function readStages(api: Resource, resources: Resources, importing: Importing, place: CloudPlace): StagesOf {
  const made: StagesOf = {
    stages: new DraftMap(),
    variables: new Map(),
    plans: new DraftMap(),
    keys: new DraftMap(),
    domains: new DraftMap(),
    routes: [],
  };
  for (const stage of [...stageResources(api, resources), ...samStage(api)]) readStage(stage, made, resources, place);
  const [only] = made.routes;
  if (api.type === "AWS::Serverless::HttpApi" && only)
    made.routes[0] = { ...only, own: new Map([...only.own, ...eventSettings(api, resources)]) };
  readPlans(made, api, resources, place);
  const found = [...domainsOf(resources, place), ...distributionsOf(api.id, resources, importing, place)];
  for (const domain of found) {
    if (!domain.isSocket) made.domains.set(domain.name, domainMap(domain, made.stages));
  }
  const domain = ownDomain(api, made.stages.entries[0]?.name, place);
  if (domain) made.domains.set(domain.name, domainMap(domain, made.stages));
  return made;
}

/** The stage that SAM makes of an API: HTTP APIs have `$default` where they name none, as the REST API of events has `Prod`. */
function samStage(api: Resource): readonly Resource[] {
  if (!api.type.startsWith("AWS::Serverless::")) return [];
  if (memberOf(api.properties, "StageName")) return [api];
  const name = api.type === "AWS::Serverless::HttpApi" ? "$default" : "Prod";
  const members = membersOf(api.properties).map(({ name: member, value }) => [member, value] as const);
  return [{ ...api, properties: madeMap(api.tree, [...members, ["StageName", madeScalar(api.tree, name)]]) }];
}

/** `RouteSettings` of the events of an HTTP API, by the keys of their routes. */
function eventSettings(api: Resource, resources: Resources) {
  const id = resources.get(api.id) === undefined ? undefined : api.id;
  return eventsOf("HttpApi", id, resources).flatMap(({ method, path, properties }) => {
    const settings = memberOf(properties, "RouteSettings");
    const key = path === "/$default" ? "$default" : `${method.toUpperCase()} ${path}`;
    return settings ? [[key, settingsOf(settings)] as const] : [];
  });
}

function stageResources(api: Resource, resources: Resources): readonly Resource[] {
  const types = ["AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Stage"];
  return types.flatMap((type) => resources.belongingTo(type, api.id));
}

/** What the stages of a WebSocket API say of its routes. */
export function socketStageRoutes(socket: Resource, resources: Resources, place: CloudPlace): readonly StageRoutes[] {
  return stageResources(socket, resources).flatMap(({ properties }) => {
    const name = stageName(memberOf(properties, "StageName"), place);
    return name === undefined ? [] : [stageRoutesOf(name, properties)];
  });
}

export function text(tree: Tree | undefined, place: CloudPlace): string | undefined {
  return cloudText(tree, place, new Variables());
}

function stageName(tree: Tree | undefined, place: CloudPlace): string | undefined {
  const name = text(tree, place);
  if (name === undefined) return undefined;
  return name === "$default"
    ? name
    : name.replaceAll(/\$\{stageVariables\.(\w+)\}/g, "$1").replaceAll(/[^A-Za-z0-9_-]+/g, "-");
}

function readStage(stage: Resource, made: StagesOf, resources: Resources, place: CloudPlace): void {
  const { properties } = stage;
  const name = stageName(memberOf(properties, "StageName"), place);
  if (name === undefined || made.stages.has(name)) return;
  const settings = memberOf(properties, "StageDescription") ?? properties;
  const routes = stageRoutesOf(name, settings);
  const { rate, burst, log, ttl } = routes.all;
  const map = new DraftMap();
  map.set("description", text(memberOf(settings, "Description"), place));
  const variables = memberOf(settings, "Variables") ?? memberOf(settings, "StageVariables");
  made.variables.set(name, variablesOf(variables, resources, place));
  map.setFull("throttle", new DraftMap().set("rate", rate).set("burst", burst));
  map.set("log", log);
  map.set("accessLog", accessLogOf(settings));
  map.set("tracing", isTrue(memberOf(settings, "TracingEnabled")) ? true : undefined);
  map.set("metrics", isDetailed(settings) ? "detailed" : undefined);
  if (routes.hasCache) {
    const encrypted = isTrue(memberOf(allMethods(settings), "CacheDataEncrypted"));
    const size = numberOf(memberOf(settings, "CacheClusterSize"));
    map.set(
      "cache",
      new DraftMap()
        .set("size", size)
        .set("ttl", ttl)
        .set("encrypted", encrypted || undefined),
    );
  }
  const canary = memberOf(settings, "CanarySetting");
  if (canary) {
    const overrides = variablesOf(memberOf(canary, "StageVariableOverrides"), resources, place);
    const variablesOfCanary = new DraftMap();
    for (const [variable, value] of overrides) variablesOfCanary.set(variable, value);
    map.set(
      "canary",
      new DraftMap()
        .set("percent", numberOf(memberOf(canary, "PercentTraffic")) ?? 0)
        .setFull("variables", variablesOfCanary)
        .set("useStageCache", isTrue(memberOf(canary, "UseStageCache")) || undefined),
    );
  }
  made.routes.push(routes);
  made.stages.set(name, map);
}

/** Values of stage variables: what somebody gives to the stack, unless it has a default, is the environment's. */
function variablesOf(tree: Tree | undefined, resources: Resources, place: CloudPlace): ReadonlyMap<string, string> {
  return new Map(
    membersOf(tree).map(({ name, value }) => {
      const written = text(value, place)?.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_, id: string) =>
        resources.isGiven(id) ? `\${env.${environmentName(id)}}` : id,
      );
      return [name, written ?? name];
    }),
  );
}

/** By its name, where it is one of AWS's. */
function accessLogOf(settings: Tree | undefined): string | undefined {
  const setting = memberOf(settings, "AccessLogSetting") ?? memberOf(settings, "AccessLogSettings");
  const format = textOf(memberOf(setting, "Format"));
  const named = accessLogFormats.find((name) =>
    [accessLogFormat(name, "rest"), accessLogFormat(name, "http"), socketAccessLogFormat(name)].some(
      (each) => each === format,
    ),
  );
  return named ?? format;
}

function allMethods(settings: Tree | undefined): Tree | undefined {
  return itemsOf(memberOf(settings, "MethodSettings")).find(isForAll) ?? settings;
}

function isDetailed(settings: Tree | undefined): boolean {
  const defaults = memberOf(settings, "DefaultRouteSettings");
  return (
    isTrue(memberOf(allMethods(settings), "MetricsEnabled")) || isTrue(memberOf(defaults, "DetailedMetricsEnabled"))
  );
}

export function stageOf(tree: Tree | undefined, resources: Resources, place: CloudPlace): string | undefined {
  const resource = resources.get(logicalId(tree));
  return stageName(resource ? memberOf(resource.properties, "StageName") : tree, place);
}
