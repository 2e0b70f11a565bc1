import { DraftMap } from "../draft.js";
import { type CloudPlace, logicalId } from "../intrinsics.js";
import { itemsOf, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import { environmentName } from "./environment.js";
import type { Resource, Resources } from "./resources.js";
import { nameOf } from "./rest-api.js";
import { type StagesOf, stageOf, text } from "./stages.js";

/** Usage plans and API keys; values of keys are the environment's. */
export function readPlans(
  made: Pick<StagesOf, "stages" | "plans" | "keys">,
  api: Resource,
  resources: Resources,
  place: CloudPlace,
): void {
  samPlan(made, api, place);
  const names = new Map<string, string>();
  for (const plan of resources.of("AWS::ApiGateway::UsagePlan")) {
    const name = planName(plan.properties, plan.id, place);
    names.set(plan.id, name);
    const stages = itemsOf(memberOf(plan.properties, "ApiStages")).flatMap(
      (stage) => stageOf(memberOf(stage, "Stage"), resources, place) ?? [],
    );
    const map = planDraft(plan.properties, place);
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
    const isDisabled = textOf(memberOf(key.properties, "Enabled")) === "false";
    const map = new DraftMap()
      .set("description", text(memberOf(key.properties, "Description"), place))
      .set(plans.length === 1 ? "plan" : "plans", plans.length === 1 ? plans[0] : plans.length > 0 ? plans : undefined)
      .set("value", value ? `\${env.${environmentName(key.id)}}` : undefined)
      .set("enabled", isDisabled ? false : undefined);
    made.keys.set(nameOf(key).replaceAll(/[^\w-]+/g, "-"), map);
  }
}

/** `Auth.UsagePlan` of a SAM API: a plan of its own, with one key. A plan that several APIs share is this one's here. */
function samPlan(made: Pick<StagesOf, "plans" | "keys">, { id, properties }: Resource, place: CloudPlace): void {
  const plan = memberOf(memberOf(properties, "Auth"), "UsagePlan");
  const wanted = textOf(memberOf(plan, "CreateUsagePlan"));
  if (wanted !== "PER_API" && wanted !== "SHARED") return;
  const name = planName(plan, `${id}UsagePlan`, place);
  made.plans.set(name, planDraft(plan, place));
  made.keys.set(`${id}ApiKey`, new DraftMap().set("plan", name));
}

function planName(properties: Tree | undefined, id: string, place: CloudPlace): string {
  return text(memberOf(properties, "UsagePlanName"), place)?.replaceAll(/[^\w -]+/g, "") || id;
}

/** What a plan limits, whichever stages it is for. */
function planDraft(properties: Tree | undefined, place: CloudPlace): DraftMap {
  const map = new DraftMap().set("description", text(memberOf(properties, "Description"), place));
  const throttle = memberOf(properties, "Throttle");
  if (throttle)
    map.set(
      "throttle",
      new DraftMap()
        .set("rate", numberOf(memberOf(throttle, "RateLimit")))
        .set("burst", numberOf(memberOf(throttle, "BurstLimit"))),
    );
  const quota = memberOf(properties, "Quota");
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
  return map;
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
