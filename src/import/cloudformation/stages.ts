import { DraftMap } from "../draft.js";
import type { Importing } from "../importing.js";
import { type CloudPlace, cloudText, logicalId } from "../intrinsics.js";
import { isTrue, itemsOf, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import { Variables } from "../variables.js";
import { domainMap, domainsOf, ownDomain } from "./domains.js";
import type { Resource, Resources } from "./resources.js";
import { nameOf } from "./rest-api.js";

export interface StagesOf {
  readonly stages: DraftMap;
  readonly variables: Map<string, ReadonlyMap<string, string>>;
  readonly plans: DraftMap;
  readonly keys: DraftMap;
  readonly domains: DraftMap;
  /** Settings of single methods, where there is one stage: they are the routes' own. */
  readonly methods: Tree[];
}

/** Stages, plans, keys and domains of an API: what OpenAPI has no place for. */
export function readStages(api: Resource, resources: Resources, importing: Importing, place: CloudPlace): StagesOf {
  const made: StagesOf = {
    stages: new DraftMap(),
    variables: new Map(),
    plans: new DraftMap(),
    keys: new DraftMap(),
    domains: new DraftMap(),
    methods: [],
  };
  const types = ["AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Stage"];
  const stages = types.flatMap((type) => resources.belongingTo(type, api.id));
  const own = api.type.startsWith("AWS::Serverless::") && memberOf(api.properties, "StageName") ? [api] : [];
  const every = [...stages, ...own];
  for (const stage of every) readStage(stage, every.length === 1, made, importing, place);
  readPlans(made, resources, place);
  for (const domain of domainsOf(resources, place)) {
    if (!domain.isSocket) made.domains.set(domain.name, domainMap(domain, made.stages));
  }
  const domain = ownDomain(api, made.stages.entries[0]?.name, place);
  if (domain) made.domains.set(domain.name, domainMap(domain, made.stages));
  return made;
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

function readStage(
  { properties }: Resource,
  isOnly: boolean,
  made: StagesOf,
  importing: Importing,
  place: CloudPlace,
): void {
  const name = stageName(memberOf(properties, "StageName"), place);
  if (name === undefined || made.stages.has(name)) return;
  const settings = memberOf(properties, "StageDescription") ?? properties;
  const map = new DraftMap();
  map.set("description", text(memberOf(settings, "Description"), place));
  const variables = memberOf(settings, "Variables") ?? memberOf(settings, "StageVariables");
  made.variables.set(
    name,
    new Map(
      membersOf(variables).map((each) => [
        each.name,
        text(each.value, place)?.replaceAll(/\$\{stageVariables\.(\w+)\}/g, "$1") ?? each.name,
      ]),
    ),
  );
  const all = itemsOf(memberOf(settings, "MethodSettings")).find(
    (each) => textOf(memberOf(each, "ResourcePath")) === "/*" && textOf(memberOf(each, "HttpMethod")) === "*",
  );
  const defaults = all ?? memberOf(settings, "DefaultRouteSettings") ?? settings;
  const rate = numberOf(memberOf(defaults, "ThrottlingRateLimit"));
  const burst = numberOf(memberOf(defaults, "ThrottlingBurstLimit"));
  if (rate !== undefined || burst !== undefined)
    map.set("throttle", new DraftMap().set("rate", rate).set("burst", burst));
  const level = textOf(memberOf(defaults, "LoggingLevel"))?.toLowerCase();
  const trace = isTrue(memberOf(defaults, "DataTraceEnabled"));
  map.set("log", trace && level === "info" ? "debug" : level);
  const format = textOf(
    memberOf(memberOf(settings, "AccessLogSetting") ?? memberOf(settings, "AccessLogSettings"), "Format"),
  );
  map.set("accessLog", format);
  map.set("tracing", isTrue(memberOf(settings, "TracingEnabled")) ? true : undefined);
  map.set(
    "metrics",
    isTrue(memberOf(defaults, "MetricsEnabled")) || isTrue(memberOf(defaults, "DetailedMetricsEnabled"))
      ? "detailed"
      : undefined,
  );
  if (isTrue(memberOf(settings, "CacheClusterEnabled"))) {
    map.set(
      "cache",
      new DraftMap()
        .set("size", numberOf(memberOf(settings, "CacheClusterSize")))
        .set("ttl", numberOf(memberOf(defaults, "CacheTtlInSeconds")))
        .set("encrypted", isTrue(memberOf(defaults, "CacheDataEncrypted")) || undefined),
    );
  }
  const canary = memberOf(settings, "CanarySetting");
  if (canary) {
    const overrides = new DraftMap();
    for (const each of membersOf(memberOf(canary, "StageVariableOverrides")))
      overrides.set(each.name, text(each.value, place) ?? each.name);
    map.set(
      "canary",
      new DraftMap().set("percent", numberOf(memberOf(canary, "PercentTraffic")) ?? 0).setFull("variables", overrides),
    );
  }
  for (const method of itemsOf(memberOf(settings, "MethodSettings"))) {
    if (method === all) continue;
    if (isOnly) made.methods.push(method);
    else map.note(importing.leftOut(method, "settings of single methods of one of several stages"));
  }
  made.stages.set(name, map);
}

function readPlans(made: StagesOf, resources: Resources, place: CloudPlace): void {
  const names = new Map<string, string>();
  for (const plan of resources.of("AWS::ApiGateway::UsagePlan")) {
    const name = text(memberOf(plan.properties, "UsagePlanName"), place)?.replaceAll(/[^\w -]+/g, "") || plan.id;
    names.set(plan.id, name);
    const throttle = memberOf(plan.properties, "Throttle");
    const quota = memberOf(plan.properties, "Quota");
    const stages = itemsOf(memberOf(plan.properties, "ApiStages")).flatMap(
      (stage) => stageOf(memberOf(stage, "Stage"), resources, place) ?? [],
    );
    const map = new DraftMap().set("description", text(memberOf(plan.properties, "Description"), place));
    if (throttle)
      map.set(
        "throttle",
        new DraftMap()
          .set("rate", numberOf(memberOf(throttle, "RateLimit")))
          .set("burst", numberOf(memberOf(throttle, "BurstLimit"))),
      );
    if (quota) {
      const period = textOf(memberOf(quota, "Period"))?.toLowerCase();
      map.set(
        "quota",
        new DraftMap()
          .set("limit", numberOf(memberOf(quota, "Limit")) ?? 1)
          .set("period", period ?? "day")
          .set("offset", numberOf(memberOf(quota, "Offset"))),
      );
    }
    const known = stages.filter((stage) => made.stages.has(stage));
    map.set("stages", known.length > 0 ? known : undefined);
    map.setFull("routes", routeThrottles(itemsOf(memberOf(plan.properties, "ApiStages"))));
    made.plans.set(name, map);
  }
  for (const key of resources.of("AWS::ApiGateway::ApiKey")) {
    const plans = resources
      .of("AWS::ApiGateway::UsagePlanKey")
      .filter(({ properties }) => logicalId(memberOf(properties, "KeyId")) === key.id)
      .flatMap(({ properties }) => names.get(logicalId(memberOf(properties, "UsagePlanId")) ?? "") ?? []);
    const value = memberOf(key.properties, "Value");
    const variable = `${key.id.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()}`;
    const isDisabled = textOf(memberOf(key.properties, "Enabled")) === "false";
    const map = new DraftMap()
      .set("description", text(memberOf(key.properties, "Description"), place))
      .set(plans.length === 1 ? "plan" : "plans", plans.length === 1 ? plans[0] : plans.length > 0 ? plans : undefined)
      .set("value", value ? `\${env.${variable}}` : undefined)
      .set("enabled", isDisabled ? false : undefined);
    made.keys.set(nameOf(key).replaceAll(/[^\w-]+/g, "-"), map);
  }
}

/** `Throttle: { "/orders/POST": { RateLimit, BurstLimit } }` of the stages of a plan. */
function routeThrottles(stages: readonly Tree[]): DraftMap {
  const routes = new DraftMap();
  for (const stage of stages) {
    for (const { name, value } of membersOf(memberOf(stage, "Throttle"))) {
      const [, path = "", method = ""] = /^(\/.*)\/([A-Z]+)$/.exec(name.replaceAll("~1", "/")) ?? [];
      if (path === "") continue;
      const rate = numberOf(memberOf(value, "RateLimit"));
      const burst = numberOf(memberOf(value, "BurstLimit"));
      routes.set(`${method} ${path}`, new DraftMap().set("rate", rate).set("burst", burst));
    }
  }
  return routes;
}

export function stageOf(tree: Tree | undefined, resources: Resources, place: CloudPlace): string | undefined {
  const resource = resources.get(logicalId(tree));
  return stageName(resource ? memberOf(resource.properties, "StageName") : tree, place);
}
